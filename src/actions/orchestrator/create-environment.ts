import { type Action, type ActionContext, failed, type JsonObject, succeeded } from '../action.ts';
import { textOf } from '../remote/provider.ts';
import type { RemoteRun, Started } from '../remote/remote-run.ts';
import { andThen, mapped, type Reply, refused } from '../remote/reply.ts';
import { deploymentOf, type Orchestrator } from './api.ts';
import { ERRORS, id, optionalId } from './inputs.ts';
import { onOrchestrator, pace, readEnvironment, touch } from './reach.ts';

/** Milliseconds that the clocks of a worker and of the orchestrator may differ. */
const SKEW = 10_000;

export const createEnvironment: Action = {
  name: 'actions/humanitec/create-environment',
  version: 1,
  summary: 'Creates an environment on the orchestrator, as a copy of another one if wanted; nothing is deployed yet.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['env_id', 'env_type'],
    properties: {
      env_id: id('The id of the new environment.'),
      env_type: id('Its type: who may create it depends on that.'),
      name: { description: 'Its name for people. Absent or empty: its id.', type: ['string', 'null'], maxLength: 100 },
      from_env_id: optionalId('The environment whose last deployment it is based on. Absent or empty: none.'),
      from_deployment_id: optionalId(
        'The deployment that it is based on. Absent or empty: the last one of `from_env_id`.',
      ),
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['env_id'],
    properties: { env_id: { description: 'The id of the environment.', type: 'string' } },
  },
  errors: {
    ...ERRORS,
    ENVIRONMENT_EXISTS: 'The app has an environment with this id already.',
    NOTHING_DEPLOYED: 'Nothing was deployed to `from_env_id` yet.',
  },
  pure: false,

  async run(context) {
    // What the schema lets through.
    const inputs = context.inputs as Inputs;
    // Who has a say in an environment of this id here has one in what is made under its name.
    const known = await context.environments.typeOf(inputs.env_id);
    if (known !== undefined && known !== inputs.env_type) {
      const message = `Environment '${inputs.env_id}' is of type '${known}' here, not '${inputs.env_type}'; give that type.`;
      return failed('REQUEST_REFUSED', message);
    }
    const wanted = { permission: 'environments.create', type: inputs.env_type } as const;
    return onOrchestrator(context, wanted, api => creation(context, api, inputs));
  },
};

type Inputs = {
  readonly env_id: string;
  readonly env_type: string;
  readonly name?: string | null;
  readonly from_env_id?: string | null;
  readonly from_deployment_id?: string | null;
};

function creation(context: ActionContext, api: Orchestrator, inputs: Inputs): RemoteRun {
  const { env_id: env, env_type: type } = inputs;
  const name = inputs.name || env;
  const made: Started = { id: env, url: api.url(`/envs/${env}`) };
  return {
    label: `application.environment(${env})`,
    noun: 'environment',
    following: () => `application.environment(${env})`,
    pace,

    async start() {
      const source = await sourceOf(context, api, inputs);
      return andThen(source, async from => {
        const body: JsonObject = { id: env, name, type, ...(from === '' ? {} : { from_deploy_id: from }) };
        const reply = await api.change('POST', '/envs', body);
        if (reply.kind === 'refused' && reply.code === 'CONFLICT') {
          return refused('ENVIRONMENT_EXISTS', `App '${context.place.app}' has an environment '${env}' already.`);
        }
        return mapped(reply, () => made);
      });
    },

    async find(_uid, since) {
      const reply = await api.get(`/envs/${env}`);
      if (reply.kind === 'refused' && reply.absent === true) return { kind: 'ok', value: [] };
      return mapped(reply, body => {
        const at = Date.parse(textOf(body, 'created_at'));
        const ours = at >= since - SKEW && textOf(body, 'name') === name && textOf(body, 'type') === type;
        return ours ? [made] : [];
      });
    },

    // It is over when the next step finds it there.
    async look() {
      const reply = await api.get(`/envs/${env}`);
      return mapped(reply, () => {
        touch(context, env);
        return { over: true, answer: succeeded({ env_id: env }) };
      });
    },
  };
}

/** The id of the deployment that it begins with; empty: it begins with nothing. */
async function sourceOf(
  context: ActionContext,
  api: Orchestrator,
  { from_env_id = null, from_deployment_id = null }: Inputs,
): Promise<Reply<string>> {
  if (from_deployment_id !== null) return { kind: 'ok', value: from_deployment_id };
  if (from_env_id === null) return { kind: 'ok', value: '' };
  const environment = await readEnvironment(context, api, from_env_id);
  return andThen(environment, body => {
    const last = deploymentOf(body, 'last_deploy');
    if (last !== undefined) return { kind: 'ok', value: textOf(last, 'id') };
    return refused('NOTHING_DEPLOYED', `Nothing was deployed to environment '${from_env_id}' yet; deploy to it first.`);
  });
}
