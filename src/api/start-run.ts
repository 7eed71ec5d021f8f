import { decide } from '../access/decide.ts';
import type { Json, JsonObject } from '../json.ts';
import type { TriggerType } from '../language/pipeline.ts';
import { beginRun } from '../run/begin-run.ts';
import type { StartedAs } from '../run/contexts.ts';
import type { Definition } from '../run/definitions.ts';
import { deleteRun } from '../store/delete-run.ts';
import { type KeptKey, keepKey, readKey } from '../store/idempotency.ts';
import type { PipelinePath } from '../store/keys.ts';
import { getRun, createRun as putRun, type RunGroup, type RunRecord } from '../store/runs.ts';
import type { Caller } from './authenticate.ts';
import { type Idempotency, KEY_REUSED, RUN_DELETED } from './idempotency.ts';
import { callOf, checkInputs } from './inputs.ts';
import { describeError } from './log.ts';
import type { ApiDependencies } from './operation.ts';
import { isRefusal, type Refusal } from './reply.ts';
import { groupOfNewRun } from './run-group.ts';
import { maskInputs, sealInputs } from './seal-inputs.ts';
import { startIdentity } from './start-identity.ts';

/** What a start needs, wherever it comes from. */
export type StartDependencies = Pick<
  ApiDependencies,
  'table' | 'executions' | 'clock' | 'ids' | 'vault' | 'log' | 'retentionDays' | 'baseUrl' | 'tell'
>;

/** What a run is started from, whoever starts it and why. */
export type StartRequest = {
  readonly path: PipelinePath;
  readonly definition: Definition;
  readonly caller: Caller;
  readonly trigger: TriggerType;
  /** As they came. */
  readonly inputs: Json | undefined;
  /** Secret inputs that were sealed before; they are not among `inputs`. */
  readonly sealed?: Readonly<Record<string, string>>;
  readonly idempotency?: Idempotency | undefined;
  readonly restartOf?: string;
  /** See `RunRecord`. */
  readonly eventDepth?: number;
  /** Writes what the run keeps of the one before it. Its record comes after that. `expiresAt`: seconds since the epoch. */
  readonly keep?: (run: string, expiresAt: number) => Promise<void>;
  readonly requestId: string;
};

export type StartedRun = { readonly run: RunRecord; readonly replayed: boolean };

/** A run that may be started, down to everything but its id. */
export type PreparedRun = {
  /** As they are to be kept, but not sealed yet. */
  readonly inputs: JsonObject;
  readonly masked: JsonObject;
  readonly runAs: string;
  readonly timeoutSeconds: number;
};

/** Judges everything that can forbid a start. */
export async function prepareRun(deps: StartDependencies, request: StartRequest): Promise<PreparedRun | Refusal> {
  const { definition, caller, path, trigger } = request;
  const { pipeline, version } = definition;
  const call = callOf(pipeline, trigger);
  if (isRefusal(call)) return call;
  const inputs = await checkInputs(pipeline, request.inputs, Object.keys(request.sealed ?? {}), trigger);
  if (isRefusal(inputs)) return inputs;
  const identity = await startIdentity(deps, pipeline, version.createdBy, caller, path);
  if (isRefusal(identity)) return identity;
  return {
    inputs: inputs.value,
    masked: maskInputs(call, inputs.value, Object.keys(request.sealed ?? {})),
    runAs: identity.runAs,
    timeoutSeconds: pipeline.timeoutMinutes * 60,
  };
}

/** The concurrency group that the run with this id would be of. */
export function groupFor(
  { baseUrl = '' }: Pick<ApiDependencies, 'baseUrl'>,
  request: StartRequest,
  prepared: PreparedRun,
  id: string,
): Promise<RunGroup | Refusal | undefined> {
  const { definition, path, caller, trigger } = request;
  const { org, app, pipeline } = path;
  const run: StartedAs = {
    org,
    app,
    pipeline,
    run: id,
    version: definition.version.version,
    runAs: prepared.runAs,
    createdBy: caller.id,
    trigger,
  };
  return groupOfNewRun(definition.pipeline, run, prepared.masked, baseUrl);
}

/**
 * Starts a run, once for each Idempotency-Key: the key is committed to the id of a run before the run is created under
 * it, so whoever comes with the same key meanwhile creates the very same run, or finds it. `meanwhile` is done at the same
 * time as the execution is started.
 */
export async function startRun(
  deps: StartDependencies,
  request: StartRequest,
  meanwhile: (run: RunRecord) => Promise<void>,
): Promise<StartedRun | Refusal> {
  const { idempotency } = request;
  const known = idempotency === undefined ? undefined : await readKey(deps.table, idempotency.key, deps.clock.now());
  const replayed = known === undefined ? undefined : await replay(deps, request, known);
  if (replayed !== undefined) return replayed;

  const prepared = await prepareRun(deps, request);
  if (isRefusal(prepared)) return prepared;
  const fresh = known?.run ?? deps.ids.ordered();
  const group = await groupFor(deps, request, prepared, fresh);
  if (group !== undefined && isRefusal(group)) return group;
  const create = (id: string, own: boolean) => createAndBegin(deps, request, prepared, group, { id, own }, meanwhile);
  if (idempotency === undefined) return create(fresh, true);
  if (known !== undefined) return create(fresh, false);

  const { fingerprint, key, keptFor } = idempotency;
  const kept = await keepKey(deps.table, key, { run: fresh, fingerprint }, deps.clock.now(), keptFor);
  if (kept.run === fresh) return create(fresh, true);
  return (await replay(deps, request, kept)) ?? create(kept.run, false);
}

/** What a key that was used before says. Undefined: its run is not there yet. */
async function replay(
  deps: StartDependencies,
  request: StartRequest,
  kept: KeptKey,
): Promise<StartedRun | Refusal | undefined> {
  if (kept.fingerprint !== request.idempotency?.fingerprint) return KEY_REUSED;
  if (kept.deleted) return RUN_DELETED;
  const { org, app, pipeline } = request.path;
  const run = await getRun(deps.table, { org, app, pipeline, run: kept.run });
  return run === undefined ? undefined : { run, replayed: true };
}

/** `own`: nobody else creates a run under this id. */
async function createAndBegin(
  deps: StartDependencies,
  request: StartRequest,
  prepared: PreparedRun,
  group: RunGroup | undefined,
  { id, own }: { readonly id: string; readonly own: boolean },
  meanwhile: (run: RunRecord) => Promise<void>,
): Promise<StartedRun | Refusal> {
  const { table, clock, ids, vault, retentionDays } = deps;
  const { definition, caller, trigger, idempotency, path } = request;
  const { org, app, pipeline } = path;
  const call = callOf(definition.pipeline, trigger);
  if (isRefusal(call)) return call;
  const now = clock.now();
  const expiresAt = expiryOfParts(now, prepared.timeoutSeconds, retentionDays);
  const [sealed] = await Promise.all([
    sealInputs(vault, path, call, prepared.inputs, request.sealed),
    request.keep?.(id, expiresAt),
  ]);
  const { outcome, run } = await putRun(
    table,
    {
      org,
      app,
      pipeline,
      run: id,
      version: definition.version.version,
      trigger,
      createdAt: now,
      createdBy: caller.id,
      runAs: prepared.runAs,
      timeoutSeconds: prepared.timeoutSeconds,
      ...sealed,
      ...(group === undefined ? {} : { group }),
      ...(idempotency === undefined ? {} : { idempotency: idempotency.key, partsTag: ids.uuid() }),
      ...(request.restartOf === undefined ? {} : { restartOf: request.restartOf }),
      ...(request.eventDepth === undefined ? {} : { eventDepth: request.eventDepth }),
      kept: request.keep !== undefined,
    },
    expiresAt,
  );
  const replayed = !own;
  if (outcome === 'exists' && !own) return { run, replayed };
  // Whoever creates for another may be so late that the run was, ended and was deleted meanwhile.
  if (idempotency !== undefined && !own && (await readKey(table, idempotency.key, now))?.deleted === true) {
    await deleteRun(table, run);
    return RUN_DELETED;
  }
  await Promise.all([begin(deps, request, run), meanwhile(run)]);
  return { run, replayed };
}

/**
 * Parts that lie beside the record of the run have to outlive it, whenever it ends: a run waits at most its time-out to
 * begin and takes at most its time-out, and stays for the retention; one day more, because ends are never exact.
 */
function expiryOfParts(now: number, timeoutSeconds: number, retentionDays: number): number {
  return Math.ceil(now / 1_000) + 2 * timeoutSeconds + (retentionDays + 1) * SECONDS_PER_DAY;
}

const SECONDS_PER_DAY = 86_400;

/** The record was the commit point: a run whose start fails here stays queued, and reconcile starts it. */
async function begin(
  deps: StartDependencies,
  { caller, definition, requestId }: StartRequest,
  run: RunRecord,
): Promise<void> {
  const { org, app } = run;
  const cancelOthers =
    definition.pipeline.concurrency?.cancelInProgress === true &&
    decide(caller.roles, 'runs.cancel', { org, app }).allowed;
  try {
    await beginRun(deps, run, cancelOthers);
  } catch (error) {
    deps.log({
      level: 'warning',
      message: 'the execution of a run did not start; the run stays queued until reconcile starts it',
      requestId,
      run: run.run,
      ...describeError(error),
    });
  }
}
