import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../src/access/decide.ts';
import { holds, mayGrant } from '../../src/access/holds.ts';
import { PERMISSIONS } from '../../src/access/permissions.ts';
import type { HeldRole, Resource } from '../../src/access/roles.ts';
import { grantCases, heldCases } from '../fixtures/access/held.ts';
import { everyResource, everyRole, knownRole, knownRoles, strangeText, withMembership } from './arbitrary-roles.ts';

const text = (roles: readonly HeldRole[]): string =>
  roles.map(role => Object.values(role).join(' ')).join(', ') || 'nobody';

test.each(heldCases.map(row => [text(row.roles), text([row.wanted]), row] as const))('%s and %s', (_a, _b, row) => {
  expect(holds(row.roles, row.wanted)).toBe(row.holds);
});

test.each(grantCases.map(row => [text(row.roles), text([row.wanted]), row] as const))('%s grants %s', (_a, _b, row) => {
  expect(mayGrant(row.roles, row.wanted)).toBe(row.may);
});

const atMost = (a: HeldRole, b: HeldRole): boolean => holds(withMembership(b), a);
const same = (a: HeldRole, b: HeldRole): boolean => text([a]) === text([b]);

test('holding is a partial order of the roles', () => {
  for (const a of everyRole) {
    expect(atMost(a, a)).toBe(true);
    for (const b of everyRole) {
      if (!atMost(a, b)) continue;
      if (atMost(b, a)) expect(same(a, b), `${text([a])} and ${text([b])}`).toBe(true);
      for (const c of everyRole) if (atMost(b, c)) expect(atMost(a, c)).toBe(true);
    }
  }
});

const allowed = (roles: readonly HeldRole[], [permission, resource]: Asked): boolean =>
  decide(roles, permission, resource).allowed;

type Asked = readonly [(typeof PERMISSIONS)[number], Resource];

const everything: readonly Asked[] = PERMISSIONS.flatMap(permission =>
  everyResource.map((resource): Asked => [permission, resource]),
);

test('whoever holds all that another has may all that the other may', () => {
  fc.assert(
    fc.property(knownRoles, knownRoles, (roles, others) => {
      const held = others.filter(role => holds(roles, role));
      for (const asked of everything)
        if (allowed(held, asked)) expect(allowed(roles, asked), asked.join(' ')).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('nobody grants more than they hold: what they grant, together, allows nothing that they may not do', () => {
  fc.assert(
    fc.property(knownRoles, roles => {
      const granted = everyRole.filter(role => mayGrant(roles, role));
      for (const role of granted) expect(holds(roles, role)).toBe(true);
      const member = granted.flatMap(withMembership);
      for (const asked of everything) {
        if (allowed(member, asked)) expect(allowed(roles, asked), asked.join(' ')).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test('nobody without a role of the org holds or grants anything in it', () => {
  fc.assert(
    fc.property(knownRoles, knownRole, (roles, wanted) => {
      const left = roles.filter(role => role.scope !== 'org' || role.org !== wanted.org);
      expect(holds(left, wanted)).toBe(false);
      expect(mayGrant(left, wanted)).toBe(false);
    }),
  );
});

test('only an administrator holds, and may take away, what is no role', () => {
  fc.assert(
    fc.property(knownRoles, knownRole, strangeText, (roles, place, role) => {
      const administrates = roles.some(held => held.org === place.org && held.role === 'administrator');
      expect(holds(roles, { ...place, role })).toBe(administrates);
      expect(mayGrant(roles, { ...place, role })).toBe(administrates);
      expect(holds([{ ...place, role }], place)).toBe(false);
    }),
  );
});
