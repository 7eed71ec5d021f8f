import { createActionCalls } from '../src/aws/action-calls.ts';
import { systemClock } from '../src/aws/clock.ts';

export type StandInAws = {
  readonly endpoint: string;
  /** ARNs and patterns of ARNs. */
  readonly allowed: readonly string[];
};

/** As LocalStack and moto know it: one account, a role that is not looked at, and credentials that mean nothing. */
const REGION = 'us-east-1';
const ROLE = 'arn:aws:iam::000000000000:role/pipecall-actions';
const NOBODY = { accessKeyId: 'pipecall', secretAccessKey: 'pipecall' };

/** Milliseconds: no event of a stand-in comes to this machine by itself. */
const LOOK_AGAIN = 10_000;

/** Never the AWS account of whoever sits at this machine: there is always an endpoint, and the credentials are nobody's. */
export const openStandInAws = ({ endpoint, allowed }: StandInAws) =>
  createActionCalls({
    roleArn: ROLE,
    region: REGION,
    endpoint,
    credentials: NOBODY,
    allowed,
    lookAgain: LOOK_AGAIN,
    clock: systemClock,
  });
