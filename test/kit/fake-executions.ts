import type { ExecutionInput, Executions } from '../../src/ports/executions.ts';

export type FakeExecutions = Executions & {
  /** What was started, in order. */
  readonly started: readonly { readonly name: string; readonly input: ExecutionInput }[];
  /** Tokens that were woken, in order. */
  readonly woken: readonly string[];
  /** What the next starts do instead. */
  failStarts(error: Error): void;
  /** What happens while somebody waits for the end of an execution; absent: nothing does. */
  whileWaiting(happens: (name: string, ms: number) => Promise<void>): void;
};

/** Executions that never do anything: the test plays the worker. */
export function createFakeExecutions(): FakeExecutions {
  const started: { readonly name: string; readonly input: ExecutionInput }[] = [];
  const woken: string[] = [];
  let failure: Error | undefined;
  let waiting: (name: string, ms: number) => Promise<void> = async () => undefined;
  return {
    started,
    woken,
    failStarts(error) {
      failure = error;
    },
    whileWaiting(happens) {
      waiting = happens;
    },
    async start(name, input) {
      if (failure !== undefined) throw failure;
      const known = started.some(other => other.name === name);
      if (!known) started.push({ name, input });
      return known ? 'exists' : 'started';
    },
    async wake(token) {
      woken.push(token);
      return 'woken';
    },
    stop: async () => undefined,
    look: async name => (started.some(other => other.name === name) ? 'running' : 'missing'),
    ended: (name, ms) => waiting(name, ms),
  };
}
