import type { ActionContext, JsonObject, Waiting } from '../action.ts';
import type { RemoteRun, Started } from './remote-run.ts';

/**
 * What is remembered between two calls. No secret is in it. `armed` is durable before the start is sent, so whoever
 * takes over (another `epoch`) knows that it may have been sent, and looks before it sends another.
 */
export type State = { readonly dueAt: number; readonly tries: number; readonly troubles: number } & (
  | { readonly phase: 'begin' }
  | { readonly phase: 'armed'; readonly epoch: number; readonly at: number }
  | {
      readonly phase: 'searching';
      readonly since: number;
      readonly until: number;
      /** It is certain that there is something to find. */
      readonly certain: boolean;
      readonly looks: number;
    }
  | { readonly phase: 'following'; readonly started: Started; readonly at: number; readonly looks: number }
);

export const BEGIN: State = { phase: 'begin', dueAt: 0, tries: 0, troubles: 0 };

export type Phase<P extends State['phase']> = Extract<State, { phase: P }>;

export function parked(remote: RemoteRun, state: State): Waiting {
  const named = ({ id }: Started): string => `${remote.label}#${id}`;
  const started = state.phase === 'following' ? (remote.following ?? named)(state.started) : remote.label;
  // Told apart by its name, the state after this one is news even at the same time.
  const label = state.phase === 'begin' ? `retry(${remote.label})` : started;
  return { status: 'waiting', for: label, until: state.dueAt, state };
}

/** Given to the provider where it can carry one. */
export function uidOf(context: ActionContext): string {
  return `pipecall/${context.stepId}`;
}

export function stateOf({ state }: { readonly state?: JsonObject }): State {
  // Only `parked` writes it.
  return state === undefined ? BEGIN : (state as State);
}
