import type { JsonObject } from '../json.ts';
import type { Item, Table, Update, Value, Write } from '../ports/table.ts';
import { cut, MESSAGE_BYTES, NAME_BYTES } from './cut.ts';
import { isMap, jsonObject, list, number, oneOf, optionalNumber, optionalText, text, textMap } from './fields.ts';
import { JOB_PREFIX, jobKey, partsOfRun } from './keys.ts';
import { largePuts, readLarge } from './large.ts';
import { type LogLine, linesOf, linesToValue } from './log-lines.ts';
import { notNewerThan } from './run-writes.ts';

export const PART_STATUSES = ['pending', 'executing', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
/** Status of a job or a step. */
export type PartStatus = (typeof PART_STATUSES)[number];

export const hasEnded = (status: PartStatus): boolean => status !== 'pending' && status !== 'executing';

export type Wait = {
  /** `time(2026-01-01T00:00:00.000Z)` */
  readonly for: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** What the action wants to see again. */
  readonly state: JsonObject;
  /** The pause before another attempt: the action is not asked before it is over. */
  readonly retry?: true;
};

/** Times are milliseconds since the epoch. A step that never began has no record. */
export type StepRecord = {
  readonly status: PartStatus;
  readonly message: string;
  /** Only where the definition holds an expression; else it is read from there. */
  readonly name?: string;
  readonly createdAt: number;
  readonly completedAt?: number;
  readonly timeoutSeconds?: number;
  /** It failed and the job goes on all the same. */
  readonly continued?: boolean;
  /** It began after the run was cancelled: to clean up. */
  readonly cleanup?: boolean;
  /** Kept while the job is open: later steps may read them. */
  readonly outputs?: JsonObject;
  readonly wait?: Wait;
  /** From 1; absent: 1. */
  readonly attempt?: number;
  /** What it made or touched elsewhere: the kind of it, its id. */
  readonly related?: Readonly<Record<string, string>>;
};

export type JobRecord = {
  /** Place in the definition. */
  readonly index: number;
  readonly status: PartStatus;
  readonly message: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly completedAt?: number;
  readonly timeoutSeconds?: number;
  /** It failed and the run goes on all the same. */
  readonly continued?: boolean;
  /** It began after the run was cancelled: to clean up. */
  readonly cleanup?: boolean;
  readonly outputs?: JsonObject;
  readonly steps: readonly (StepRecord | undefined)[];
  /** All log lines of a job that ended with few: they are the chunk 0, which then is no item of its own. */
  readonly log?: readonly LogLine[];
};

/** A record as it stands in the table. `logChunks`: how many chunks of log lines belong to it. */
export type StoredJob = JobRecord & { readonly logChunks: number };

/** What every write of a worker carries. `expiresAt`: seconds since the epoch. */
export type Fence = { readonly run: string; readonly epoch: number; readonly expiresAt: number };

/** Large values that this worker has written, by name: each is written once, not with every change of its job. */
export type WrittenValues = Map<string, { readonly value: JsonObject; readonly parts: number }>;

/** Bytes of JSON that lie in the record itself, per step: 100 steps must fit an item together. */
const INLINE_BYTES = 512;

/** Groups of writes that make a job's record durable: what is large first, then the record that refers to it. */
export function jobWrites(
  fence: Fence,
  record: JobRecord,
  logChunks: number,
  written: WrittenValues,
): { readonly large: readonly Write[]; readonly record: Write } {
  const when = notNewerThan(fence.epoch);
  const more = { epoch: fence.epoch, expires_at: fence.expiresAt };
  const large: Write[] = [];
  const stored = (
    name: string,
    attribute: string,
    value: JsonObject | undefined,
  ): { readonly [name: string]: Value } => {
    if (value === undefined) return {};
    const known = written.get(name);
    if (known?.value === value) return { [`${attribute}_parts`]: known.parts };
    const source = JSON.stringify(value);
    if (Buffer.byteLength(source) <= INLINE_BYTES) return { [attribute]: source };
    const puts = largePuts(fence.run, name, source, more, when);
    large.push(...puts);
    written.set(name, { value, parts: puts.length });
    return { [`${attribute}_parts`]: puts.length };
  };
  const open = !hasEnded(record.status);
  const steps = record.steps.map((step, index): Value => {
    if (step === undefined) return null;
    return {
      status: step.status,
      message: cut(step.message, MESSAGE_BYTES),
      created_at: step.createdAt,
      ...(step.name === undefined ? {} : { name: cut(step.name, NAME_BYTES) }),
      ...(step.completedAt === undefined ? {} : { completed_at: step.completedAt }),
      ...(step.timeoutSeconds === undefined ? {} : { timeout: step.timeoutSeconds }),
      ...(step.continued === true ? { continued: true } : {}),
      ...(step.cleanup === true ? { cleanup: true } : {}),
      ...(step.attempt === undefined ? {} : { attempt: step.attempt }),
      ...(step.related === undefined ? {} : { related: step.related }),
      // Nobody reads the outputs of a step once its job is over.
      ...(open ? stored(`${record.index}/${index}`, 'outputs', step.outputs) : {}),
      ...(step.wait === undefined
        ? {}
        : {
            wait_for: cut(step.wait.for, NAME_BYTES),
            wait_until: step.wait.until,
            ...(step.wait.retry === true ? { wait_retry: true } : {}),
            ...stored(`${record.index}/${index}/wait`, 'wait_state', step.wait.state),
          }),
    };
  });
  const item: Item = {
    ...jobKey(fence.run, record.index),
    ...more,
    status: record.status,
    message: cut(record.message, MESSAGE_BYTES),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    ...(record.completedAt === undefined ? {} : { completed_at: record.completedAt }),
    ...(record.timeoutSeconds === undefined ? {} : { timeout: record.timeoutSeconds }),
    ...(record.continued === true ? { continued: true } : {}),
    ...(record.cleanup === true ? { cleanup: true } : {}),
    ...stored(`${record.index}`, 'outputs', record.outputs),
    logs: logChunks,
    ...(record.log === undefined ? {} : { log: linesToValue(record.log) }),
    steps: trimmed(steps),
  };
  return { large, record: { put: item, when } };
}

/**
 * Shuts a worker that was given up on out of a job: from now on only this epoch and later ones may write it. The answer
 * of the write holds the job as it stands, which nobody else can change any more.
 */
export function fenceJob(fence: Fence, index: number): Update {
  return {
    update: jobKey(fence.run, index),
    set: { epoch: fence.epoch, expires_at: fence.expiresAt },
    when: notNewerThan(fence.epoch),
  };
}

/** Records of the jobs that began, by place. `withOutputs`: with what may lie beside the record. */
export async function listJobs(
  table: Table,
  run: string,
  withOutputs: boolean,
): Promise<ReadonlyMap<number, StoredJob>> {
  const page = await table.query({ pk: partsOfRun(run), prefix: JOB_PREFIX, consistent: true });
  const records = await Promise.all(page.items.map(item => jobOfItem(table, run, item, withOutputs)));
  return new Map(records.filter(record => record !== undefined).map(record => [record.index, record]));
}

export async function getJob(table: Table, run: string, index: number): Promise<StoredJob | undefined> {
  const item = await table.get(jobKey(run, index), { consistent: true });
  return item === undefined ? undefined : jobOfItem(table, run, item, true);
}

/** Undefined: the item is only a fence, the job did not begin. */
export async function jobOfItem(
  table: Table,
  run: string,
  item: Item,
  withOutputs: boolean,
): Promise<StoredJob | undefined> {
  if (item.status === undefined) return undefined;
  const index = Number(item.sk.slice(JOB_PREFIX.length));
  const stored = async (source: Item, name: string, attribute: string): Promise<JsonObject | undefined> => {
    if (optionalText(source, attribute) !== undefined) return jsonObject(source, attribute);
    const parts = optionalNumber(source, `${attribute}_parts`);
    if (parts === undefined || !withOutputs) return undefined;
    return JSON.parse(await readLarge(table, run, name, parts)) as JsonObject;
  };
  const outputs = await stored(item, `${index}`, 'outputs');
  const completedAt = optionalNumber(item, 'completed_at');
  const timeoutSeconds = optionalNumber(item, 'timeout');
  return {
    index,
    status: oneOf(item, 'status', PART_STATUSES),
    message: text(item, 'message'),
    createdAt: number(item, 'created_at'),
    updatedAt: number(item, 'updated_at'),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(item.continued === true ? { continued: true } : {}),
    ...(item.cleanup === true ? { cleanup: true } : {}),
    ...(outputs === undefined ? {} : { outputs }),
    steps: await Promise.all(
      list(item, 'steps').map((value, step) =>
        isMap(value)
          ? stepOf({ ...value, pk: item.pk, sk: `${item.sk}[${step}]` }, `${index}/${step}`, stored)
          : undefined,
      ),
    ),
    logChunks: number(item, 'logs'),
    ...(item.log === undefined ? {} : { log: linesOf(item, 'log') }),
  };
}

async function stepOf(
  item: Item,
  large: string,
  stored: (source: Item, name: string, attribute: string) => Promise<JsonObject | undefined>,
): Promise<StepRecord> {
  const name = optionalText(item, 'name');
  const completedAt = optionalNumber(item, 'completed_at');
  const timeoutSeconds = optionalNumber(item, 'timeout');
  const attempt = optionalNumber(item, 'attempt');
  const outputs = await stored(item, large, 'outputs');
  const waitFor = optionalText(item, 'wait_for');
  return {
    status: oneOf(item, 'status', PART_STATUSES),
    message: text(item, 'message'),
    createdAt: number(item, 'created_at'),
    ...(name === undefined ? {} : { name }),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(item.continued === true ? { continued: true } : {}),
    ...(item.cleanup === true ? { cleanup: true } : {}),
    ...(attempt === undefined ? {} : { attempt }),
    ...(item.related === undefined ? {} : { related: textMap(item, 'related') }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(waitFor === undefined
      ? {}
      : {
          wait: {
            for: waitFor,
            until: number(item, 'wait_until'),
            state: (await stored(item, `${large}/wait`, 'wait_state')) ?? {},
            ...(item.wait_retry === true ? { retry: true } : {}),
          },
        }),
  };
}

/** Steps that never began leave nothing behind the last one that did. */
function trimmed(steps: readonly Value[]): readonly Value[] {
  return steps.slice(0, steps.findLastIndex(step => step !== null) + 1);
}
