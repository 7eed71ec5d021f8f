import type { Table } from '../ports/table.ts';
import {
  type CriterionMatch,
  type CriterionRecord,
  DEPLOYMENT_TYPES,
  type DeploymentType,
  getCriteria,
} from '../store/criteria.ts';
import { getEnvironment } from '../store/environments.ts';
import type { AppPath } from '../store/keys.ts';
import { getPipeline, type PipelineRecord } from '../store/pipelines.ts';

/** A deployment request as far as criteria look at it. */
export type Deployment = { readonly envId: string; readonly deploymentType: DeploymentType };

/** Both ways in which the product that we are compatible with writes it. */
export function deploymentTypeOf(text: string): DeploymentType | undefined {
  return text === 'redeploy' ? 're-deploy' : DEPLOYMENT_TYPES.find(type => type === text);
}

/**
 * Everything that a criterion may say and still match the request, the most specific first: the environment before its
 * type, and what also names the kind of deployment before what does not. So many keys are read, however many criteria
 * there are.
 */
export function candidates({ envId, deploymentType }: Deployment, envType: string | undefined): CriterionMatch[] {
  const typed = envType === undefined ? [] : [envType];
  const places: readonly (readonly CriterionMatch[])[] = [
    // An environment has one type, so naming it beside the environment says nothing more.
    [...typed.map(type => ({ envId, envType: type })), { envId }],
    typed.map(type => ({ envType: type })),
    [{}],
  ];
  return places.flatMap(same => [...same.map(place => ({ ...place, deploymentType })), ...same]);
}

/** The pipeline whose criterion matches best. Those of pipelines that are gone count for nothing. */
export async function pipelineFor(
  table: Table,
  path: AppPath,
  deployment: Deployment,
): Promise<PipelineRecord | undefined> {
  const environment = await getEnvironment(table, path, deployment.envId);
  for (const criterion of await getCriteria(table, path, candidates(deployment, environment?.type))) {
    const pipeline = await pipelineOf(table, criterion);
    if (pipeline !== undefined) return pipeline;
  }
  return undefined;
}

/** Undefined: it was deleted; one that was created under its id since is another one. */
export async function pipelineOf(table: Table, criterion: CriterionRecord): Promise<PipelineRecord | undefined> {
  const pipeline = await getPipeline(table, criterion);
  return pipeline?.createdAt === criterion.pipelineSince ? pipeline : undefined;
}
