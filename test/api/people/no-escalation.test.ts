import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayGrant } from '../../../src/access/holds.ts';
import type { HeldRole } from '../../../src/access/roles.ts';
import { readRoles } from '../../../src/store/subjects.ts';
import { CREW, PEOPLE, type Person } from '../../kit/api-people.ts';
import { idOf, openWorld, type World } from '../../kit/api-world.ts';
import '../../kit/seed.ts';

const EVERYBODY = Object.keys(PEOPLE) as Person[]; // as: Object.keys forgets the names
const ADMINISTRATORS: readonly Person[] = ['admin', 'second', 'service', 'rival'];
const OTHERS = EVERYBODY.filter(person => !ADMINISTRATORS.includes(person));

const who = fc.constantFrom(...OTHERS);
const whom = fc.constantFrom(...EVERYBODY.map(idOf), CREW);
const orgRole = fc.constantFrom('administrator', 'manager', 'orgViewer', 'member');
const appRole = fc.constantFrom('owner', 'developer', 'viewer');
const app = fc.constantFrom('shop', 'blog');

type Attempt = { readonly as: Person; readonly method: string; readonly path: string; readonly body?: object };

const attempt: fc.Arbitrary<Attempt> = fc.oneof(
  fc.record({ as: who, id: whom, role: orgRole }).map(({ as, id, role }) => ({
    as,
    method: 'PATCH',
    path: `/orgs/acme/users/${id}`,
    body: { role },
  })),
  fc.record({ as: who, role: orgRole }).map(({ as, role }) => ({
    as,
    method: 'POST',
    path: '/orgs/acme/users',
    body: { name: 'new', role },
  })),
  fc.record({ as: who, role: orgRole }).map(({ as, role }) => ({
    as,
    method: 'PATCH',
    path: `/orgs/acme/groups/${CREW}`,
    body: { role },
  })),
  fc.record({ as: who, id: whom, app, role: appRole }).map(({ as, id, app, role }) => ({
    as,
    method: 'POST',
    path: `/orgs/acme/apps/${app}/users`,
    body: { id, role },
  })),
  fc.record({ as: who, id: whom, app, role: appRole }).map(({ as, id, app, role }) => ({
    as,
    method: 'PATCH',
    path: `/orgs/acme/apps/${app}/users/${id}`,
    body: { role },
  })),
  fc.record({ as: who, id: whom }).map(({ as, id }) => ({
    as,
    method: 'POST',
    path: '/orgs/acme/env-types/development/users',
    body: { id, role: 'deployer' },
  })),
  fc.record({ as: who, id: whom }).map(({ as, id }) => ({
    as,
    method: 'POST',
    path: `/orgs/acme/groups/${CREW}/users`,
    body: { id },
  })),
  fc.record({ as: who, id: whom }).map(({ as, id }) => ({
    as,
    method: 'POST',
    path: `/users/${id}/tokens`,
    body: { id: 'sneaked', type: 'static' },
  })),
);

const rolesOf = (world: World, person: Person): Promise<readonly HeldRole[]> => readRoles(world.table, idOf(person));

const nameOf = (role: HeldRole): string => JSON.stringify(role);

test('whatever people try, they give only what the one who gives it could give', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 12 }), async attempts => {
      const world = await openWorld();
      try {
        for (const { as, ...request } of attempts) {
          const caller = await rolesOf(world, as);
          const before = new Map<Person, readonly HeldRole[]>();
          for (const person of EVERYBODY) before.set(person, await rolesOf(world, person));
          const { status } = await world.client({ ...request, token: world.tokens[as] });
          expect(status).toBeLessThan(500);
          for (const person of EVERYBODY) {
            const had = new Set(before.get(person)?.map(nameOf));
            const gained = (await rolesOf(world, person)).filter(role => !had.has(nameOf(role)));
            for (const role of gained) expect(mayGrant(caller, role), `${as} gave ${nameOf(role)}`).toBe(true);
          }
          // A token of somebody else is all of their roles.
          const whose = /^\/users\/(.*)\/tokens$/.exec(request.path)?.[1];
          if (status === 200 && whose !== undefined) expect(whose).toBe(idOf(as));
        }
      } finally {
        await world.close();
      }
    }),
    { numRuns: 40 },
  );
});
