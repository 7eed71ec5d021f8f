import { type Action, failed, type Json, succeeded } from '../action.ts';
import { isMap, naming, textOf } from '../remote/provider.ts';
import { mapped } from '../remote/reply.ts';
import { id, READING_ERRORS } from './inputs.ts';
import { known, onOrchestrator, pace, touch } from './reach.ts';

/** Minutes; the longest is what a run may take. */
const STANDARD_TIMEOUT = 10;
const LONGEST_TIMEOUT = 43_200;

/** Milliseconds in which the workloads of a deployment that is just over may not be seen yet. */
const UNSEEN_FOR = 30_000;

export const waitForReadiness: Action = {
  name: 'actions/humanitec/wait-for-readiness',
  version: 1,
  summary: 'Waits until all workloads of an environment are ready, without using compute in between.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['env_id'],
    properties: {
      env_id: id('The environment.'),
      timeout_minutes: {
        description: 'How long to wait.',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: LONGEST_TIMEOUT,
        default: STANDARD_TIMEOUT,
      },
    },
  },
  outputs: { type: 'object', additionalProperties: false, properties: {} },
  errors: { ...READING_ERRORS, NOT_READY: 'A workload was not ready in time; the message names it.' },
  pure: false,

  async run(context) {
    // What the schema lets through.
    const { env_id: env, timeout_minutes: minutes = STANDARD_TIMEOUT } = context.inputs as {
      readonly env_id: string;
      readonly timeout_minutes?: number;
    };
    // Only read, whatever the type of the environment.
    return onOrchestrator(context, { permission: 'environments.read', type: undefined }, api => ({
      label: `application.environment(${env})`,
      noun: 'environment',
      following: () => `application.environment(${env})`,
      pace,
      start: async () => ({ kind: 'ok', value: { id: env, url: api.url(`/envs/${env}/runtime`) } }),
      look: async (_started, since) => {
        const reply = known(context, env, await api.get(`/envs/${env}/runtime`));
        return mapped(reply, body => {
          touch(context, env);
          const waited = context.now() - since;
          const modules = modulesOf(body);
          const unready = modules.filter(([, module]) => !isReady(module)).map(nameOf);
          if (unready.length === 0 && (modules.length > 0 || waited >= UNSEEN_FOR)) {
            return { over: true, answer: succeeded() };
          }
          if (waited < minutes * 60_000) return { over: false };
          const message = `Environment '${env}' was not ready within ${minutes} min${naming(unready)}.`;
          return { over: true, answer: failed('NOT_READY', message) };
        });
      },
    }));
  },
};

function modulesOf(body: Json): readonly (readonly [name: string, module: Json])[] {
  const modules = isMap(body) ? body.modules : undefined;
  return isMap(modules) ? Object.entries(modules) : [];
}

const READY: readonly string[] = ['Running', 'Succeeded'];

/** The second form of the API says it of the workload, the first of each of its controllers only. */
function isReady(module: Json): boolean {
  const status = textOf(module, 'status');
  if (status !== '') return READY.includes(status);
  const controllers = isMap(module) ? Object.values(module).filter(value => textOf(value, 'kind') !== '') : [];
  return controllers.length > 0 && controllers.every(controller => /^success$/i.test(textOf(controller, 'status')));
}

function nameOf([name, module]: readonly [string, Json]): string {
  const controllers = isMap(module)
    ? [module.controllers, module].flatMap(map => (isMap(map) ? Object.values(map) : []))
    : [];
  const why = controllers.map(controller => textOf(controller, 'message')).find(message => message !== '');
  const status = textOf(module, 'status');
  return `workload ${name}${status === '' ? '' : ` is ${status}`}${why === undefined ? '' : ` (${why})`}`;
}
