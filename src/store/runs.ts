import type { JsonObject } from '../json.ts';
import type { Item, Key, Put, Table, Value } from '../ports/table.ts';
import { isMap, number, oneOf, optionalNumber, optionalText, text, textMap, texts } from './fields.ts';
import { openPosition, openRuns, openShardOf, type RunPath, runKey, runsOfOrg } from './keys.ts';
import { INLINE_LIMIT, largePuts, partCount, readLarge } from './large.ts';

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
  /** When a worker first saw that the run is to end: its clean-up has its time from then. */
  readonly cleanupSince?: number;
  readonly completedAt?: number;
  /** Job id -> what it waits for. */
  readonly waitingFor: Readonly<Record<string, string>>;
  /** Number of the invocation of RunJobs that may write; 0: none came yet. */
  readonly epoch: number;
  /** The last epoch that ended its work by itself: it will not write again. */
  readonly released: number;
  /** How many times the run went on in another execution. */
  readonly execution: number;
  /** Counts what came from outside: decisions, cancellations, callbacks. */
  readonly signal: number;
  /** Task token of the state that waits for a signal. */
  readonly token?: string;
  /** The last signal that was known to who left the token. */
  readonly parkedSignal?: number;
  /** When the state that waits comes to its end by itself; milliseconds since the epoch. */
  readonly wakesAt?: number;
  readonly inputs: Stored;
  /** Inputs that are secret, by name, each sealed; in `inputs` a mask stands in their place. */
  readonly sealedInputs?: Stored;
  readonly outputs?: Stored;
  /** Runs of one group exclude each other. */
  readonly group?: RunGroup;
  /** It cancels the runs of its group that are older. Whoever started it may. */
  readonly cancels?: true;
  /** The item that keeps the Idempotency-Key of the request that started this run. */
  readonly idempotency?: Key;
  readonly restartOf?: string;
  /** Of a run that an event started: how many events are before it, each of which was about the run before. */
  readonly eventDepth?: number;
  /** Jobs of the run before this one were copied: there are records at the first epoch already. */
  readonly kept: boolean;
  /** Why it was asked to end, where it was not a person who asked. */
  readonly cancellationReason?: string;
  readonly envIds: readonly string[];
  /** The step of a run, of the same org, that called this one. */
  readonly calledBy?: CalledBy;
};

export type CalledBy = {
  readonly app: string;
  readonly pipeline: string;
  readonly run: string;
  /** Id of the job, place of the step in it. */
  readonly job: string;
  readonly step: number;
  /** 1: that run was called by nobody. */
  readonly depth: number;
  /** Who started the first run of them all. */
  readonly startedBy: string;
};

/** Of one app. `limit`: so many of its runs may be at work at the same time. */
export type RunGroup = { readonly name: string; readonly limit: number };

/** JSON text, in the record itself or in this many parts beside it, whose name has the tag behind it. */
export type Stored = { readonly text: string } | { readonly parts: number; readonly tag?: string };

export type NewRun = Pick<
  RunRecord,
  'org' | 'app' | 'pipeline' | 'run' | 'version' | 'trigger' | 'createdAt' | 'createdBy' | 'runAs' | 'timeoutSeconds'
> &
  Partial<
    Pick<RunRecord, 'group' | 'cancels' | 'idempotency' | 'restartOf' | 'eventDepth' | 'kept' | 'envIds' | 'calledBy'>
  > & {
    readonly inputs: JsonObject;
    readonly sealedInputs?: Readonly<Record<string, string>>;
    /** Needed where two writers may create one run at the same time: neither overwrites the parts of the other. */
    readonly partsTag?: string;
  };

/** `exists`: a run of this id stood there already, and is answered as it is. */
export type CreatedRun = { readonly outcome: 'created' | 'exists'; readonly run: RunRecord };

/**
 * Parts first, then the record, which is the commit point. `expiresAt` (seconds since the epoch) is for the parts of a
 * run that never came to be; they outlive any run that did.
 */
export async function createRun(table: Table, run: NewRun, expiresAt: number): Promise<CreatedRun> {
  const texts: Readonly<Record<string, string>> = {
    inputs: JSON.stringify(run.inputs),
    ...(run.sealedInputs === undefined ? {} : { sealed_inputs: JSON.stringify(run.sealedInputs) }),
  };
  const fields: Record<string, Value> = {};
  const parts: Put[] = [];
  for (const [name, source] of Object.entries(texts)) {
    if (source.length <= INLINE_LIMIT) {
      fields[name] = source;
      continue;
    }
    fields[`${name}_parts`] = partCount(source);
    parts.push(...largePuts(run.run, taggedName(name, run.partsTag), source, { expires_at: expiresAt }));
  }
  if (parts.length > 0 && run.partsTag !== undefined) fields.parts_tag = run.partsTag;
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
    ...(run.group === undefined ? {} : { run_group: run.group.name, group_limit: run.group.limit }),
    ...(run.cancels === undefined ? {} : { cancels: true }),
    ...(run.idempotency === undefined ? {} : { idempotency: { pk: run.idempotency.pk, sk: run.idempotency.sk } }),
    ...(run.restartOf === undefined ? {} : { restart_of: run.restartOf }),
    ...(run.eventDepth === undefined ? {} : { event_depth: run.eventDepth }),
    ...(run.kept === true ? { kept: true } : {}),
    ...(run.envIds === undefined || run.envIds.length === 0 ? {} : { env_ids: run.envIds }),
    ...(run.calledBy === undefined ? {} : { called_by: run.calledBy }),
    ...fields,
  };
  const commit: Put = { put: item, when: [[{ name: 'pk', is: 'absent' }]] };
  const written = await table.writeInOrder(parts.length > 0 ? [parts, [commit]] : [[commit]]);
  const last = written.at(-1);
  if (last?.done === true) return { outcome: 'created', run: runOfItem(item) };
  if (last?.item === undefined) throw new Error(`run ${run.run} was not written`);
  return { outcome: 'exists', run: runOfItem(last.item) };
}

/** Parts of a run by their name; those that a tag tells apart have it behind the name. */
export const taggedName = (name: string, tag: string | undefined): string =>
  tag === undefined ? name : `${name}.${tag}`;

export async function getRun(table: Table, path: RunPath, consistent = true): Promise<RunRecord | undefined> {
  const item = await table.get(runKey(path), { consistent });
  return item === undefined ? undefined : runOfItem(item);
}

export async function readStored(table: Table, run: string, name: string, stored: Stored): Promise<JsonObject> {
  return JSON.parse(await readStoredText(table, run, name, stored)) as JsonObject;
}

/** `name`: `inputs`, `sealed_inputs` or `outputs`. */
export async function readStoredText(table: Table, run: string, name: string, stored: Stored): Promise<string> {
  return 'text' in stored ? stored.text : readLarge(table, run, taggedName(name, stored.tag), stored.parts);
}

function storedOf(item: Item, name: string): Stored | undefined {
  const parts = optionalNumber(item, `${name}_parts`);
  const tag = optionalText(item, 'parts_tag');
  if (parts !== undefined) return tag === undefined || name === 'outputs' ? { parts } : { parts, tag };
  const source = optionalText(item, name);
  return source === undefined ? undefined : { text: source };
}

export function runOfItem(item: Item): RunRecord {
  const executingAt = optionalNumber(item, 'executing_at');
  const cancellationRequestedAt = optionalNumber(item, 'cancellation_requested_at');
  const cleanupSince = optionalNumber(item, 'cleanup_since');
  const completedAt = optionalNumber(item, 'completed_at');
  const wakesAt = optionalNumber(item, 'wakes_at');
  const token = optionalText(item, 'token');
  const parkedSignal = optionalNumber(item, 'parked_signal');
  const outputs = storedOf(item, 'outputs');
  const sealedInputs = storedOf(item, 'sealed_inputs');
  const group = optionalText(item, 'run_group');
  const restartOf = optionalText(item, 'restart_of');
  const eventDepth = optionalNumber(item, 'event_depth');
  const cancellationReason = optionalText(item, 'cancellation_reason');
  const idempotency = item.idempotency === undefined ? undefined : textMap(item, 'idempotency');
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
    ...(cleanupSince === undefined ? {} : { cleanupSince }),
    ...(completedAt === undefined ? {} : { completedAt }),
    waitingFor: item.waiting_for === undefined ? {} : textMap(item, 'waiting_for'),
    epoch: number(item, 'epoch'),
    released: optionalNumber(item, 'released') ?? 0,
    execution: optionalNumber(item, 'execution') ?? 0,
    signal: number(item, 'signal'),
    ...(token === undefined ? {} : { token }),
    ...(parkedSignal === undefined ? {} : { parkedSignal }),
    ...(wakesAt === undefined ? {} : { wakesAt }),
    inputs: storedOf(item, 'inputs') ?? { text: '{}' },
    ...(sealedInputs === undefined ? {} : { sealedInputs }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(group === undefined ? {} : { group: { name: group, limit: number(item, 'group_limit') } }),
    ...(item.cancels === true ? { cancels: true } : {}),
    ...(idempotency?.pk === undefined || idempotency.sk === undefined
      ? {}
      : { idempotency: { pk: idempotency.pk, sk: idempotency.sk } }),
    ...(restartOf === undefined ? {} : { restartOf }),
    ...(eventDepth === undefined ? {} : { eventDepth }),
    kept: item.kept === true,
    ...(cancellationReason === undefined ? {} : { cancellationReason }),
    envIds: item.env_ids === undefined ? [] : texts(item, 'env_ids'),
    ...(item.called_by === undefined ? {} : { calledBy: callerOf(item) }),
  };
}

function callerOf(item: Item): CalledBy {
  // Read as an item of its own, with the key of the whole, so that a report says where it is.
  const entry: Item = { ...(isMap(item.called_by) ? item.called_by : {}), pk: item.pk, sk: item.sk };
  return {
    app: text(entry, 'app'),
    pipeline: text(entry, 'pipeline'),
    run: text(entry, 'run'),
    job: text(entry, 'job'),
    step: number(entry, 'step'),
    depth: number(entry, 'depth'),
    startedBy: text(entry, 'startedBy'),
  };
}
