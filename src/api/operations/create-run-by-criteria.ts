import type { Json } from '../../json.ts';
import { keepKey } from '../../store/idempotency.ts';
import type { AppPath } from '../../store/keys.ts';
import { getPipeline, type PipelineRecord } from '../../store/pipelines.ts';
import { answerStart } from '../answer-start.ts';
import { readJsonObject } from '../body.ts';
import { pipelineFor } from '../criteria.ts';
import { DEPLOYMENT_KEYS, readDeploymentRequest } from '../deployment-request.ts';
import { type Idempotency, idempotencyOf, KEY_REUSED } from '../idempotency.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { isRefusal, NOT_FOUND, type Refusal, refuse } from '../reply.ts';
import { prepareRun, type StartRequest } from '../start-run.ts';
import { loadVersion } from '../version.ts';

/** No pipeline has an id like that, so these keys are beside those of every pipeline. */
const BY_CRITERIA = '*';

/** A deployment request: the criteria of the app say which pipeline it starts. */
export const createRunByCriteria =
  (dependencies: ApiDependencies): Operation<'createRunByCriteria'> =>
  async call => {
    const { request, caller, loaded, query } = call;
    const { table, keys } = dependencies;
    const body = readJsonObject(request, [], ['trigger', ...DEPLOYMENT_KEYS]);
    if (isRefusal(body)) return body;
    const { trigger = 'deployment_request' } = body.value;
    if (trigger !== 'deployment_request') {
      return refuse('INVALID_BODY', "'trigger' has to be 'deployment_request'; nothing else starts runs by criteria.");
    }
    const asked = readDeploymentRequest(body.value);
    if (isRefusal(asked)) return asked;
    const app: AppPath = { org: loaded.org, app: loaded.app };
    const matching = await pipelineFor(table, app, asked.deployment);
    if (matching === undefined) {
      const { envId, deploymentType } = asked.deployment;
      return refuse(
        'NO_MATCHING_CRITERIA',
        `No pipeline of app '${app.app}' takes a '${deploymentType}' to environment '${envId}'; create a criterion for one.`,
      );
    }

    const same = { operation: 'createRunByCriteria', body: body.value };
    const keyOf = (pipeline: string): Idempotency | Refusal | undefined =>
      idempotencyOf(
        request.headers['idempotency-key'],
        keys.fingerprint,
        { ...app, pipeline },
        caller.id,
        same as Json,
      );
    const startOf = async (pipeline: PipelineRecord): Promise<StartRequest | Refusal> => {
      const definition = await loadVersion(dependencies, pipeline, pipeline.version);
      if (definition === undefined) return NOT_FOUND;
      const idempotency = keyOf(pipeline.pipeline);
      if (idempotency !== undefined && isRefusal(idempotency)) return idempotency;
      const { inputs } = asked;
      const { requestId } = request;
      return { path: pipeline, definition, caller, trigger: 'deployment_request', inputs, idempotency, requestId };
    };
    const start = await startOf(matching);
    if (isRefusal(start)) return start;
    const dry = query.dry_run === 'true' || query.dry_run === 'plan';
    const chosen = dry ? matching : await choose(dependencies, keyOf(BY_CRITERIA), start, matching);
    if (isRefusal(chosen)) return chosen;
    const again = chosen === matching ? start : await startOf(chosen);
    if (isRefusal(again)) return again;
    const runs = `/orgs/${app.org}/apps/${app.app}/pipelines/${chosen.pipeline}/runs`;
    return answerStart(dependencies, call, again, runs);
  };

/**
 * A request that comes again goes to the pipeline that it went to first, whatever the criteria say by then; else it would
 * start a second run. Nothing is committed for a start that would be refused.
 */
async function choose(
  { table, clock }: ApiDependencies,
  key: Idempotency | Refusal | undefined,
  start: StartRequest,
  matching: PipelineRecord,
): Promise<PipelineRecord | Refusal> {
  if (key === undefined) return matching;
  if (isRefusal(key)) return key;
  const { fingerprint } = key;
  const prepared = await prepareRun({ table }, start);
  if (isRefusal(prepared)) return prepared;
  const kept = await keepKey(table, key.key, { run: matching.pipeline, fingerprint }, clock.now());
  if (kept.fingerprint !== fingerprint) return KEY_REUSED;
  if (kept.run === matching.pipeline) return matching;
  return (await getPipeline(table, { ...matching, pipeline: kept.run })) ?? NOT_FOUND;
}
