import { createActionCalls } from '../src/aws/action-calls.ts';
import { systemClock } from '../src/aws/clock.ts';

/** Milliseconds: an event tells long before, as a rule; each look is an invocation and three transitions of the run. */
const LOOK_AGAIN = 300_000;

/** Undefined: the deployment lets steps reach nothing in AWS. */
export function openActionCalls(roleArn: string, allowed: string, region = process.env.AWS_REGION ?? '') {
  const targets = allowed.split(',').filter(target => target !== '');
  if (targets.length === 0) return undefined;
  return createActionCalls({ roleArn, region, allowed: targets, lookAgain: LOOK_AGAIN, clock: systemClock });
}
