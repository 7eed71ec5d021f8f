import { type ApiHandler, createApiHandler } from '../../functions/api/api-handler.ts';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import { createVault } from '../../local/vault.ts';
import { actions } from '../../src/actions/registry.ts';
import { createApi } from '../../src/api/api.ts';
import { deriveKeys } from '../../src/api/keys-of.ts';
import type { LogEntry } from '../../src/api/log.ts';
import type { ApiDependencies } from '../../src/api/operation.ts';
import { hashToken, makeToken } from '../../src/api/tokens.ts';
import type { JsonObject } from '../../src/json.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { putNewApp } from '../../src/store/apps.ts';
import { putNewEnvType } from '../../src/store/env-types.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { putOrg } from '../../src/store/orgs.ts';
import { claimRun, finishWrites } from '../../src/store/run-writes.ts';
import { createRun, type RunEnd, type RunRecord } from '../../src/store/runs.ts';
import { deleteSubject } from '../../src/store/subjects.ts';
import { deleteToken, putToken } from '../../src/store/tokens.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { idOf, PEOPLE, type Person, putPeople } from './api-people.ts';
import { auditedClient } from './audited-client.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeExecutions, type FakeExecutions } from './fake-executions.ts';
import { createTimeIds } from './time-ids.ts';

export { idOf, type Person };

/** In `acme/shop`; with two jobs, of which the second needs the first. */
export const DEPLOY = `id: deploy
name: Deploy the shop
metadata:
  team: web
on:
  pipeline_call:
    inputs:
      version:
        type: string
        required: true
      replicas:
        type: integer
        default: 2
jobs:
  build:
    steps:
      - id: say
        uses: actions/humanitec/log@v1
        with:
          message: hello \${{ inputs.version }}
      - name: Say more about \${{ inputs.version }}
        uses: actions/humanitec/log@v1
        with:
          message: more
        timeout-minutes: 2
  release:
    name: Release it
    needs: build
    timeout-minutes: 5
    steps:
      - uses: actions/humanitec/log@v1
        with:
          message: done
`;

/** The smallest definition with this id; absent: without one. */
export const smallPipeline = (id?: string, more = ''): string =>
  `${id === undefined ? '' : `id: ${id}\n`}name: Small\n${more}on:
  pipeline_call:
jobs:
  only:
    steps:
      - uses: actions/humanitec/log@v1
        with:
          message: hello
`;

/** Of the vault that a world and an engine seal secrets with. */
export const VAULT_KEY = new Uint8Array(32).fill(7);

export type World = Omit<ApiDependencies, 'clock' | 'executions'> & {
  readonly clock: FakeClock;
  readonly executions: FakeExecutions;
  /** Lines of the server's log, those about requests left out. */
  readonly logged: readonly LogEntry[];
  /** Beside one for each person: tokens of the administrator and of a user (`removed`) that were good once. */
  readonly tokens: Readonly<Record<Person | 'expired' | 'revoked' | 'removed', string>>;
  readonly handler: ApiHandler;
  /** As `admin`. */
  readonly client: ApiClient;
  /** A run of `acme/shop/deploy`, unless told otherwise, put into the table as the API does it. */
  addRun(more?: Partial<Parameters<typeof createRun>[1]>): Promise<RunRecord>;
  /** Plays the worker: the run begins and ends. `staysOpen`: whoever listens is still to be told. */
  endRun(run: RunPath, status?: RunEnd, outputs?: JsonObject, staysOpen?: boolean): Promise<void>;
  close(): Promise<void>;
};

/**
 * Orgs `acme` (apps `shop`, `blog`; environment types `development`, `production`) and `rival` (app `shop`), and the pipeline `deploy` in both apps called `shop`.
 * `behind`: what stands behind `replace.table`, for the test's own writes.
 */
export async function openWorld(replace: Partial<ApiDependencies> = {}, behind?: LocalTable): Promise<World> {
  const clock = createFakeClock();
  const ids = createTimeIds(clock);
  const local = behind ?? openTable({ file: ':memory:', clock, sweepSeconds: 0 });
  const table = replace.table ?? local;
  const executions = createFakeExecutions();
  const logged: LogEntry[] = [];
  const dependencies = {
    table,
    executions,
    clock,
    ids,
    definitions: createDefinitions(table, actions),
    actions: () => Promise.resolve(actions),
    keys: deriveKeys('the secret of the server of the tests'),
    vault: createVault(VAULT_KEY),
    retentionDays: 90,
    log: (entry: LogEntry) => {
      if (entry.message !== 'request') logged.push(entry);
    },
    ...replace,
  };
  const handler = createApiHandler(createApi({ ...dependencies, executions, clock }), dependencies.log);

  const createdAt = clock.now();
  for (const org of ['acme', 'rival']) await putOrg(local, org, createdAt);
  for (const [org, app] of [
    ['acme', 'shop'],
    ['acme', 'blog'],
    ['rival', 'shop'],
  ] as const) {
    await putNewApp(local, { org, app, name: app, createdAt });
  }
  for (const id of ['development', 'production']) {
    await putNewEnvType(local, { org: 'acme', id, description: id, createdAt, createdBy: PEOPLE.admin.id });
  }
  await putPeople(local, createdAt);
  const tokens: Record<string, string> = {};
  const addToken = async (subject: string, name: string, more: { readonly tokenExpiresAt?: number } = {}) => {
    const token = makeToken(subject, ids);
    tokens[name] = token;
    const hash = hashToken(token, dependencies.keys.token);
    await putToken(local, subject, { id: name.toLowerCase(), hash, createdAt, ...more });
  };
  for (const [name, { id }] of Object.entries(PEOPLE)) await addToken(id, name);
  await addToken(PEOPLE.admin.id, 'expired', { tokenExpiresAt: createdAt });
  await addToken(PEOPLE.admin.id, 'revoked');
  await deleteToken(local, PEOPLE.admin.id, 'revoked');
  const removed = '00000000-0000-4000-8000-0000000000ff';
  await addToken(removed, 'removed');
  await deleteSubject(local, removed);
  const plain = createApiClient(handler, tokens.admin);
  // A test that replaces the table may break the log on purpose.
  const client = replace.table === undefined ? auditedClient(plain, local) : plain;
  const versions: Record<string, string> = {};
  for (const [org, token] of [
    ['acme', tokens.admin],
    ['rival', tokens.rival],
  ] as const) {
    const headers = { 'content-type': 'application/x-yaml' };
    const path = `/orgs/${org}/apps/shop/pipelines`;
    const created = await client({ method: 'POST', path, headers, body: DEPLOY, token: token ?? null });
    versions[org] = created.json.version;
  }

  return {
    ...dependencies,
    clock,
    executions,
    logged,
    tokens: tokens as World['tokens'],
    handler,
    client,
    async addRun(more = {}) {
      const { run } = await createRun(
        local,
        {
          org: 'acme',
          app: 'shop',
          pipeline: 'deploy',
          run: ids.ordered(),
          version: versions[more.org ?? 'acme'] ?? '',
          trigger: 'pipeline_call',
          createdAt: clock.now(),
          createdBy: PEOPLE.admin.id,
          runAs: PEOPLE.admin.id,
          timeoutSeconds: 3_600,
          inputs: { version: '1.0' },
          ...more,
        },
        Math.floor(clock.now() / 1_000) + 86_400,
      );
      return run;
    },
    async endRun(run, status = 'succeeded', outputs = undefined, staysOpen = false) {
      const claimed = await claimRun(local, run, clock.now());
      if (claimed === undefined) throw new Error('the run is over already');
      const expiresAt = Math.floor(clock.now() / 1_000) + 90 * 86_400;
      const outcome = { status, message: `it ${status}`, completedAt: clock.now(), expiresAt };
      await local.writeInOrder(
        finishWrites(run, claimed.epoch, outputs === undefined ? outcome : { ...outcome, outputs }, staysOpen),
      );
    },
    close: () => local.close(),
  };
}
