import { decide } from '../access/decide.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PipelineCall, TriggerType } from '../language/pipeline.ts';
import type { Key } from '../ports/table.ts';
import { beginRun } from '../run/begin-run.ts';
import type { StartedAs } from '../run/contexts.ts';
import type { Definition } from '../run/definitions.ts';
import { wasDeleted } from '../run/was-deleted.ts';
import { type KeptKey, keepKey, readKey } from '../store/idempotency.ts';
import type { PipelinePath } from '../store/keys.ts';
import { type CalledBy, getRun, createRun as putRun, type RunGroup, type RunRecord } from '../store/runs.ts';
import type { Caller } from './authenticate.ts';
import { type Idempotency, KEY_REUSED, RUN_DELETED } from './idempotency.ts';
import { checkInputs, inputsOfTrigger } from './inputs.ts';
import { describeError, reportTo } from './log.ts';
import type { ApiDependencies } from './operation.ts';
import { isRefusal, type Refusal } from './reply.ts';
import { groupOfNewRun } from './run-group.ts';
import { maskInputs, sealInputs } from './seal-inputs.ts';
import { startIdentity } from './start-identity.ts';

/** What a start needs, wherever it comes from; a worker, reconcile and events have it as well as the API. */
export type StartDependencies = Pick<
  ApiDependencies,
  | 'table'
  | 'executions'
  | 'clock'
  | 'ids'
  | 'vault'
  | 'log'
  | 'retentionDays'
  | 'baseUrl'
  | 'settleBatch'
  | 'tell'
  | 'measure'
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
  /**
   * The id was committed before, in the item `kept`; whoever comes meanwhile starts the very same run. (`kept` gets
   * `deleted` when the run is deleted.)
   */
  readonly committed?: { readonly run: string; readonly kept?: Key };
  /** The step of a run that calls this one. */
  readonly calledBy?: CalledBy;
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
  /** What it takes. */
  readonly call: PipelineCall;
  /** As they are to be kept, but not sealed yet. */
  readonly inputs: JsonObject;
  readonly masked: JsonObject;
  readonly runAs: string;
  readonly timeoutSeconds: number;
};

/** Judges everything that can forbid a start. */
export async function prepareRun(
  deps: Pick<StartDependencies, 'table'>,
  request: StartRequest,
): Promise<PreparedRun | Refusal> {
  const { definition, caller, path } = request;
  const { pipeline, version } = definition;
  const { trigger } = request;
  const call = await inputsOfTrigger(pipeline, trigger);
  if (isRefusal(call)) return call;
  const inputs = await checkInputs(pipeline, request.inputs, Object.keys(request.sealed ?? {}), trigger);
  if (isRefusal(inputs)) return inputs;
  const identity = await startIdentity(deps, pipeline, version.createdBy, caller, path);
  if (isRefusal(identity)) return identity;
  return {
    call,
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
  const { idempotency, committed, path } = request;
  const known = idempotency === undefined ? undefined : await readKey(deps.table, idempotency.key, deps.clock.now());
  const replayed = known === undefined ? undefined : await replay(deps, path, idempotency, known);
  if (replayed !== undefined) return replayed;

  const prepared = await prepareRun(deps, request);
  if (isRefusal(prepared)) return prepared;
  const fresh = committed?.run ?? known?.run ?? deps.ids.ordered();
  const group = await groupFor(deps, request, prepared, fresh);
  if (group !== undefined && isRefusal(group)) return group;
  const create = (id: string, own: boolean) => createAndBegin(deps, request, prepared, group, { id, own }, meanwhile);
  if (committed !== undefined) return create(fresh, false);
  if (idempotency === undefined) return create(fresh, true);
  if (known !== undefined) return create(fresh, false);

  const { fingerprint, key, keptFor } = idempotency;
  const kept = await keepKey(deps.table, key, { run: fresh, fingerprint }, deps.clock.now(), keptFor);
  if (kept.run === fresh) return create(fresh, true);
  return (await replay(deps, path, idempotency, kept)) ?? create(kept.run, false);
}

/** What a request that came before with this key says, whatever has become of what it refers to. Undefined: nothing yet. */
export async function findReplay(
  deps: ApiDependencies,
  path: PipelinePath,
  idempotency: Idempotency | undefined,
): Promise<StartedRun | Refusal | undefined> {
  const known = idempotency === undefined ? undefined : await readKey(deps.table, idempotency.key, deps.clock.now());
  return known === undefined ? undefined : replay(deps, path, idempotency, known);
}

/** What a key that was used before says. Undefined: its run is not there yet. */
async function replay(
  deps: StartDependencies,
  { org, app, pipeline }: PipelinePath,
  idempotency: Idempotency | undefined,
  kept: KeptKey,
): Promise<StartedRun | Refusal | undefined> {
  if (kept.fingerprint !== idempotency?.fingerprint) return KEY_REUSED;
  if (kept.deleted) return RUN_DELETED;
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
  const { definition, caller, trigger, idempotency, committed, path } = request;
  const { org, app, pipeline } = path;
  const kept = idempotency?.key ?? committed?.kept;
  const now = clock.now();
  const expiresAt = expiryOfParts(now, prepared.timeoutSeconds, retentionDays);
  const [sealed] = await Promise.all([
    sealInputs(vault, path, prepared.call, prepared.inputs, request.sealed),
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
      ...(group === undefined ? {} : { group, ...(cancelsOthers(request) ? { cancels: true } : {}) }),
      ...(kept === undefined ? {} : { idempotency: kept }),
      ...(own && idempotency === undefined ? {} : { partsTag: ids.uuid() }),
      ...(request.calledBy === undefined ? {} : { calledBy: request.calledBy }),
      envIds: environmentsOf(trigger, prepared.inputs),
      ...(request.restartOf === undefined ? {} : { restartOf: request.restartOf }),
      ...(request.eventDepth === undefined ? {} : { eventDepth: request.eventDepth }),
      kept: request.keep !== undefined,
    },
    expiresAt,
  );
  if (outcome === 'created') deps.measure?.({ metric: 'RunsStarted', value: 1 });
  const replayed = !own;
  if (outcome === 'exists' && !own) {
    // Whoever created it may have died before it began.
    if (committed !== undefined && run.status === 'queued') await begin(deps, request, run);
    return { run, replayed };
  }
  // Somebody else with the same key may have been faster by so much that the run was, ended and was deleted meanwhile.
  if (outcome === 'created' && (await wasDeleted(deps, run))) return RUN_DELETED;
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

/** A deployment request is about an environment from the start. */
function environmentsOf(trigger: TriggerType, { env_id }: JsonObject): readonly string[] {
  return trigger === 'deployment_request' && typeof env_id === 'string' ? [env_id] : [];
}

/** Whether a run of this request cancels those of its group that are older: only for somebody who may. */
export function cancelsOthers({ definition, caller, path }: StartRequest): boolean {
  const { org, app } = path;
  const asked = definition.pipeline.concurrency?.cancelInProgress === true;
  return asked && decide(caller.roles, 'runs.cancel', { org, app }).allowed;
}

/** The record was the commit point: a run whose start fails here stays queued, and reconcile starts it. */
async function begin(deps: StartDependencies, { requestId }: StartRequest, run: RunRecord): Promise<void> {
  try {
    await beginRun({ ...deps, report: reportTo(deps.log) }, run);
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
