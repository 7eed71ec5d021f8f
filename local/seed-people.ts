import { join } from 'node:path';
import type { HeldRole } from '../src/access/roles.ts';
import { hashToken, makeToken, subjectOfToken } from '../src/api/tokens.ts';
import { putNewRole } from '../src/store/roles.ts';
import { putSubject } from '../src/store/subjects.ts';
import { putToken } from '../src/store/tokens.ts';
import { keptSecret } from './kept-secret.ts';
import { APP, ENV_TYPES, ORG, type Seed } from './seed-names.ts';

/** Tokens of all of them by name, as JSON, readable for the owner of the data folder only. */
export const TOKENS_FILE = 'tokens.json';

const member: HeldRole = { scope: 'org', org: ORG, role: 'member' };
const ofApp = (role: string): HeldRole => ({ scope: 'app', org: ORG, app: APP, role });

/** Somebody for each role, to try with what it may do and what not. */
export const PEOPLE = {
  owner: { id: '00000000-0000-4000-8000-000000000002', roles: [member, ofApp('owner')] },
  developer: { id: '00000000-0000-4000-8000-000000000003', roles: [member, ofApp('developer')] },
  viewer: { id: '00000000-0000-4000-8000-000000000004', roles: [member, ofApp('viewer')] },
  deployer: {
    id: '00000000-0000-4000-8000-000000000005',
    roles: [
      member,
      ofApp('developer'),
      ...ENV_TYPES.map((envType): HeldRole => ({ scope: 'env-type', org: ORG, envType, role: 'deployer' })),
    ],
  },
  service: { id: 's-00000000-0000-4000-8000-000000000006', roles: [member, ofApp('developer')] },
} as const satisfies Record<string, { readonly id: string; readonly roles: readonly HeldRole[] }>;

export async function seedPeople({ table, clock, ids, folder, keys }: Seed): Promise<void> {
  const createdAt = clock.now();
  const make = (): string =>
    JSON.stringify(
      mapPeople(({ id }) => makeToken(id, ids)),
      null,
      2,
    );
  const tokens: Readonly<Record<string, string>> = JSON.parse(
    await keptSecret(join(folder, TOKENS_FILE), isTokens, make),
  );
  for (const [name, { id, roles }] of Object.entries(PEOPLE)) {
    await putSubject(table, { id, type: id.startsWith('s-') ? 'service' : 'user', name: `Local ${name}`, createdAt });
    await putToken(table, id, { id: 'local', hash: hashToken(tokens[name] ?? '', keys.token), createdAt });
    for (const role of roles) await putNewRole(table, id, role, createdAt);
  }
}

function isTokens(text: string): boolean {
  try {
    const tokens: unknown = JSON.parse(text);
    if (typeof tokens !== 'object' || tokens === null) return false;
    const given = new Map<string, unknown>(Object.entries(tokens));
    return Object.entries(PEOPLE).every(([name, { id }]) => subjectOfToken(String(given.get(name))) === id);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const mapPeople = (make: (person: { readonly id: string }) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(PEOPLE).map(([name, person]) => [name, make(person)]));
