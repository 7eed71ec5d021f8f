import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  ExecutionStatus as SfnStatus,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStatus, Executions } from '../ports/executions.ts';
import { executionArn } from './execution-arn.ts';

export type ExecutionsOptions = {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  readonly clock: Clock;
  /** Called once per request to Step Functions with the name of its operation. */
  readonly meter?: (operation: string) => void;
};

const STATUSES: Readonly<Record<SfnStatus, ExecutionStatus>> = {
  [SfnStatus.RUNNING]: 'running',
  [SfnStatus.SUCCEEDED]: 'succeeded',
  [SfnStatus.FAILED]: 'failed',
  [SfnStatus.TIMED_OUT]: 'timed-out',
  [SfnStatus.ABORTED]: 'stopped',
  // Only executions that a Map state started get here; there is none in our machine.
  [SfnStatus.PENDING_REDRIVE]: 'running',
};

/** The most of a cause that StopExecution takes, in characters. */
const LONGEST_CAUSE = 32_768;

/** The `executions` port over AWS Step Functions. */
export function createExecutions({ client, stateMachineArn, clock, meter }: ExecutionsOptions): Executions {
  const pause = createPauses(clock);
  const arnOf = (name: string) => executionArn(stateMachineArn, name);

  return {
    async start(name, input) {
      meter?.('StartExecution');
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
      try {
        await client.send(command);
        return 'started';
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'exists';
        throw error;
      }
    },
    async wake(token) {
      meter?.('SendTaskSuccess');
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
        return 'woken';
      } catch (error) {
        const gone = [TaskTimedOut, TaskDoesNotExist, InvalidToken].some(type => error instanceof type);
        if (gone) return 'gone';
        throw error;
      }
    },
    async stop(name, cause) {
      meter?.('StopExecution');
      const executionArn = arnOf(name);
      try {
        await client.send(
          new StopExecutionCommand({ executionArn, error: 'Stopped', cause: cause.slice(0, LONGEST_CAUSE) }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionDoesNotExist)) throw error;
      }
    },
    async look(name) {
      meter?.('DescribeExecution');
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn: arnOf(name) }));
        if (status === undefined) throw new Error(`Step Functions described the execution ${name} without a status`);
        return STATUSES[status];
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'missing';
        throw error;
      }
    },
    ended: pause,
  };
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** How many names are remembered at once; a name that is forgotten starts again with the first pause. */
const REMEMBERED = 1_000;

/**
 * Pauses that grow with every call for the same name. Each call of the caller's loop reads the table, so the pauses are a
 * compromise between what waiting costs and how late the end is noticed.
 */
function createPauses(clock: Clock): Executions['ended'] {
  const last = new Map<string, { readonly pause: number; readonly until: number }>();
  return async (name, ms) => {
    const before = last.get(name);
    const goesOn = before !== undefined && clock.now() < before.until + LONGEST_PAUSE_MS;
    const pause = goesOn ? Math.min(before.pause * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    last.delete(name);
    last.set(name, { pause, until: clock.now() + pause });
    for (const oldest of last.keys()) {
      if (last.size <= REMEMBERED) break;
      last.delete(oldest);
    }
    await clock.sleep(Math.min(ms, pause));
  };
}
