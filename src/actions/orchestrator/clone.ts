import { type Action, type ActionContext, failed, type Json, succeeded } from '../action.ts';
import { textOf } from '../remote/provider.ts';
import { andThen, type Reply, undone } from '../remote/reply.ts';
import { deploymentOf, type Orchestrator } from './api.ts';
import { finished } from './finished.ts';
import { ERRORS, id, optionalId } from './inputs.ts';
import { environmentOf, judge, onOrchestrator, readEnvironment, type Wanted } from './reach.ts';

export const clone: Action = {
  name: 'actions/humanitec/clone',
  version: 1,
  summary: 'Takes the set that is deployed in one environment, to be deployed to another; nothing is deployed yet.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['from_env_id', 'to_env_id'],
    properties: {
      from_env_id: id('The environment to take it from.'),
      to_env_id: id('The environment that it is for.'),
      from_deployment_id: optionalId(
        'The deployment of `from_env_id` to take it from. Absent or empty: the last one of the environment.',
      ),
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['set_id', 'deployment_id'],
    properties: {
      set_id: { description: 'The set; to be deployed.', type: 'string' },
      deployment_id: { description: 'The deployment that it was taken from.', type: 'string' },
    },
  },
  errors: { ...ERRORS, NOTHING_DEPLOYED: 'Nothing was deployed to `from_env_id` yet.' },
  pure: false,

  async run(context) {
    // What the schema lets through.
    const inputs = context.inputs as Inputs;
    const { from_env_id: from, to_env_id: to } = inputs;
    const wanted: Wanted = { permission: 'environments.deploy', type: await context.environments.typeOf(to) };
    return onOrchestrator(context, wanted, api =>
      finished(`application.environment(${from})`, 'set', async () => {
        const forbidding = await judge(context, { permission: 'environments.read', type: undefined });
        if (forbidding !== undefined) return forbidding;
        const target = await environmentOf(context, api, to, wanted);
        const source = await andThen(target, () => sourceOf(context, api, inputs));
        return andThen(source, deployment => {
          if (deployment === null) {
            const message = `Nothing was deployed to environment '${from}' yet; deploy to it first.`;
            return { kind: 'ok', value: failed('NOTHING_DEPLOYED', message) };
          }
          const outputs = { set_id: textOf(deployment, 'set_id'), deployment_id: textOf(deployment, 'id') };
          context.relate('application.set', outputs.set_id);
          return { kind: 'ok', value: succeeded(outputs) };
        });
      }),
    );
  },
};

type Inputs = {
  readonly from_env_id: string;
  readonly to_env_id: string;
  readonly from_deployment_id?: string | null;
};

async function sourceOf(
  context: ActionContext,
  api: Orchestrator,
  { from_env_id, from_deployment_id }: Inputs,
): Promise<Reply<Json>> {
  const given = from_deployment_id ?? null;
  if (given !== null) return undone(await api.get(`/envs/${from_env_id}/deploys/${given}`));
  const environment = await readEnvironment(context, api, from_env_id);
  return andThen(environment, body => ({ kind: 'ok', value: deploymentOf(body, 'last_deploy') ?? null }));
}
