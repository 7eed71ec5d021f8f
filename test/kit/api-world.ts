import { type ApiHandler, createApiHandler } from '../../functions/api/api-handler.ts';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import { actions } from '../../src/actions/registry.ts';
import { createApi } from '../../src/api/api.ts';
import type { LogEntry } from '../../src/api/log.ts';
import type { ApiDependencies } from '../../src/api/operation.ts';
import { pageKeyOf } from '../../src/api/page-tokens.ts';
import { hashToken, makeToken } from '../../src/api/tokens.ts';
import type { JsonObject } from '../../src/json.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { putNewApp } from '../../src/store/apps.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { claimRun, createRun, finishWrites, type RunEnd, type RunRecord } from '../../src/store/runs.ts';
import { putOrgRole, putSubject, putToken } from '../../src/store/subjects.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeExecutions, type FakeExecutions } from './fake-executions.ts';
import { createTimeIds } from './time-ids.ts';

/** Who there is. `admin` and `rival` administrate one org each; `member` has a role that allows nothing. */
const PEOPLE = {
  admin: { id: '00000000-0000-4000-8000-0000000000a1', org: 'acme', role: 'administrator' },
  second: { id: '00000000-0000-4000-8000-0000000000a2', org: 'acme', role: 'administrator' },
  rival: { id: '00000000-0000-4000-8000-0000000000b1', org: 'rival', role: 'administrator' },
  member: { id: '00000000-0000-4000-8000-0000000000c1', org: 'acme', role: 'member' },
  service: { id: 's-00000000-0000-4000-8000-0000000000d1', org: 'acme', role: 'administrator' },
} as const;

export type Person = keyof typeof PEOPLE;

export const idOf = (person: Person): string => PEOPLE[person].id;

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

export type World = Omit<ApiDependencies, 'clock' | 'executions'> & {
  readonly clock: FakeClock;
  readonly executions: FakeExecutions;
  /** Lines of the server's log, those about requests left out. */
  readonly logged: readonly LogEntry[];
  readonly tokens: Readonly<Record<Person | 'expired', string>>;
  readonly handler: ApiHandler;
  /** As `admin`. */
  readonly client: ApiClient;
  /** A run of `acme/shop/deploy`, unless told otherwise, put into the table as the API does it. */
  addRun(more?: Partial<Parameters<typeof createRun>[1]>): Promise<RunRecord>;
  /** Plays the worker: the run begins and ends. */
  endRun(run: RunPath, status?: RunEnd, outputs?: JsonObject): Promise<void>;
  close(): Promise<void>;
};

/**
 * Orgs `acme` (apps `shop`, `blog`) and `rival` (app `shop`), and the pipeline `deploy` in both apps called `shop`.
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
    actions,
    pageKey: pageKeyOf('the secret of the page tokens of the tests'),
    retentionDays: 90,
    log: (entry: LogEntry) => {
      if (entry.message !== 'request') logged.push(entry);
    },
    ...replace,
  };
  const handler = createApiHandler(createApi({ ...dependencies, executions, clock }), dependencies.log);

  const createdAt = clock.now();
  for (const [org, app] of [
    ['acme', 'shop'],
    ['acme', 'blog'],
    ['rival', 'shop'],
  ] as const) {
    await putNewApp(local, { org, app, name: app, createdAt });
  }
  const tokens: Record<string, string> = {};
  for (const [name, { id, org, role }] of Object.entries(PEOPLE)) {
    await putSubject(local, { id, type: id.startsWith('s-') ? 'service' : 'user', name, createdAt });
    await putOrgRole(local, id, org, role);
    const token = makeToken(id, ids);
    tokens[name] = token;
    await putToken(local, id, { id: name, hash: hashToken(token), createdAt });
  }
  tokens.expired = makeToken(PEOPLE.admin.id, ids);
  await putToken(local, PEOPLE.admin.id, {
    id: 'expired',
    hash: hashToken(tokens.expired),
    createdAt,
    tokenExpiresAt: createdAt,
  });
  const client = createApiClient(handler, tokens.admin);
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
    addRun(more = {}) {
      return createRun(
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
    },
    async endRun(run, status = 'succeeded', outputs = undefined) {
      const claimed = await claimRun(local, run, clock.now());
      if (claimed === undefined) throw new Error('the run is over already');
      const expiresAt = Math.floor(clock.now() / 1_000) + 90 * 86_400;
      const outcome = { status, message: `it ${status}`, completedAt: clock.now(), expiresAt };
      await local.writeInOrder(
        finishWrites(run, claimed.epoch, outputs === undefined ? outcome : { ...outcome, outputs }),
      );
    },
    close: () => local.close(),
  };
}
