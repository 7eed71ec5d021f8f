/** Milliseconds. */
export const TIMES = {
  /** Progress becomes visible at least this often. */
  flush: 1_000,
  /** How often a worker looks whether it was cancelled, signalled or cut off. */
  look: 2_000,
  /** Waits that are shorter are not worth parking for. */
  inPlace: 5_000,
  /** What clean-up may take after a cancellation. */
  cleanup: 300_000,
  /** An action has this long to end after it was aborted. */
  abortGrace: 5_000,
  /** … and what takes back what it asked for, this long to say that it could not. */
  lastWords: 500,
  /** Before the platform ends the invocation: no step begins any more (an HTTP step takes up to 300 s) … */
  drain: 330_000,
  /** … and steps in flight are handed to the next one. */
  handOver: 15_000,
};
