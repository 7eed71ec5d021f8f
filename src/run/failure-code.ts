import type { Action } from '../actions/action.ts';

/** What the platform itself says of a step, whatever its action. */
const OF_THE_PLATFORM = new Set([
  'FORBIDDEN',
  'INTERNAL_ERROR',
  'INVALID_INPUTS',
  'OUTPUTS_TOO_LARGE',
  'TIMEOUT',
  'UNKNOWN_ACTION',
]);

/** Neither an action nor the platform named the failure: an expression of the step could not be evaluated. */
export const NOT_BEGUN = 'NOT_BEGUN';

/** The code that a failure is counted under: those of an org's own actions are as many as it likes, so they are one. */
export function countedCode(action: Action | undefined, code: string): string {
  if (OF_THE_PLATFORM.has(code)) return code;
  const ours = action !== undefined && action.registered !== true && Object.hasOwn(action.errors, code);
  return ours ? code : 'CUSTOM';
}
