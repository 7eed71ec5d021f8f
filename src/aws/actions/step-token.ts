import { createHash } from 'node:crypto';

/** What everything begins with that a step has started: rules of events know it by that. */
export const STARTED_BY = 'pipecall-';

/**
 * The same for the same attempt of a step, and no other: the run, for people to find it, and a hash. 62 characters, where
 * ECS takes 64 and Step Functions 80.
 */
export function stepToken(stepId: string): string {
  const [run = ''] = stepId.split('/');
  return `${STARTED_BY}${run.slice(0, 36)}-${createHash('sha256').update(stepId).digest('hex').slice(0, 16)}`;
}

/** Of a session, which CloudTrail shows: the step, as far as 64 characters of its alphabet go. */
export function sessionName(stepId: string): string {
  const name = stepId.replaceAll(/[^\w+=,.@-]/g, '.');
  return name.length <= 64 ? name : stepToken(stepId);
}
