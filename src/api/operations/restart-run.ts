import type { TriggerType } from '../../language/pipeline.ts';
import { keptJobs } from '../../run/kept-jobs.ts';
import { copyJobs } from '../../store/copy-jobs.ts';
import { getPipeline, type PipelineRecord } from '../../store/pipelines.ts';
import { isOver, type RunRecord, readStored } from '../../store/runs.ts';
import { readJsonObject } from '../body.ts';
import { refuseFormerLending } from '../former-lending.ts';
import { idempotencyOf } from '../idempotency.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderRun, replyEntity } from '../render/index.ts';
import { isRefusal, NOT_FOUND, type Refusal, type Reply, refuse } from '../reply.ts';
import { findReplay, type StartedRun, type StartRequest, startRun } from '../start-run.ts';
import { definitionOfRun, loadVersion } from '../version.ts';

/** A new run with the trigger and the inputs of one that is over; `from: failed` keeps what succeeded in it, but for approvals and what follows them. */
export const restartRun =
  (dependencies: ApiDependencies): Operation<'restartRun'> =>
  async ({ request, caller, loaded, params, audit, auditNow }) => {
    const { table, keys, baseUrl = '' } = dependencies;
    const reply = async (started: StartedRun): Promise<Reply> => {
      const { org, app, pipeline } = params;
      const location = `${baseUrl}/orgs/${org}/apps/${app}/pipelines/${pipeline}/runs/${started.run.run}`;
      const headers = { location, ...(started.replayed ? { 'idempotency-replayed': 'true' } : {}) };
      return replyEntity(201, await renderRun(table, started.run), headers);
    };
    const body =
      request.body === undefined || request.body === '' ? { value: {} } : readJsonObject(request, [], ['from']);
    if (isRefusal(body)) return body;
    const { from } = body.value;
    if (from !== undefined && from !== 'failed') return refuse('INVALID_BODY', "'from' can only be 'failed'.");
    const same = { operation: 'restartRun', run: loaded.run, body: body.value };
    const idempotency = idempotencyOf(request.headers['idempotency-key'], keys.fingerprint, loaded, caller.id, same);
    if (idempotency !== undefined && isRefusal(idempotency)) return idempotency;
    // What was started stays what it is, though the pipeline is another one now or is gone.
    const before = await findReplay(dependencies, loaded, idempotency);
    if (before !== undefined) return isRefusal(before) ? before : reply(before);
    if (!isOver(loaded.status)) {
      return refuse('RUN_IS_NOT_OVER', 'The run is not over; wait for it or cancel it, then restart it.');
    }
    if (from === 'failed' && loaded.status === 'succeeded') {
      return refuse('CANNOT_RESTART', 'The run succeeded: nothing in it failed. Restart it without `from`.');
    }
    const current = await pipelineOf(dependencies, loaded);
    if (isRefusal(current)) return current;
    const definition =
      from === 'failed'
        ? await definitionOfRun(dependencies, loaded)
        : await loadVersion(dependencies, current, current.version);
    if (definition === undefined) return NOT_FOUND;
    const former = await refuseFormerLending(dependencies, current, definition);
    if (former !== undefined) return former;

    const inputs = await inputsOf(dependencies, loaded, definition.pipeline.triggers.pipeline_call?.inputs ?? {});
    if (isRefusal(inputs)) return inputs;
    const start: StartRequest = {
      path: loaded,
      definition,
      caller,
      trigger: triggerOf(loaded),
      ...inputs,
      idempotency,
      restartOf: loaded.run,
      ...(loaded.eventDepth === undefined ? {} : { eventDepth: loaded.eventDepth }),
      ...(from === undefined
        ? {}
        : {
            keep: (run: string, expiresAt: number) =>
              copyJobs(table, loaded.run, { run, epoch: 0, expiresAt }, ended => keptJobs(definition.pipeline, ended)),
          }),
      requestId: request.requestId,
    };
    const started = await startRun(dependencies, start, run => {
      audit({ run: run.run });
      return auditNow(201);
    });
    if (isRefusal(started)) {
      return started.refused === 'INVALID_INPUTS'
        ? refuse('CANNOT_RESTART', `The inputs of the run do not fit the pipeline as it is now. ${started.message}`)
        : started;
    }
    return reply(started);
  };

/** The trigger is written from the same list. */
function triggerOf({ trigger }: RunRecord): TriggerType {
  return TRIGGERS.find(known => known === trigger) ?? 'pipeline_call';
}

const TRIGGERS = ['pipeline_call', 'deployment_request', 'artefact', 'event'] as const satisfies readonly TriggerType[];

/** Secrets that a run was given were given to its pipeline, not to whatever has its id later. */
async function pipelineOf({ table }: ApiDependencies, run: RunRecord): Promise<PipelineRecord | Refusal> {
  const pipeline = await getPipeline(table, run);
  if (pipeline === undefined) {
    return refuse('CANNOT_RESTART', 'The pipeline of the run was deleted; create a pipeline and start that one.');
  }
  if (pipeline.createdAt <= run.createdAt) return pipeline;
  return refuse(
    'CANNOT_RESTART',
    'The pipeline of the run was deleted, and the one that has its id now was created after the run; start that one.',
  );
}

/** What the run was started with. Secrets stay as they were sealed; nobody here could open them. */
async function inputsOf(
  { table }: ApiDependencies,
  run: RunRecord,
  declared: Readonly<Record<string, { readonly secret?: true }>>,
): Promise<Pick<StartRequest, 'inputs' | 'sealed'> | Refusal> {
  const inputs = await readStored(table, run.run, 'inputs', run.inputs);
  if (run.sealedInputs === undefined) return { inputs };
  const stored = await readStored(table, run.run, 'sealed_inputs', run.sealedInputs);
  const sealed: Record<string, string> = {};
  for (const [name, text] of Object.entries(stored)) {
    if (declared[name]?.secret !== true) {
      return refuse(
        'CANNOT_RESTART',
        `The input \`${name}\` was a secret of the run, and the pipeline has no such secret now.`,
      );
    }
    sealed[name] = String(text);
  }
  const open = Object.entries(inputs).filter(([name]) => !Object.hasOwn(sealed, name));
  return { inputs: Object.fromEntries(open), sealed };
}
