import { isOver, createRun as putRun, type RunRecord } from '../../store/runs.ts';
import { readJsonObject } from '../body.ts';
import { checkInputs } from '../inputs.ts';
import { describeError } from '../log.ts';
import type { ApiDependencies, ApiRequest, Operation } from '../operation.ts';
import { secondsToWait, waitForRun } from '../prefer.ts';
import { renderRun, replyEntity } from '../render/index.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, refuse } from '../reply.ts';
import { refuseUnfinished } from '../unfinished.ts';
import { loadVersion } from '../version.ts';

const SECONDS_PER_DAY = 86_400;

export const createRun =
  (dependencies: ApiDependencies): Operation<'createRun'> =>
  async ({ request, caller, loaded, query }) => {
    const { table, clock, ids, baseUrl = '' } = dependencies;
    if (query.dry_run === 'plan')
      return refuse('NOT_SUPPORTED_YET', "Query: dry_run=plan is not supported yet; 'true' is.");
    if (request.headers['idempotency-key'] !== undefined) {
      return refuse('NOT_SUPPORTED_YET', 'The header Idempotency-Key is not supported yet; no run was started.');
    }
    const body = readJsonObject(request, ['inputs']);
    if (isRefusal(body)) return body;
    const definition = await loadVersion(dependencies, loaded, query.version ?? loaded.version);
    if (definition === undefined) return NOT_FOUND;
    const unfinished = refuseUnfinished(definition.pipeline);
    if (unfinished !== undefined) return unfinished;
    const inputs = await checkInputs(definition.pipeline, body.value.inputs);
    if (isRefusal(inputs)) return inputs;
    if (query.dry_run === 'true') return NO_CONTENT;

    const now = clock.now();
    const timeoutSeconds = definition.pipeline.timeoutMinutes * 60;
    const created = await putRun(
      table,
      {
        org: loaded.org,
        app: loaded.app,
        pipeline: loaded.pipeline,
        run: ids.ordered(),
        version: definition.version.version,
        trigger: 'pipeline_call',
        createdAt: now,
        createdBy: caller.id,
        runAs: caller.id,
        timeoutSeconds,
        inputs: inputs.value,
      },
      expiryOfParts(now, timeoutSeconds, dependencies.retentionDays),
    );
    await start(dependencies, request, created);
    const location = `${baseUrl}${request.path}/${created.run}`;
    const seconds = secondsToWait(request.headers.prefer);
    if (seconds === undefined) return replyEntity(201, await renderRun(table, created), { location });
    const run = await waitForRun(dependencies, created, seconds, candidate => isOver(candidate.status));
    const headers = { location, 'preference-applied': `wait=${seconds}` };
    return replyEntity(201, await renderRun(table, run), headers);
  };

/**
 * Parts that lie beside the record of the run have to outlive it, whenever it ends: a run waits at most its time-out to
 * begin and takes at most its time-out, and stays for the retention; one day more, because ends are never exact.
 */
function expiryOfParts(now: number, timeoutSeconds: number, retentionDays: number): number {
  return Math.ceil(now / 1_000) + 2 * timeoutSeconds + (retentionDays + 1) * SECONDS_PER_DAY;
}

/** The record was the commit point: a run whose start fails here stays queued, and reconcile starts it. */
async function start({ executions, log }: ApiDependencies, request: ApiRequest, run: RunRecord): Promise<void> {
  try {
    await executions.start(run.run, { org: run.org, app: run.app, pipeline: run.pipeline, run: run.run });
  } catch (error) {
    log({
      level: 'warning',
      message: 'the execution of a run did not start; the run stays queued until reconcile starts it',
      requestId: request.requestId,
      run: run.run,
      ...describeError(error),
    });
  }
}
