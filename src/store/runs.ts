import type { JsonObject } from '../json.ts';
import type { Condition, Cursor, Item, Page, Put, Table, Update } from '../ports/table.ts';
import { cut, MESSAGE_BYTES } from './cut.ts';
import { number, oneOf, optionalNumber, optionalText, text, textMap } from './fields.ts';
import {
  OPEN_SHARDS,
  openPosition,
  openRuns,
  openShardOf,
  type PipelinePath,
  type RunPath,
  runKey,
  runPathOfPosition,
  runsOf,
  runsOfOrg,
} from './keys.ts';
import { INLINE_LIMIT, largePuts, partCount, readLarge } from './large.ts';
import type { Listed } from './pipelines.ts';

export const RUN_STATUSES = ['queued', 'executing', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
export type RunEnd = 'succeeded' | 'failed' | 'cancelled';

export const isOver = (status: RunStatus): status is RunEnd => status !== 'queued' && status !== 'executing';

/** The record of a run without what may be large; times are milliseconds since the epoch. */
export type RunRecord = RunPath & {
  readonly version: string;
  readonly trigger: string;
  readonly status: RunStatus;
  readonly message: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly runAs: string;
  readonly timeoutSeconds: number;
  readonly executingAt?: number;
  readonly cancellationRequestedAt?: number;
  readonly completedAt?: number;
  /** Job id -> what it waits for. */
  readonly waitingFor: Readonly<Record<string, string>>;
  /** Number of the invocation of RunJobs that may write; 0: none came yet. */
  readonly epoch: number;
  /** The last epoch that ended its work by itself: it will not write again. */
  readonly released: number;
  /** Counts what came from outside: decisions, cancellations, callbacks. */
  readonly signal: number;
  /** Task token of the state that waits for a signal. */
  readonly token?: string;
  readonly inputs: Stored;
  readonly outputs?: Stored;
};

/** JSON text, in the record itself or in this many parts beside it. */
export type Stored = { readonly text: string } | { readonly parts: number };

export type NewRun = Pick<
  RunRecord,
  'org' | 'app' | 'pipeline' | 'run' | 'version' | 'trigger' | 'createdAt' | 'createdBy' | 'runAs' | 'timeoutSeconds'
> & { readonly inputs: JsonObject };

/**
 * Parts first, then the record, which is the commit point. `expiresAt` (seconds since the epoch) is for the parts of a
 * run that never came to be; they outlive any run that did.
 */
export async function createRun(table: Table, run: NewRun, expiresAt: number): Promise<RunRecord> {
  const inputs = JSON.stringify(run.inputs);
  const large = inputs.length > INLINE_LIMIT;
  const item: Item = {
    ...runKey(run),
    gsi1pk: runsOfOrg(run.org),
    gsi1sk: run.run,
    gsi2pk: openRuns(openShardOf(run.run)),
    gsi2sk: openPosition(run),
    org: run.org,
    app: run.app,
    pipeline: run.pipeline,
    version: run.version,
    trigger: run.trigger,
    status: 'queued',
    message: '',
    created_at: run.createdAt,
    created_by: run.createdBy,
    run_as: run.runAs,
    timeout: run.timeoutSeconds,
    epoch: 0,
    signal: 0,
    ...(large ? { inputs_parts: partCount(inputs) } : { inputs }),
  };
  const commit: Put = { put: item, when: [[{ name: 'pk', is: 'absent' }]] };
  const groups = large ? [largePuts(run.run, 'inputs', inputs, { expires_at: expiresAt }), [commit]] : [[commit]];
  const written = await table.writeInOrder(groups);
  const last = written.at(-1);
  // Ids of runs are unique: what stands there is this very write, sent again because its answer was lost.
  const ours = last?.item?.created_at === run.createdAt && last.item.version === run.version;
  if (last?.done !== true && !ours) throw new Error(`run ${run.run} exists already`);
  return runOfItem(item);
}

export async function getRun(table: Table, path: RunPath, consistent = true): Promise<RunRecord | undefined> {
  const item = await table.get(runKey(path), { consistent });
  return item === undefined ? undefined : runOfItem(item);
}

export async function readStored(table: Table, run: string, name: string, stored: Stored): Promise<JsonObject> {
  const source = 'text' in stored ? stored.text : await readLarge(table, run, name, stored.parts);
  return JSON.parse(source) as JsonObject;
}

/** Newest first, of one pipeline. `from` and `to` are run ids: those are ordered by time. */
export async function listRunsOfPipeline(
  table: Table,
  path: PipelinePath,
  options: RunListOptions,
): Promise<Listed<RunRecord>> {
  const page = await table.query({ pk: runsOf(path), consistent: true, ...queryOf(options) });
  return listed(page, page.items);
}

/** Newest first, of the whole org; `keep` judges by key before a record is read. */
export async function listRunsOfOrg(
  table: Table,
  org: string,
  options: RunListOptions,
  keep: (path: RunPath) => boolean,
): Promise<Listed<RunRecord>> {
  const page = await table.query({ index: 'gsi1', pk: runsOfOrg(org), ...queryOf(options) });
  const wanted = page.items.filter(item => keep(pathOfKey(item)));
  const items: Item[] = [];
  for (let start = 0; start < wanted.length; start += 100) {
    const keys = wanted.slice(start, start + 100).map(item => ({ pk: item.pk, sk: item.sk }));
    items.push(...(await table.getMany(keys)).filter(item => item !== undefined));
  }
  return listed(page, items);
}

export type RunListOptions = {
  readonly limit: number;
  readonly after?: Cursor;
  readonly from?: string;
  readonly to?: string;
};

/** Where a list of runs goes on behind this one. */
export function cursorOfRun(run: RunPath, list: 'org' | 'pipeline'): Cursor {
  return list === 'org' ? { ...runKey(run), gsi1pk: runsOfOrg(run.org), gsi1sk: run.run } : runKey(run);
}

const queryOf = (options: RunListOptions) => ({ ...options, reverse: true });

function listed(page: Page, items: readonly Item[]): Listed<RunRecord> {
  const records = items.map(runOfItem);
  return page.next === undefined ? { records } : { records, next: page.next };
}

/** Paths of runs that are not over; of one pipeline, or of all. */
export async function* openRunPaths(table: Table, of?: PipelinePath): AsyncGenerator<RunPath> {
  for (let shard = 0; shard < OPEN_SHARDS; shard += 1) {
    let after: Cursor | undefined;
    do {
      const page: Page = await table.query({
        index: 'gsi2',
        pk: openRuns(shard),
        limit: 500,
        ...(of === undefined ? {} : { prefix: `${of.org}/${of.app}/${of.pipeline}/` }),
        ...(after === undefined ? {} : { after }),
      });
      for (const item of page.items) yield runPathOfPosition(text(item, 'gsi2sk'));
      after = page.next;
    } while (after !== undefined);
  }
}

/** Takes the next epoch. Answers the record as it is now; undefined: there is no such run, or it is over. */
export async function claimRun(table: Table, path: RunPath, now: number): Promise<RunRecord | undefined> {
  const first = await table.write({
    update: runKey(path),
    set: { status: 'executing', executing_at: now },
    add: { epoch: 1 },
    when: hasStatus('queued'),
  });
  if (first.done && first.item !== undefined) return runOfItem(first.item);
  if (first.item === undefined || oneOf(first.item, 'status', RUN_STATUSES) !== 'executing') return undefined;
  // Who claims is awake: a token that still stands belongs to a wait that is over.
  const again = await table.write({
    update: runKey(path),
    add: { epoch: 1 },
    remove: ['token'],
    when: hasStatus('executing'),
  });
  return again.done && again.item !== undefined ? runOfItem(again.item) : undefined;
}

/** The worker of `epoch` stops until a signal or a time; it will not write again. */
export function releaseWrite(path: RunPath, epoch: number, waitingFor: Readonly<Record<string, string>>): Update {
  return { update: runKey(path), set: { released: epoch, waiting_for: waitingFor }, when: ofEpoch(epoch) };
}

export type RunOutcome = {
  readonly status: RunEnd;
  readonly message: string;
  readonly completedAt: number;
  readonly outputs?: JsonObject;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
};

/** Groups of writes that end a run; the last one is the commit point. */
export function finishWrites(path: RunPath, epoch: number, outcome: RunOutcome): (Put | Update)[][] {
  const outputs = outcome.outputs === undefined ? undefined : JSON.stringify(outcome.outputs);
  const large = outputs !== undefined && outputs.length > INLINE_LIMIT;
  const end: Update = {
    update: runKey(path),
    set: {
      status: outcome.status,
      message: cut(outcome.message, MESSAGE_BYTES),
      completed_at: outcome.completedAt,
      expires_at: outcome.expiresAt,
      ...(outputs === undefined ? {} : large ? { outputs_parts: partCount(outputs) } : { outputs }),
    },
    remove: ['gsi2pk', 'gsi2sk', 'token', 'waiting_for'],
    when: ofEpoch(epoch),
  };
  if (!large) return [[end]];
  return [
    largePuts(path.run, 'outputs', outputs, { expires_at: outcome.expiresAt, epoch }, notNewerThan(epoch)),
    [end],
  ];
}

/**
 * Leaves the task token on the condition that no signal came since the worker looked, and that no later one is at work.
 * Refused: wake it at once.
 */
export async function leaveToken(
  table: Table,
  path: RunPath,
  token: string,
  seen: { readonly epoch: number; readonly signal: number },
): Promise<boolean> {
  const written = await table.write({
    update: runKey(path),
    set: { token },
    when: [
      [
        { name: 'status', is: '=', value: 'executing' },
        { name: 'epoch', is: '=', value: seen.epoch },
        { name: 'signal', is: '=', value: seen.signal },
      ],
    ],
  });
  return written.done;
}

/** Ends a run that no worker will end any more; any epoch is cut off. False: it was over already. */
export async function endAbandonedRun(table: Table, path: RunPath, outcome: RunOutcome): Promise<boolean> {
  const written = await table.write({
    update: runKey(path),
    set: {
      status: outcome.status,
      message: cut(outcome.message, MESSAGE_BYTES),
      completed_at: outcome.completedAt,
      expires_at: outcome.expiresAt,
    },
    add: { epoch: 1 },
    remove: ['gsi2pk', 'gsi2sk', 'token', 'waiting_for'],
    when: [...hasStatus('queued'), ...hasStatus('executing')],
  });
  return written.done;
}

const hasStatus = (status: RunStatus): Condition => [[{ name: 'status', is: '=', value: status }]];

const ofEpoch = (epoch: number): Condition => [
  [
    { name: 'epoch', is: '=', value: epoch },
    { name: 'status', is: '=', value: 'executing' },
  ],
];

/** The fence of everything that a worker writes beside the record of the run. */
export const notNewerThan = (epoch: number): Condition => [
  [{ name: 'epoch', is: 'absent' }],
  [{ name: 'epoch', is: '<=', value: epoch }],
];

function pathOfKey(item: Item): RunPath {
  const [org, app, pipeline] = item.pk.slice('RUNS#'.length).split('/');
  if (org === undefined || app === undefined || pipeline === undefined)
    throw new Error(`'${item.pk}' is no key of a run`);
  return { org, app, pipeline, run: item.sk };
}

function storedOf(item: Item, name: string): Stored | undefined {
  const parts = optionalNumber(item, `${name}_parts`);
  if (parts !== undefined) return { parts };
  const source = optionalText(item, name);
  return source === undefined ? undefined : { text: source };
}

export function runOfItem(item: Item): RunRecord {
  const executingAt = optionalNumber(item, 'executing_at');
  const cancellationRequestedAt = optionalNumber(item, 'cancellation_requested_at');
  const completedAt = optionalNumber(item, 'completed_at');
  const token = optionalText(item, 'token');
  const outputs = storedOf(item, 'outputs');
  return {
    org: text(item, 'org'),
    app: text(item, 'app'),
    pipeline: text(item, 'pipeline'),
    run: item.sk,
    version: text(item, 'version'),
    trigger: text(item, 'trigger'),
    status: oneOf(item, 'status', RUN_STATUSES),
    message: text(item, 'message'),
    createdAt: number(item, 'created_at'),
    createdBy: text(item, 'created_by'),
    runAs: text(item, 'run_as'),
    timeoutSeconds: number(item, 'timeout'),
    ...(executingAt === undefined ? {} : { executingAt }),
    ...(cancellationRequestedAt === undefined ? {} : { cancellationRequestedAt }),
    ...(completedAt === undefined ? {} : { completedAt }),
    waitingFor: item.waiting_for === undefined ? {} : textMap(item, 'waiting_for'),
    epoch: number(item, 'epoch'),
    released: optionalNumber(item, 'released') ?? 0,
    signal: number(item, 'signal'),
    ...(token === undefined ? {} : { token }),
    inputs: storedOf(item, 'inputs') ?? { text: '{}' },
    ...(outputs === undefined ? {} : { outputs }),
  };
}
