import type { Clock } from '../ports/clock.ts';

/** Milliseconds that the jobs of one run may keep the process busy before others have their turn. */
const TURN = 10;

/**
 * Pure steps follow one another without ever waiting for anything: without a pause, one run with much to evaluate would hold up
 * requests, time limits and its own progress. All jobs of a run share the pause.
 */
export function createBreath(clock: Clock): () => Promise<void> | undefined {
  let since = clock.now();
  let pause: Promise<void> | undefined;
  return () => {
    if (pause !== undefined) return pause;
    if (clock.now() - since < TURN) return undefined;
    pause = clock.sleep(0).then(() => {
      pause = undefined;
      since = clock.now();
    });
    return pause;
  };
}
