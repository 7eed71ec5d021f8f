import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, nameRole } from '../../src/access/decide.ts';
import type { HeldRole, Resource } from '../../src/access/roles.ts';
import { decisions } from '../fixtures/access/decisions.ts';
import { knownRole, knownRoles, permission, resource, strangeText } from './arbitrary-roles.ts';

/** `permission: reason` of every row that gives a permission, as of org acme, app shop and type production. */
const given = new Set(decisions.filter(row => row.allowed).map(row => `${row.permission}: ${row.reason}`));

const inNamesOfTheTable = (reason: string, { org, app, envType }: Resource): string =>
  reason
    .replaceAll(`of org '${org}'`, "of org 'acme'")
    .replaceAll(`of app '${app}'`, "of app 'shop'")
    .replaceAll(`of environment type '${envType}'`, "of environment type 'production'");

const without = (roles: readonly HeldRole[], names: string, { org }: Resource): readonly HeldRole[] =>
  roles.filter(role => role.org !== org || !names.split(' and ').includes(nameRole(role)));

test('no permission is given without a row of the table, nor without holding what its reason names', () => {
  fc.assert(
    fc.property(knownRoles, permission, resource, (roles, asked, on) => {
      const decision = decide(roles, asked, on);
      if (!decision.allowed) return;
      expect(given).toContain(`${asked}: ${inNamesOfTheTable(decision.reason, on)}`);
      const names = roles.filter(role => role.org === on.org).map(nameRole);
      for (const name of decision.reason.split(' and ')) expect(names).toContain(name);
    }),
    { numRuns: 3_000 },
  );
});

test('no permission survives the removal of its role', () => {
  fc.assert(
    fc.property(knownRoles, permission, resource, (roles, asked, on) => {
      let left = roles;
      let decision = decide(left, asked, on);
      for (let round = 0; decision.allowed; round++) {
        expect(round).toBeLessThan(roles.length);
        const before = decision.reason;
        left = without(left, before, on);
        decision = decide(left, asked, on);
        // What still allows it is another role, never the one that was taken away.
        if (decision.allowed) expect(decision.reason).not.toBe(before);
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each(decisions.filter(row => row.allowed).map(row => [row.permission, row.reason, row] as const))(
  '%s as %s ends with the role',
  (_permission, reason, row) => {
    expect(decide(without(row.roles, reason, row.resource), row.permission, row.resource).allowed).toBe(false);
  },
);

test('without a role of the org, every role in it is dead, and the org is not to be seen', () => {
  fc.assert(
    fc.property(knownRoles, permission, resource, (roles, asked, on) => {
      const left = roles.filter(role => role.scope !== 'org' || role.org !== on.org);
      expect(decide(left, asked, on)).toMatchObject({ allowed: false, visible: false });
    }),
  );
});

test('roles of another org never matter, nor do those of another app or type', () => {
  fc.assert(
    fc.property(knownRoles, permission, resource, (roles, asked, on) => {
      const here = roles.filter(
        role =>
          role.org === on.org &&
          (role.scope === 'org' || (role.scope === 'app' ? role.app === on.app : role.envType === on.envType)),
      );
      expect(decide(roles, asked, on)).toEqual(decide(here, asked, on));
    }),
    { numRuns: 2_000 },
  );
});

test('text that is no role allows nothing and changes nothing', () => {
  fc.assert(
    fc.property(knownRoles, knownRole, strangeText, permission, resource, (roles, place, role, asked, on) => {
      expect(decide([{ ...place, role }], asked, on)).toMatchObject({ allowed: false, visible: false });
      expect(decide([...roles, { ...place, role }], asked, on)).toEqual(decide(roles, asked, on));
    }),
    { numRuns: 1_000 },
  );
});

test('more roles never allow less, and their order does not matter', () => {
  fc.assert(
    fc.property(knownRoles, knownRole, permission, resource, (roles, more, asked, on) => {
      const before = decide(roles, asked, on);
      if (before.allowed) expect(decide([more, ...roles], asked, on).allowed).toBe(true);
      expect(decide(roles.toReversed(), asked, on).allowed).toBe(before.allowed);
    }),
    { numRuns: 1_000 },
  );
});
