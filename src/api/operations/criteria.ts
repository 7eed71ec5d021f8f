import type { JsonObject } from '../../json.ts';
import {
  type CriterionMatch,
  type CriterionRecord,
  criterionId,
  putNewCriterion,
  listCriteria as readCriteria,
  getCriterion as readCriterion,
  deleteCriterion as removeCriterion,
  replaceCriterion,
} from '../../store/criteria.ts';
import { getEnvType } from '../../store/env-types.ts';
import { criterionKey } from '../../store/keys.ts';
import { getPipeline, type PipelineRecord } from '../../store/pipelines.ts';
import { readJsonObject } from '../body.ts';
import { deploymentTypeOf, pipelineOf } from '../criteria.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import type { PathParameter } from '../path-parameters.ts';
import { criterionView } from '../render/criterion.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, type Refusal, refuse } from '../reply.ts';
import { isText, readIdField } from '../text-field.ts';

export const createCriterion =
  ({ table, clock, baseUrl = '' }: ApiDependencies): Operation<'createCriterion'> =>
  async ({ request, caller, loaded, audit }) => {
    const body = readJsonObject(request, [], ['trigger', 'env_id', 'env_type', 'app_id', 'deployment_type']);
    if (isRefusal(body)) return body;
    const match = readMatch(body.value, loaded.app);
    if (isRefusal(match)) return match;
    if (!loaded.triggers.includes('deployment_request')) {
      return refuse(
        'NO_SUCH_TRIGGER',
        `Pipeline '${loaded.pipeline}' has no trigger 'deployment_request'; add it first.`,
      );
    }
    const { org, app, pipeline } = loaded;
    const id = criterionId(loaded, match);
    audit({ criterion: id });
    // An environment may be one that only the orchestrator knows, but the type of one that is not known here is not either.
    const { envType } = match;
    if (envType !== undefined && (await getEnvType(table, org, envType)) === undefined) {
      return refuse('UNKNOWN_ENV_TYPE', `'env_type': org '${org}' has no type of environments '${envType}'.`);
    }
    const record: CriterionRecord = {
      ...{ org, app, id, pipeline, match },
      pipelineSince: loaded.createdAt,
      createdAt: clock.now(),
      createdBy: caller.id,
    };
    for (;;) {
      if (await putNewCriterion(table, record)) break;
      const other = await readCriterion(table, loaded, id);
      if (other === undefined) continue;
      if ((await pipelineOf(table, other)) !== undefined) {
        const message = `Criterion ${id} matches the same requests: it is of pipeline '${other.pipeline}'.`;
        return refuse('CRITERIA_EXIST', message);
      }
      if (await replaceCriterion(table, record, other)) break;
    }
    // Whoever deletes the pipeline deletes its criteria then: either they saw this one, or it is seen here.
    if ((await getPipeline(table, loaded))?.createdAt !== loaded.createdAt) {
      await removeCriterion(table, record);
      return NOT_FOUND;
    }
    const location = `${baseUrl}${request.path}/${id}`;
    return { status: 201, headers: { location }, body: JSON.stringify(criterionView(record, loaded)) };
  };

export const getCriterion =
  ({ table }: ApiDependencies): Operation<'getCriterion'> =>
  async ({ loaded, params }) => {
    const record = await criterionOf(table, loaded, params.criterion);
    return record === undefined ? NOT_FOUND : { status: 200, body: JSON.stringify(criterionView(record, loaded)) };
  };

export const deleteCriterion =
  ({ table }: ApiDependencies): Operation<'deleteCriterion'> =>
  async ({ loaded, params }) => {
    const record = await criterionOf(table, loaded, params.criterion);
    if (record === undefined) return NOT_FOUND;
    await removeCriterion(table, record);
    return NO_CONTENT;
  };

export const listCriteria =
  (dependencies: ApiDependencies): Operation<'listCriteria'> =>
  call => {
    const { table } = dependencies;
    const { pipeline, match } = call.query;
    const unknown = Object.keys(match ?? {}).filter(key => !FILTERS.includes(key));
    if (unknown.length > 0) {
      return refuse(
        'INVALID_QUERY',
        `Query: 'match' knows the keys ${FILTERS.join(', ')}, not '${unknown.join("', '")}'.`,
      );
    }
    const pipelines = new Map<string, Promise<PipelineRecord | undefined>>();
    const pipelineNow = (record: CriterionRecord) => {
      const known = pipelines.get(record.pipeline) ?? getPipeline(table, record);
      pipelines.set(record.pipeline, known);
      return known;
    };
    const read = async (limit: number, after: Parameters<typeof readCriteria>[3]) => {
      const page = await readCriteria(table, call.loaded, limit, after, reportUnreadable(dependencies.log));
      const records = await Promise.all(
        page.records.map(async record => ({ record, pipeline: await pipelineNow(record) })),
      );
      return { ...page, records };
    };
    return replyList(dependencies, call, {
      read,
      cursorOf: ({ record }) => criterionKey(record, record.id),
      keep: ({ record, pipeline: of }) =>
        of?.createdAt === record.pipelineSince &&
        (pipeline === undefined || pipeline === record.pipeline) &&
        fits(criterionView(record, of), match ?? {}),
      render: ({ record, pipeline: of }) => (of === undefined ? '' : JSON.stringify(criterionView(record, of))),
    });
  };

const FILTERS: readonly string[] = ['trigger', 'env_id', 'env_type', 'app_id', 'deployment_type'];

/** `*` asks for criteria that say nothing there. */
const fits = (view: Readonly<Record<string, string | undefined>>, match: Readonly<Record<string, string>>): boolean =>
  Object.entries(match).every(([key, value]) => (view[key] ?? '*') === (deploymentTypeOf(value) ?? value));

/** Of this very pipeline. */
async function criterionOf(table: ApiDependencies['table'], pipeline: PipelineRecord, id: string) {
  const record = await readCriterion(table, pipeline, id);
  const own = record?.pipeline === pipeline.pipeline && record.pipelineSince === pipeline.createdAt;
  return own ? record : undefined;
}

/** What is absent, null or `*` matches anything. */
function readMatch(body: JsonObject, app: string): CriterionMatch | Refusal {
  // The generated client leaves it out of what it sends.
  if (body.trigger !== undefined && body.trigger !== 'deployment_request') {
    return refuse('INVALID_BODY', "'trigger' has to be 'deployment_request'; there are no criteria for others.");
  }
  const said = (key: string): boolean => body[key] !== undefined && body[key] !== null && body[key] !== '*';
  if (said('app_id') && body.app_id !== app) {
    return refuse('INVALID_BODY', `'app_id' can only be '${app}', the app of the pipeline.`);
  }
  const idOf = (key: string, of: PathParameter) => (said(key) ? readIdField(body, key, of) : '');
  const [envId, envType] = [idOf('env_id', 'env'), idOf('env_type', 'envType')];
  if (!isText(envId)) return envId;
  if (!isText(envType)) return envType;
  const deployment = said('deployment_type') ? deploymentTypeOf(String(body.deployment_type)) : undefined;
  if (said('deployment_type') && deployment === undefined) {
    return refuse('INVALID_BODY', "'deployment_type' has to be 'deploy' or 're-deploy'.");
  }
  return {
    ...(envId === '' ? {} : { envId }),
    ...(envType === '' ? {} : { envType }),
    ...(deployment === undefined ? {} : { deploymentType: deployment }),
  };
}
