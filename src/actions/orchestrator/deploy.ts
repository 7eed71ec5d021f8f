import { type Action, type ActionContext, type Answer, failed, type Json, type JsonObject } from '../action.ts';
import { mentions } from '../remote/github.ts';
import { naming, textOf } from '../remote/provider.ts';
import type { Progress, RemoteRun, Started } from '../remote/remote-run.ts';
import { andThen, mapped } from '../remote/reply.ts';
import { stateOf } from '../remote/state.ts';
import { madeId, type Orchestrator, patient } from './api.ts';
import { ERRORS, id, optionalId } from './inputs.ts';
import { environmentOf, onOrchestrator, pace, touch, type Wanted } from './reach.ts';

export const deploy: Action = {
  name: 'actions/humanitec/deploy',
  version: 1,
  summary: 'Deploys a set or a delta to an environment and waits until that is done, without using compute in between.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['env_id'],
    anyOf: [{ required: ['set_id'] }, { required: ['delta_id'] }],
    properties: {
      env_id: id('The environment to deploy to.'),
      set_id: optionalId('The set to deploy. Either this or `delta_id` has a value.'),
      delta_id: optionalId('The delta to deploy, on top of what is deployed there.'),
      value_set_version_id: optionalId('The version of the values to deploy with. Absent or empty: the latest.'),
      message: {
        description: 'What the deployment is for; the orchestrator shows it, with a sign of this step behind it.',
        type: ['string', 'null'],
        maxLength: 2_000,
      },
      comment: {
        description: 'The same as `message`, which comes first where both have a value.',
        type: ['string', 'null'],
        maxLength: 2_000,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['deployment_id', 'set_id'],
    properties: {
      deployment_id: { description: 'The id of the deployment.', type: 'string' },
      set_id: { description: 'The set that is deployed.', type: 'string' },
    },
  },
  errors: {
    ...ERRORS,
    NOT_ONE_SOURCE: 'Neither or both of `set_id` and `delta_id` have a value.',
    DEPLOYMENT_FAILED: 'The deployment failed; the message names the errors, the outputs hold its id.',
    RUN_NOT_FOUND: 'The deployment was requested, but several of the environment could be it.',
  },
  pure: false,

  async run(context) {
    const inputs = inputsOf(context);
    if ((inputs.set_id ?? null) !== null && (inputs.delta_id ?? null) !== null) {
      return failed('NOT_ONE_SOURCE', '`set_id` and `delta_id` both have a value; give one of them.');
    }
    if ((inputs.set_id ?? inputs.delta_id ?? null) === null) {
      return failed('NOT_ONE_SOURCE', '`set_id` and `delta_id` are both empty; there is nothing to deploy.');
    }
    const wanted: Wanted = {
      permission: 'environments.deploy',
      type: await context.environments.typeOf(inputs.env_id),
    };
    return onOrchestrator(context, wanted, api => deployment(context, api, inputs, wanted));
  },

  async abandon(context) {
    const state = stateOf(context);
    if (state.phase !== 'following') return;
    // The API has no request that ends a deployment.
    context.log('warning', `Deployment ${state.started.id} goes on: the orchestrator does not let it be cancelled.`);
  },
};

type Inputs = {
  readonly env_id: string;
  readonly set_id?: string | null;
  readonly delta_id?: string | null;
  readonly value_set_version_id?: string | null;
  readonly message?: string | null;
  readonly comment?: string | null;
};

// What the schema lets through.
const inputsOf = ({ inputs }: ActionContext): Inputs => inputs as Inputs;

function deployment(context: ActionContext, api: Orchestrator, inputs: Inputs, wanted: Wanted): RemoteRun {
  const { env_id: env } = inputs;
  const deploys = `/envs/${env}/deploys`;
  const startedOf = (deployed: string): Started => {
    touch(context, env);
    context.relate('application.environment.deployment', deployed);
    return { id: deployed, url: api.url(`${deploys}/${deployed}`) };
  };
  return {
    label: `application.environment(${env})`,
    noun: 'deployment',
    following: started => `application.environment.deployment(${started.id})`,
    pace,

    async start(uid) {
      const environment = await environmentOf(context, api, env, wanted);
      return andThen(environment, async () => {
        const asked = await api.change('POST', deploys, bodyOf(inputs, uid));
        return mapped(madeId(patient(asked)), startedOf);
      });
    },

    async find(uid) {
      const all = await api.list(deploys);
      return mapped(all, list =>
        list.filter(one => mentions(one.comment, uid)).map(one => startedOf(textOf(one, 'id'))),
      );
    },

    async look(started) {
      const reply = await api.get(`${deploys}/${started.id}`);
      return andThen<Json, Progress>(reply, async body => {
        const status = textOf(body, 'status');
        const outputs = { deployment_id: String(started.id), set_id: textOf(body, 'set_id') };
        if (status === 'succeeded') {
          context.relate('application.set', outputs.set_id);
          return { kind: 'ok', value: { over: true, answer: { status: 'succeeded', outputs } } };
        }
        if (status !== 'failed') return { kind: 'ok', value: { over: false } };
        const errors = await api.list(`${deploys}/${started.id}/errors`);
        const culprits = errors.kind === 'ok' ? errors.value.map(culprit) : [];
        const message = `Deployment ${started.id} to environment '${env}' failed${naming(culprits)}.`;
        const answer: Answer = { status: 'failed', code: 'DEPLOYMENT_FAILED', message, outputs };
        return { kind: 'ok', value: { over: true, answer } };
      });
    },
  };
}

/** The sign at the end of the comment is what a worker finds the deployment by whose predecessor died. */
function bodyOf({ set_id, delta_id, value_set_version_id, message, comment }: Inputs, uid: string): JsonObject {
  const said = message ?? comment ?? '';
  const entries = Object.entries({ set_id, delta_id, value_set_version_id }).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, value] as const],
  );
  return { comment: said === '' ? `[${uid}]` : `${said} [${uid}]`, ...Object.fromEntries(entries) };
}

function culprit(error: JsonObject): string {
  const [object, scope] = [textOf(error, 'object_id'), textOf(error, 'scope')];
  const said = textOf(error, 'summary') || textOf(error, 'message');
  return `${[scope, object].filter(part => part !== '').join(' ') || 'error'}: ${said.replace(/[.\s]+$/, '')}`;
}
