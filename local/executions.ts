import type { ExecutionStatus, Executions } from '../src/ports/executions.ts';
import type { StateMachine } from './step-functions/state-machine.ts';

/** The `executions` port over the interpreter, in this process. */
export function createExecutions(machine: StateMachine): Executions {
  return {
    start: async (name, input) => machine.start(name, input),
    wake: async token => (machine.sendTaskSuccess(token, {}) === 'accepted' ? 'woken' : 'gone'),
    async stop(name, cause) {
      machine.stop(name, 'Stopped', cause);
    },
    look: async (name): Promise<ExecutionStatus> => machine.look(name)?.status ?? 'missing',
    ended: (name, ms) => machine.ended(name, ms),
  };
}
