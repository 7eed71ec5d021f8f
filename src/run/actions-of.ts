import type { Action } from '../actions/action.ts';
import type { Definition } from './definitions.ts';
import type { RunJobs } from './invocation.ts';

/** What the steps of a run may call. */
export function actionsOf(
  { actions, actionOf }: Pick<RunJobs, 'actions' | 'actionOf'>,
  { registered }: Definition,
): ReadonlyMap<string, Action> {
  if (registered.size === 0) return actions;
  return new Map([...Array.from(registered, ([key, one]) => [key, actionOf(one)] as const), ...actions]);
}
