/** What one run hands to its state machine: where its records are. */
export type ExecutionInput = {
  readonly org: string;
  readonly app: string;
  readonly pipeline: string;
  readonly run: string;
  /** Of a run that went on in another execution: the how manieth; absent: 0. */
  readonly execution?: number;
};

export type ExecutionStatus = 'running' | 'succeeded' | 'failed' | 'timed-out' | 'stopped' | 'missing';

/** Executions of the state machine `pipeline-run`. The name of an execution is the id of its run, and a number behind it. */
export interface Executions {
  /** Starting a name twice is harmless: the second answer is `exists`; from AWS, `started` again while the first runs. */
  start(name: string, input: ExecutionInput): Promise<'started' | 'exists'>;
  /** Task success for a waiting task token. `gone`: the task is over (timed out, stopped, woken before). */
  wake(token: string): Promise<'woken' | 'gone'>;
  /** Ends an execution from outside; nothing happens when it is over or was never started. */
  stop(name: string, cause: string): Promise<void>;
  look(name: string): Promise<ExecutionStatus>;
  /**
   * A hint for those who wait for a run: resolves when the execution may have ended, at the latest after `ms`
   * milliseconds. Where nothing can tell (AWS) it resolves after a pause; the caller looks at the records again.
   */
  ended(name: string, ms: number): Promise<void>;
}
