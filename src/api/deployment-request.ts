import type { JsonObject } from '../json.ts';
import type { Deployment } from './criteria.ts';
import { isPathParameter } from './path-parameters.ts';
import { type Refusal, refuse } from './reply.ts';

/** Keys of the body beside `trigger`. `environment` is the former name of `env_id`. */
export const DEPLOYMENT_KEYS = [
  'env_id',
  'environment',
  'delta_id',
  'set_id',
  'deployment_id',
  'value_set_version_id',
  'comment',
  'mode',
] as const;

const WHAT = ['delta_id', 'set_id', 'deployment_id'] as const;
const LONGEST = 1_000;

type Problem = { readonly name: string; readonly message: string };

/** The inputs of the run that a deployment request starts, and what criteria look at. */
export function readDeploymentRequest(
  body: JsonObject,
): { readonly inputs: JsonObject; readonly deployment: Deployment } | Refusal {
  const problems: Problem[] = [];
  const wrong = (name: string, message: string): void =>
    void problems.push({ name, message: `\`${name}\` ${message}` });
  const given: Record<string, string> = {};
  for (const name of DEPLOYMENT_KEYS) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value === 'string' && value.length <= LONGEST) given[name] = value;
    else wrong(name, `must be a text of at most ${LONGEST} characters`);
  }
  const { environment, ...inputs } = given;
  if (environment !== undefined && inputs.env_id !== undefined && environment !== inputs.env_id) {
    wrong('environment', 'is another name of `env_id`, and the two say different things');
  }
  const envId = inputs.env_id ?? environment;
  if (envId === undefined) wrong('env_id', 'is required but not given');
  else if (!isPathParameter('env', envId)) wrong('env_id', 'is no id of an environment');

  const what = WHAT.filter(name => given[name] !== undefined);
  if (what.length === 0) wrong('delta_id', 'or `set_id` or `deployment_id` is required, but none is given');
  for (const name of what.slice(1)) wrong(name, `excludes \`${what[0]}\`: give one of the two`);
  if (given.value_set_version_id !== undefined && given.deployment_id !== undefined) {
    wrong('value_set_version_id', 'goes with `delta_id` or `set_id` only: a deployment of before brings its own');
  }
  if (problems.length === 0 && envId !== undefined) {
    const deploymentType = given.deployment_id === undefined ? 'deploy' : 're-deploy';
    return { inputs: { ...inputs, env_id: envId }, deployment: { envId, deploymentType } };
  }
  const message = `Inputs: ${problems.map(problem => problem.message).join('; ')}.`;
  return refuse('INVALID_INPUTS', message, { details: { inputs: problems } });
}
