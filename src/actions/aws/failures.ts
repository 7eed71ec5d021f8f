import { type Answer, failed } from '../action.ts';
import type { AwsFailure } from './calls.ts';

/** Codes that every action of AWS may fail with. */
export const AWS_ERRORS: Readonly<Record<string, string>> = {
  NO_AWS: 'This deployment has no AWS that its steps may reach; the message says how it gets one.',
  TARGET_NOT_ALLOWED:
    'The deployment does not let steps reach this target; `allowedActions` of the stack lists those that they may.',
  NOT_FOUND: 'There is no such target.',
  ACCESS_DENIED: 'AWS refuses it to the role of the actions, for example because of a policy or a key of the target.',
  INVALID_REQUEST: 'AWS does not take the inputs; the message says why.',
  THROTTLED: 'AWS took too many requests at this time.',
  AWS_ERROR: 'AWS could not be reached or was in trouble.',
  ABORTED: 'The step was cancelled or its time was over.',
};

export const NO_AWS: Answer = failed(
  'NO_AWS',
  'This deployment reaches no AWS: name the targets in `allowedActions` of the stack, or, on one machine, an endpoint in PIPECALL_AWS_ENDPOINT.',
);

export const failedBy = ({ code, message }: AwsFailure): Answer => failed(code, message);
