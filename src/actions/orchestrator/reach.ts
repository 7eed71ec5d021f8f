import { type ActionContext, type Answer, failed, type Json, type StepPermission } from '../action.ts';
import { follow } from '../remote/follow.ts';
import { textOf } from '../remote/provider.ts';
import type { RemoteRun } from '../remote/remote-run.ts';
import { type Reply, refused, undone } from '../remote/reply.ts';
import { createOrchestrator, type Orchestrator } from './api.ts';

/** What a step wants to do to one environment. */
export type Wanted = {
  readonly permission: StepPermission;
  /** The type of it, as far as it is known here. */
  readonly type: string | undefined;
};

/**
 * Follows what `make` describes, if the run may do what it wants. Judged each time the step is called, before the token of
 * the org is opened: where the type is not known here, the app alone decides whether the orchestrator is asked for it.
 */
export async function onOrchestrator(
  context: ActionContext,
  { permission, type }: Wanted,
  make: (api: Orchestrator) => RemoteRun,
): Promise<Answer> {
  const forbidding = await judge(context, { permission: type === undefined ? 'environments.read' : permission, type });
  if (forbidding !== undefined) return failed(forbidding.code, forbidding.message);
  const access = await context.orchestrator();
  if (!access.ok) return failed('NO_ORCHESTRATOR', access.message);
  return follow(context, make(createOrchestrator(context, access.baseUrl, access.token)));
}

/**
 * The environment as the orchestrator has it. It may be of another type there than here: whoever made it here must not
 * thereby give themselves rights there, so both types are judged.
 */
export async function environmentOf(
  context: ActionContext,
  api: Orchestrator,
  env: string,
  { permission, type }: Wanted,
): Promise<Reply<Json>> {
  const reply = await readEnvironment(context, api, env);
  if (reply.kind !== 'ok') return reply;
  const theirs = textOf(reply.value, 'type');
  const forbidding = theirs === type ? undefined : await judge(context, { permission, type: theirs });
  if (forbidding !== undefined) return forbidding;
  touch(context, env);
  return reply;
}

/** The same when nothing is to be done to it. */
export async function readEnvironment(context: ActionContext, api: Orchestrator, env: string): Promise<Reply<Json>> {
  return known(context, env, undone(await api.get(`/envs/${env}`)));
}

/** What the orchestrator says of an environment by its id. */
export function known<T>({ place }: ActionContext, env: string, reply: Reply<T>): Reply<T> {
  if (reply.kind !== 'refused' || reply.absent !== true) return reply;
  const message = `The orchestrator has no environment '${env}' in app '${place.app}'.`;
  return { ...refused('UNKNOWN_ENVIRONMENT', message), absent: true };
}

/** Undefined: the run may do it. */
export async function judge(context: ActionContext, { permission, type }: Wanted) {
  const { allowed, reason } = await context.may(permission, resourceOf(context, type));
  return allowed ? undefined : refused('FORBIDDEN', `The run may not do this: ${reason}.`);
}

export function touch(context: ActionContext, env: string): void {
  context.environments.touch(env);
  context.relate('application.environment', env);
}

/** Milliseconds between two looks: 2 s, growing by half to 60 s. */
export function pace(looks: number): number {
  return Math.min(2_000 * 1.5 ** looks, 60_000);
}

const resourceOf = ({ place: { org, app } }: ActionContext, envType: string | undefined) =>
  envType === undefined ? { org, app } : { org, app, envType };
