import type { RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AllowedActions } from './allowed-actions.ts';
import type { LogLevel, PrivateEgress } from './deployment.ts';
import type { Domain, Throttle } from './http-gateway.ts';

export type PipecallProps = {
  /** What the state machine, the bus and the API are called after. Default: the stack, and where in it this is. */
  readonly name?: string;
  /** Default: the name that API Gateway makes. */
  readonly domain?: Domain;
  /** Days that the records of a run are kept after its end. Default 90. */
  readonly retentionDays?: number;
  /** CIDRs that the action `http` may reach although they are private. Default: none. */
  readonly allowEgress?: readonly string[];
  /** The network that the functions which call out stand in. Default: AWS's own, from which they reach what is public. */
  readonly privateEgress?: PrivateEgress;
  /** What the AWS actions of pipelines may reach. Default: nothing. */
  readonly allowedActions?: AllowedActions;
  /** Who may put events on the bus: ids of accounts, ARNs of roles and users. Default: nobody but who has the right by IAM. */
  readonly eventSenders?: readonly string[];
  /** ARNs of the Lambda functions that registered actions may call, as registrations name them. Default: none. */
  readonly invokable?: readonly string[];
  /**
   * Of what holds data: the table, the key, the secret, the logs. Default `RETAIN`: they outlive the stack, and the table is
   * protected. `DESTROY` is for trying things out.
   */
  readonly removalPolicy?: RemovalPolicy;
  /** Name of a table to use instead of one of the stack's own, such as one restored from a backup. */
  readonly existingTable?: string;
  /** Of every log group. Default: one month. */
  readonly logRetention?: RetentionDays;
  /** Default: `info`. */
  readonly logLevel?: LogLevel;
  /** Who is told of alarms. Default: nobody. */
  readonly alarmsTopic?: ITopic;
  /** Where the runbooks of alarms are: the address of docs/operations.md as the team reads it. Default: its path here. */
  readonly runbooks?: string;
  /** Default: 200 requests a second on each route, 400 at once; 100 and 200 on each that starts runs. */
  readonly throttle?: Throttle;
  /** How much of the account's concurrency is set aside for, and at the most used by, requests and runs. Default: no limit. */
  readonly concurrency?: { readonly api?: number; readonly runJobs?: number };
  /** False: new versions of functions are in use at once, for a correction that cannot wait. Default: a tenth comes first. */
  readonly canary?: boolean;
};

/** Starts below what Step Functions takes in every region: 150 executions a second, 800 at once. */
export const THROTTLE: Throttle = { rateLimit: 200, burstLimit: 400, starts: { rateLimit: 100, burstLimit: 200 } };
