import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../src/access/decide.ts';
import { delegatedRoles, judgeDelegation, judgeServiceUser, PIPELINES_SYSTEM_USER } from '../../src/access/identity.ts';
import { PERMISSIONS } from '../../src/access/permissions.ts';
import { APP_ROLES } from '../../src/access/roles.ts';
import { delegationCases, serviceUserCases } from '../fixtures/access/identity.ts';
import { everyResource, knownRoles } from './arbitrary-roles.ts';

const judged = (reason: string | undefined) =>
  reason === undefined ? { ok: true } : { ok: false, reason: expect.stringContaining(reason) };

test.each(delegationCases)('lending: $name', ({ author, delegation, reason }) => {
  expect(judgeDelegation(author, delegation, 'acme', 'shop')).toEqual(judged(reason));
});

test.each(serviceUserCases)('acting as a service user: $name', ({ author, roles, reason }) => {
  expect(judgeServiceUser(author, { id: 's-robot', roles }, 'acme')).toEqual(judged(reason));
});

test('delegated roles are those of the definition, where the pipeline is, and nothing else', () => {
  expect(delegatedRoles({ application: 'developer', envTypes: { production: 'deployer' } }, 'acme', 'shop')).toEqual([
    { scope: 'org', org: 'acme', role: 'member' },
    { scope: 'app', org: 'acme', app: 'shop', role: 'developer' },
    { scope: 'env-type', org: 'acme', envType: 'production', role: 'deployer' },
  ]);
  expect(delegatedRoles({ envTypes: {} }, 'acme', 'shop')).toEqual([{ scope: 'org', org: 'acme', role: 'member' }]);
});

const delegation = fc.record(
  {
    application: fc.constantFrom(...APP_ROLES),
    envTypes: fc.constantFrom({}, { production: 'deployer' as const }, { development: 'deployer' as const }),
  },
  { requiredKeys: ['envTypes'] },
);

test('a run with delegated roles may nothing that their author may not', () => {
  fc.assert(
    fc.property(knownRoles, delegation, (author, lent) => {
      if (!judgeDelegation(author, lent, 'acme', 'shop').ok) return;
      const roles = delegatedRoles(lent, 'acme', 'shop');
      for (const permission of PERMISSIONS) {
        for (const resource of everyResource) {
          if (decide(roles, permission, resource).allowed) {
            expect(decide(author, permission, resource).allowed, permission).toBe(true);
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a run as a service user may nothing in the org that its author may not', () => {
  fc.assert(
    fc.property(knownRoles, knownRoles, (author, roles) => {
      if (!judgeServiceUser(author, { id: 's-robot', roles }, 'acme').ok) return;
      for (const permission of PERMISSIONS) {
        for (const resource of everyResource.filter(({ org }) => org === 'acme')) {
          if (decide(roles, permission, resource).allowed) {
            expect(decide(author, permission, resource).allowed, permission).toBe(true);
          }
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

test('the one that stands for delegated roles is nobody who could log in', () => {
  expect(PIPELINES_SYSTEM_USER).toMatch(/^[0-9a-f-]{36}$/);
});
