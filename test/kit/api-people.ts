import type { HeldRole } from '../../src/access/roles.ts';
import type { Table } from '../../src/ports/table.ts';
import { addMember } from '../../src/store/members.ts';
import { putRole } from '../../src/store/roles.ts';
import { putSubject } from '../../src/store/subjects.ts';

type Someone = {
  readonly id: string;
  readonly org: string;
  readonly role: string;
  /** Of the app `shop`. */
  readonly app?: string;
  /** Of the environment type `development`. */
  readonly envType?: string;
  readonly group?: string;
};

/** In `acme`: members are developers of `shop` and deployers of `development`. */
export const CREW = 'g-00000000-0000-4000-8000-0000000000e1';

/**
 * Who there is. `admin` and `rival` administrate one org each; `member` and `contributor` have a role that allows nothing.
 * `deployer` is a developer of the app too, so that they may deploy; `typeDeployer` is not, so that they may not.
 */
export const PEOPLE = {
  admin: { id: '00000000-0000-4000-8000-0000000000a1', org: 'acme', role: 'administrator' },
  second: { id: '00000000-0000-4000-8000-0000000000a2', org: 'acme', role: 'administrator' },
  rival: { id: '00000000-0000-4000-8000-0000000000b1', org: 'rival', role: 'administrator' },
  member: { id: '00000000-0000-4000-8000-0000000000c1', org: 'acme', role: 'member' },
  contributor: { id: '00000000-0000-4000-8000-0000000000c2', org: 'acme', role: 'artefactContributor' },
  orgViewer: { id: '00000000-0000-4000-8000-0000000000c3', org: 'acme', role: 'orgViewer' },
  manager: { id: '00000000-0000-4000-8000-0000000000c4', org: 'acme', role: 'manager' },
  owner: { id: '00000000-0000-4000-8000-0000000000c5', org: 'acme', role: 'member', app: 'owner' },
  developer: { id: '00000000-0000-4000-8000-0000000000c6', org: 'acme', role: 'member', app: 'developer' },
  viewer: { id: '00000000-0000-4000-8000-0000000000c7', org: 'acme', role: 'member', app: 'viewer' },
  deployer: {
    id: '00000000-0000-4000-8000-0000000000c8',
    org: 'acme',
    role: 'member',
    app: 'developer',
    envType: 'deployer',
  },
  typeDeployer: { id: '00000000-0000-4000-8000-0000000000c9', org: 'acme', role: 'member', envType: 'deployer' },
  grouped: { id: '00000000-0000-4000-8000-0000000000ca', org: 'acme', role: 'member', group: CREW },
  service: { id: 's-00000000-0000-4000-8000-0000000000d1', org: 'acme', role: 'administrator' },
} as const satisfies Record<string, Someone>;

export type Person = keyof typeof PEOPLE;

export const idOf = (person: Person): string => PEOPLE[person].id;

export async function putPeople(table: Table, createdAt: number): Promise<void> {
  const crew = { id: CREW, org: 'acme', role: 'member', app: 'developer', envType: 'deployer' };
  for (const [name, someone] of Object.entries<Someone>({ ...PEOPLE, crew })) {
    const { id, group } = someone;
    const type = id.startsWith('s-') ? 'service' : id.startsWith('g-') ? 'group' : 'user';
    await putSubject(table, { id, type, name, createdAt });
    for (const role of rolesOf(someone)) await putRole(table, id, role, createdAt);
    if (group !== undefined) await addMember(table, group, id, createdAt);
  }
}

function rolesOf({ org, role, app, envType }: Someone): readonly HeldRole[] {
  return [
    { scope: 'org', org, role },
    ...(app === undefined ? [] : [{ scope: 'app' as const, org, app: 'shop', role: app }]),
    ...(envType === undefined ? [] : [{ scope: 'env-type' as const, org, envType: 'development', role: envType }]),
  ];
}
