import type { Rule } from 'aws-cdk-lib/aws-events';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { DeadLetters } from './dead-letters.ts';
import type { HttpGateway } from './http-gateway.ts';
import type { PipecallFunction } from './pipecall-function.ts';
import type { RecordsTable } from './records-table.ts';

/** What alarms and the dashboard are about. */
export type Monitored = {
  /** Of the deployment: what its lines, metrics and alarms are known by. */
  readonly name: string;
  readonly functions: Readonly<Record<string, PipecallFunction>> & { readonly reconcile: PipecallFunction };
  readonly deadLetterQueues: Readonly<Record<string, DeadLetters>>;
  readonly gateway: HttpGateway;
  readonly table: RecordsTable;
  readonly machine: StateMachine;
  readonly rules: readonly Rule[];
};
