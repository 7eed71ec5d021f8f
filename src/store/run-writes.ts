import type { JsonObject } from '../json.ts';
import type { Condition, Item, Put, Table, Update } from '../ports/table.ts';
import { cut, MESSAGE_BYTES } from './cut.ts';
import { oneOf } from './fields.ts';
import { type RunPath, runKey } from './keys.ts';
import { INLINE_LIMIT, largePuts, partCount } from './large.ts';
import { RUN_STATUSES, type RunEnd, type RunRecord, type RunStatus, runOfItem } from './runs.ts';

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

/** The worker of `epoch` stops until a signal or, at the latest, `wakesAt`; it will not write again. */
export function releaseWrite(
  path: RunPath,
  epoch: number,
  waitingFor: Readonly<Record<string, string>>,
  { envIds = [], wakesAt }: { readonly envIds?: readonly string[]; readonly wakesAt?: number } = {},
): Update {
  const alarm = wakesAt === undefined ? {} : { wakes_at: wakesAt };
  return {
    update: runKey(path),
    set: { released: epoch, waiting_for: waitingFor, ...alarm, ...environmentsOf(envIds) },
    when: ofEpoch(epoch),
  };
}

/** From when the clean-up of a run has its time. Only the first worker that sees the run being cancelled says so. */
export const cleanupWrite = (path: RunPath, epoch: number, since: number): Update => ({
  update: runKey(path),
  set: { cleanup_since: since },
  when: ofEpoch(epoch),
});

const environmentsOf = (envIds: readonly string[]) => (envIds.length === 0 ? {} : { env_ids: envIds });

export type RunOutcome = {
  readonly status: RunEnd;
  readonly message: string;
  readonly completedAt: number;
  readonly outputs?: JsonObject;
  /** Environments that the run had to do with. */
  readonly envIds?: readonly string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
};

/** Attributes by which a run is in the index of open ones. */
const OPEN = ['gsi2pk', 'gsi2sk'];

/**
 * Groups of writes that end a run; the last one is the commit point. A run that was asked to end does so as cancelled:
 * any other end is refused then. `staysOpen`: in the index of open runs, until `closeAbandonedRun`.
 */
export function finishWrites(path: RunPath, epoch: number, outcome: RunOutcome, staysOpen = false): (Put | Update)[][] {
  const outputs = outcome.outputs === undefined ? undefined : JSON.stringify(outcome.outputs);
  const large = outputs !== undefined && outputs.length > INLINE_LIMIT;
  const end: Update = {
    update: runKey(path),
    set: {
      status: outcome.status,
      message: cut(outcome.message, MESSAGE_BYTES),
      completed_at: outcome.completedAt,
      expires_at: outcome.expiresAt,
      ...environmentsOf(outcome.envIds ?? []),
      ...(outputs === undefined ? {} : large ? { outputs_parts: partCount(outputs) } : { outputs }),
    },
    remove: [...(staysOpen ? [] : OPEN), 'token', 'waiting_for'],
    when: outcome.status === 'cancelled' ? ofEpoch(epoch) : ofEpoch(epoch).map(tests => [...tests, NOT_CANCELLED]),
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
    set: { token, parked_signal: seen.signal },
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

/**
 * Ends a run that no worker will end any more. It stays in the index of open runs until `closeAbandonedRun`. Undefined: it
 * is over, or somebody took it since it was seen at this epoch.
 */
export async function endAbandonedRun(
  table: Table,
  path: RunPath,
  seen: number,
  outcome: RunOutcome,
): Promise<RunRecord | undefined> {
  const ofSeen = { name: 'epoch', is: '=', value: seen } as const;
  const when = [...hasStatus('queued'), ...hasStatus('executing')].map(tests => [...tests, ofSeen]);
  const { done, item } = await table.write(endWrite(path, outcome, when));
  return done && item !== undefined ? runOfItem(item) : undefined;
}

/** All that follows from the end of an abandoned run is done. */
export async function closeAbandonedRun(table: Table, path: RunPath): Promise<void> {
  await table.write({
    update: runKey(path),
    remove: OPEN,
    when: [[{ name: 'completed_at', is: 'present' }]],
  });
}

/** The run goes on in another execution; Undefined: it is not its any more. */
export async function nextExecution(table: Table, run: RunRecord): Promise<RunRecord | undefined> {
  const { done, item } = await table.write({
    update: runKey(run),
    // A worker before this one that did not end by itself stays to be fenced off.
    set: { execution: run.execution + 1, ...(run.released === run.epoch - 1 ? { released: run.epoch + 1 } : {}) },
    // Whoever saw the run in its last execution is to see that something happened.
    add: { epoch: 1 },
    when: ofEpoch(run.epoch),
  });
  return done && item !== undefined ? runOfItem(item) : undefined;
}

/**
 * Ends a run that did not begin. It stays in the index of open runs until `closeAbandonedRun`. Answers what stands there
 * then: a run that is over, or one that began first.
 */
export async function endQueuedRun(
  table: Table,
  path: RunPath,
  outcome: RunOutcome,
  cancellationRequestedAt?: number,
): Promise<{ readonly done: boolean; readonly run?: RunRecord }> {
  const end = endWrite(path, outcome, hasStatus('queued'));
  const more = cancellationRequestedAt === undefined ? {} : { cancellation_requested_at: cancellationRequestedAt };
  const { done, item } = await table.write({ ...end, set: { ...end.set, ...more } });
  return item === undefined ? { done } : { done, run: runOfItem(item) };
}

function endWrite(path: RunPath, outcome: RunOutcome, when: Condition): Update {
  return {
    update: runKey(path),
    set: {
      status: outcome.status,
      message: cut(outcome.message, MESSAGE_BYTES),
      completed_at: outcome.completedAt,
      expires_at: outcome.expiresAt,
    },
    add: { epoch: 1 },
    remove: ['token', 'waiting_for'],
    when,
  };
}

/** What a signal brings along. Only the first request to cancel counts. */
export type SignalChange = { readonly cancel: { readonly at: number; readonly reason?: string } };

/**
 * Something came from outside for a run that executes: one write counts it and answers the record with the token of
 * whoever waits for it. `done` false: the run does not execute; what stands there is answered.
 */
export async function writeSignal(
  table: Table,
  path: RunPath,
  change?: SignalChange,
): Promise<{ readonly done: boolean; readonly run?: RunRecord }> {
  const signal: Update = { update: runKey(path), add: { signal: 1 }, when: hasStatus('executing') };
  if (change !== undefined) {
    const { at, reason } = change.cancel;
    const { done, item } = await table.write({
      ...signal,
      set: { cancellation_requested_at: at, ...(reason === undefined ? {} : { cancellation_reason: reason }) },
      when: [[{ name: 'status', is: '=', value: 'executing' }, NOT_CANCELLED]],
    });
    if (done && item !== undefined) return { done, run: runOfItem(item) };
  }
  const { done, item } = await table.write(signal);
  return item === undefined ? { done } : { done, run: runOfItem(item) };
}

const NOT_CANCELLED = { name: 'cancellation_requested_at', is: 'absent' } as const;

/** The record in the answer of a refused write, if the worker of `epoch` may write it all the same. */
export function stillOf(epoch: number, item: Item | undefined): RunRecord | undefined {
  const mine = item?.epoch === epoch && item.status === 'executing';
  return mine ? runOfItem(item) : undefined;
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
