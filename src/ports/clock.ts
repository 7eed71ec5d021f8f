/** Time as core code may know it: handed in, so that a test can move it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, or as soon as `signal` aborts (it never rejects).
   * Limit: any non-negative number; longer than a timer of the platform can count is honoured too.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
