import { type Action, type ActionContext, succeeded } from '../action.ts';
import type { RemoteRun, Started } from '../remote/remote-run.ts';
import { andThen, mapped } from '../remote/reply.ts';
import { type Orchestrator, patient } from './api.ts';
import { ERRORS, id } from './inputs.ts';
import { environmentOf, onOrchestrator, pace, type Wanted } from './reach.ts';

export const deleteEnvironment: Action = {
  name: 'actions/humanitec/delete-environment',
  version: 1,
  summary: 'Deletes an environment on the orchestrator, with all that is deployed in it, and waits until it is gone.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['env_id'],
    properties: { env_id: id('The environment.') },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['env_id'],
    properties: { env_id: { description: 'The id of the environment that is gone.', type: 'string' } },
  },
  errors: ERRORS,
  pure: false,

  async run(context) {
    // What the schema lets through.
    const { env_id: env } = context.inputs as { readonly env_id: string };
    const wanted: Wanted = { permission: 'environments.delete', type: await context.environments.typeOf(env) };
    return onOrchestrator(context, wanted, api => deletion(context, api, env, wanted));
  },
};

function deletion(context: ActionContext, api: Orchestrator, env: string, wanted: Wanted): RemoteRun {
  const begun: Started = { id: env, url: api.url(`/envs/${env}`) };
  const isGone = async () => {
    const reply = await api.get(`/envs/${env}`);
    if (reply.kind === 'refused' && reply.absent === true) return { kind: 'ok', value: true } as const;
    return mapped(reply, () => false);
  };
  return {
    label: `application.environment(${env})`,
    noun: 'environment',
    following: () => `application.environment(${env})`,
    pace,

    async start() {
      const environment = await environmentOf(context, api, env, wanted);
      return andThen(environment, async () => mapped(patient(await api.change('DELETE', `/envs/${env}`)), () => begun));
    },

    /** After a request whose answer was lost: gone is done. */
    find: async () => mapped(await isGone(), gone => (gone ? [begun] : [])),

    look: async () =>
      mapped(await isGone(), gone => (gone ? { over: true, answer: succeeded({ env_id: env }) } : { over: false })),
  };
}
