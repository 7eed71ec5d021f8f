import { type Action, type ActionContext, type Json, succeeded } from '../action.ts';
import { isMap, textOf } from '../remote/provider.ts';
import { andThen, mapped, type Reply, refused, undone } from '../remote/reply.ts';
import { currentSet, madeId, type Orchestrator } from './api.ts';
import { finished } from './finished.ts';
import { ERRORS, id, optionalId } from './inputs.ts';
import { environmentOf, judge, onOrchestrator, type Wanted } from './reach.ts';

export const apply: Action = {
  name: 'actions/humanitec/apply',
  version: 1,
  summary: 'Applies a delta to what is deployed in an environment; the result is a set, and nothing is deployed yet.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['delta_id'],
    properties: {
      delta_id: id('The delta.'),
      env_id: optionalId(
        'The environment whose deployed set it is applied to. Absent or empty: the one that the delta was made for.',
      ),
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['set_id'],
    properties: { set_id: { description: 'The set that came of it; to be deployed.', type: 'string' } },
  },
  errors: ERRORS,
  pure: false,

  async run(context) {
    // What the schema lets through.
    const { delta_id, env_id = null } = context.inputs as {
      readonly delta_id: string;
      readonly env_id?: string | null;
    };
    const type = env_id === null ? undefined : await context.environments.typeOf(env_id);
    const wanted: Wanted = { permission: 'environments.deploy', type };
    return onOrchestrator(context, wanted, api =>
      // Sets are named after what is in them: to make one again makes the same one.
      finished(`application.delta(${delta_id})`, 'set', async () => {
        const delta = undone(await api.get(`/deltas/${delta_id}`));
        return andThen(delta, async changes => {
          const environment = await (env_id === null
            ? ofDelta(context, api, changes, wanted)
            : environmentOf(context, api, env_id, wanted));
          return andThen(environment, async deployed => {
            const { modules = {}, shared = [] } = isMap(changes) ? changes : {};
            const made = await api.change('POST', `/sets/${currentSet(deployed)}`, { modules, shared });
            return mapped(madeId(made), set => {
              context.relate('application.delta', delta_id);
              context.relate('application.set', set);
              return succeeded({ set_id: set });
            });
          });
        });
      }),
    );
  },
};

/** The environment that the delta names, which was not judged before it was read. */
async function ofDelta(
  context: ActionContext,
  api: Orchestrator,
  delta: Json,
  { permission }: Wanted,
): Promise<Reply<Json>> {
  const env = textOf((isMap(delta) ? delta.metadata : null) ?? null, 'env_id');
  // It becomes part of a path.
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(env)) {
    return refused('UNKNOWN_ENVIRONMENT', 'The delta names no environment; give `env_id`.');
  }
  const type = await context.environments.typeOf(env);
  const forbidding = type === undefined ? undefined : await judge(context, { permission, type });
  return forbidding ?? environmentOf(context, api, env, { permission, type });
}
