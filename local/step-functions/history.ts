import type { Json } from '../../src/json.ts';

/**
 * One thing that happened to an execution. `at`: milliseconds since the epoch. After HistoryEvent of the Step Functions
 * API: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export type HistoryEvent = { readonly at: number } & (
  | { readonly type: 'ExecutionStarted'; readonly input: Json }
  | { readonly type: 'StateEntered'; readonly state: string; readonly input: Json }
  | { readonly type: 'TaskScheduled'; readonly state: string; readonly functionName: string; readonly payload: Json }
  | {
      readonly type: 'TaskFailed' | 'TaskTimedOut';
      readonly state: string;
      readonly error: string;
      readonly cause: string;
    }
  | { readonly type: 'StateExited'; readonly state: string; readonly output: Json }
  | { readonly type: 'ExecutionSucceeded'; readonly output: Json }
  | {
      readonly type: 'ExecutionFailed' | 'ExecutionTimedOut' | 'ExecutionAborted';
      readonly error: string;
      readonly cause: string;
    }
);
