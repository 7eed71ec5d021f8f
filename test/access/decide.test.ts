import { expect, test } from 'vitest';
import { decide } from '../../src/access/decide.ts';
import { PERMISSIONS } from '../../src/access/permissions.ts';
import type { HeldRole } from '../../src/access/roles.ts';
import { decisions } from '../fixtures/access/decisions.ts';

const nameOf = (role: HeldRole): string =>
  `${role.role}@${[role.org, role.scope === 'app' ? role.app : '', role.scope === 'env-type' ? role.envType : ''].filter(part => part !== '').join('/')}`;

for (const { roles, permission, resource, allowed, hidden, reason } of decisions) {
  const who = roles.map(nameOf).join(' + ') || 'nobody';
  test(`${who}: ${permission} on ${Object.values(resource).join('/')} -> ${allowed ? 'yes' : 'no'}`, () => {
    expect(decide(roles, permission, resource)).toEqual({
      allowed,
      ...(allowed ? {} : { visible: !hidden }),
      reason: expect.stringContaining(reason),
    });
  });
}

test('the table speaks of every permission, given and refused', () => {
  const spokenOf = (allowed: boolean) =>
    new Set(decisions.filter(row => row.allowed === allowed).map(row => row.permission));
  expect([...spokenOf(true)].sort()).toEqual([...PERMISSIONS].sort());
  // The two that every member of an org has are refused to others as if the org were not there.
  expect([...spokenOf(false)].sort()).toEqual([...PERMISSIONS].sort());
  expect(decisions.length).toBeGreaterThanOrEqual(200);
});
