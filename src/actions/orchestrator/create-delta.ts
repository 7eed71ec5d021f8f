import { type Action, type ActionContext, succeeded } from '../action.ts';
import { isMap, textOf } from '../remote/provider.ts';
import type { RemoteRun } from '../remote/remote-run.ts';
import { andThen, mapped } from '../remote/reply.ts';
import { madeId, type Orchestrator } from './api.ts';
import { ARTEFACTS, type Artefacts, changesOf } from './artefacts.ts';
import { ERRORS, id } from './inputs.ts';
import { environmentOf, onOrchestrator, pace, touch, type Wanted } from './reach.ts';

export const createDelta: Action = {
  name: 'actions/humanitec/create-delta',
  version: 1,
  summary: 'Makes a delta that brings artefacts into an environment; nothing is deployed yet.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['env_id'],
    anyOf: [{ required: ['workload_artefacts'] }, { required: ['container_artefacts'] }],
    properties: { env_id: id('The environment that the delta is for.'), ...ARTEFACTS },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['delta_id'],
    properties: { delta_id: { description: 'The id of the delta; to be applied.', type: 'string' } },
  },
  errors: {
    ...ERRORS,
    NO_WORKLOAD: 'No workload that is deployed in the environment uses one of the container artefacts.',
    UNKNOWN_ARTEFACT: 'The orchestrator does not have one of the workload artefacts.',
    RUN_NOT_FOUND: 'The delta was asked for, but several could be it.',
  },
  pure: false,

  async run(context) {
    // What the schema lets through.
    const inputs = context.inputs as Inputs;
    const wanted: Wanted = {
      permission: 'environments.deploy',
      type: await context.environments.typeOf(inputs.env_id),
    };
    return onOrchestrator(context, wanted, api => delta(context, api, inputs, wanted));
  },
};

type Inputs = Artefacts & { readonly env_id: string };

function delta(context: ActionContext, api: Orchestrator, inputs: Inputs, wanted: Wanted): RemoteRun {
  const { env_id: env } = inputs;
  const done = (made: string) => {
    touch(context, env);
    context.relate('application.delta', made);
    return succeeded({ delta_id: made });
  };
  return {
    label: `application.environment(${env})`,
    noun: 'delta',
    following: started => `application.delta(${started.id})`,
    pace,

    async start(uid) {
      const environment = await environmentOf(context, api, env, wanted);
      const changes = await andThen(environment, body => changesOf(api, inputs, body));
      return andThen(changes, async content => {
        const made = await api.change('POST', '/deltas', { metadata: { env_id: env, name: uid }, ...content });
        return mapped(madeId(made), id => ({ answer: done(id) }));
      });
    },

    async find(uid) {
      const all = await api.list(`/deltas?env=${env}`);
      return mapped(all, list =>
        list
          .filter(one => isMap(one.metadata) && one.metadata.name === uid)
          .map(one => ({ id: textOf(one, 'id'), url: api.url(`/deltas/${textOf(one, 'id')}`) })),
      );
    },

    async look({ id: made }) {
      const reply = await api.get(`/deltas/${made}`);
      return mapped(reply, () => ({ over: true, answer: done(String(made)) }));
    },
  };
}
