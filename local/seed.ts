import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Api } from '../src/api/api.ts';
import { hashToken, makeToken, subjectOfToken } from '../src/api/tokens.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Ids } from '../src/ports/ids.ts';
import type { Table } from '../src/ports/table.ts';
import { putNewApp } from '../src/store/apps.ts';
import { putOrgRole, putSubject, putToken } from '../src/store/subjects.ts';

/** Always the same, so that a token of an environment variable leads to it. */
export const ADMINISTRATOR = '00000000-0000-4000-8000-000000000001';
export const ORG = 'demo';
export const APP = 'hello';
export const PIPELINE = 'hello';

const EXAMPLE = new URL('../examples/hello.yaml', import.meta.url);

type Seed = { readonly table: Table; readonly clock: Clock; readonly ids: Ids; readonly folder: string };

/**
 * The org, the app and the administrator; repeating it changes nothing. Answers the administrator's token: the given one,
 * or one that was made at the first start and is kept in the data folder, readable for its owner only.
 */
export async function seedPeople({ table, clock, ids, folder }: Seed, given: string | undefined): Promise<string> {
  const createdAt = clock.now();
  await putNewApp(table, { org: ORG, app: APP, name: 'Hello', createdAt });
  await putSubject(table, { id: ADMINISTRATOR, type: 'user', name: 'Local administrator', createdAt });
  await putOrgRole(table, ADMINISTRATOR, ORG, 'administrator');
  const token =
    given ?? (await keptSecret(join(folder, 'admin-token'), isAdminToken, () => makeToken(ADMINISTRATOR, ids)));
  await putToken(table, ADMINISTRATOR, { id: 'local-administrator', hash: hashToken(token), createdAt });
  return token;
}

/** The example pipeline, through the API itself. One that is there, be it changed by now, stays. */
export async function seedPipeline(api: Api, token: string): Promise<void> {
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

/** 32 bytes that page tokens are sealed with. */
export async function keptKey(folder: string): Promise<Uint8Array> {
  const key = await keptSecret(join(folder, 'page-key'), isPageKey, () => randomBytes(32).toString('hex'));
  return Buffer.from(key, 'hex');
}

const isAdminToken = (text: string): boolean => subjectOfToken(text) === ADMINISTRATOR;
const isPageKey = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

async function keptSecret(file: string, isSecret: (text: string) => boolean, make: () => string): Promise<string> {
  let kept: string;
  try {
    kept = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return keepSecret(file, make());
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} cannot be read; delete it, and the next start makes a new one (${reason})`, {
      cause: error,
    });
  }
  if (!isSecret(kept)) throw new Error(`${file} is empty or damaged; delete it, and the next start makes a new one`);
  return kept;
}

/** Whole or not at all: whoever dies in between leaves no half a secret under that name. */
async function keepSecret(file: string, secret: string): Promise<string> {
  const temporary = `${file}.new`;
  // A file that is there already would keep its mode.
  await rm(temporary, { force: true });
  await writeFile(temporary, `${secret}\n`, { mode: 0o600, flush: true });
  await rename(temporary, file);
  return secret;
}
