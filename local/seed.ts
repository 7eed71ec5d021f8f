import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from '../src/api/api.ts';
import { hashToken, makeToken, subjectOfToken } from '../src/api/tokens.ts';
import { putNewApp } from '../src/store/apps.ts';
import { putNewEnvType } from '../src/store/env-types.ts';
import { putNewEnvironment } from '../src/store/environments.ts';
import { putOrg } from '../src/store/orgs.ts';
import { putRole } from '../src/store/roles.ts';
import { isSeeded, markSeeded } from '../src/store/seeded.ts';
import { putSubject } from '../src/store/subjects.ts';
import { putToken } from '../src/store/tokens.ts';
import { keptSecret } from './kept-secret.ts';
import { ADMINISTRATOR, APP, ENV_TYPES, ORG, type Seed } from './seed-names.ts';
import { seedPeople } from './seed-people.ts';

const EXAMPLE = new URL('../examples/hello.yaml', import.meta.url);

/**
 * The org and its administrator, at every start: nobody locks themselves out. Answers the administrator's token: the given
 * one, or one that was made at the first start and is kept in the data folder, readable for its owner only.
 */
export async function seedAdministrator(
  { table, clock, ids, folder, keys }: Seed,
  given: string | undefined,
): Promise<string> {
  const createdAt = clock.now();
  await putOrg(table, ORG, createdAt);
  await putSubject(table, { id: ADMINISTRATOR, type: 'user', name: 'Local administrator', createdAt });
  await putRole(table, ADMINISTRATOR, { scope: 'org', org: ORG, role: 'administrator' }, createdAt);
  const token =
    given ?? (await keptSecret(join(folder, 'admin-token'), isAdminToken, () => makeToken(ADMINISTRATOR, ids)));
  await putToken(table, ADMINISTRATOR, { id: 'local-administrator', hash: hashToken(token, keys.token), createdAt });
  return token;
}

const isAdminToken = (text: string): boolean => subjectOfToken(text) === ADMINISTRATOR;

/** Things to try, once: what somebody deleted or changed stays as it is. `token`: the administrator's. */
export async function seedExamples(seed: Seed, api: Api, token: string): Promise<void> {
  const { table, clock } = seed;
  if (await isSeeded(table, ORG)) return;
  const createdAt = clock.now();
  const made = { createdAt, createdBy: ADMINISTRATOR };
  await putNewApp(table, { org: ORG, app: APP, name: 'Hello', createdAt });
  for (const type of ENV_TYPES) {
    await putNewEnvType(table, { org: ORG, id: type, description: `Environments for ${type}`, ...made });
    await putNewEnvironment(table, { org: ORG, app: APP }, { id: type, name: type, type, ...made });
  }
  await seedPeople(seed);
  await seedPipeline(api, token);
  await markSeeded(table, ORG, createdAt);
}

/** The example pipeline, through the API itself. One that is there, be it changed by now, stays. */
async function seedPipeline(api: Api, token: string): Promise<void> {
  const response = await api({
    method: 'POST',
    path: `/orgs/${ORG}/apps/${APP}/pipelines`,
    query: new Map(),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-yaml' },
    body: await readFile(EXAMPLE, 'utf8'),
    requestId: 'seed',
  });
  if (response.status !== 201 && response.status !== 409) {
    throw new Error(`the example pipeline was refused with ${response.status}: ${response.body ?? ''}`);
  }
}
