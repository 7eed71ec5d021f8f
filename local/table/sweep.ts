import type { Clock } from '../../src/ports/clock.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Rows } from './rows.ts';

export type SweepOptions = {
  readonly commits: GroupCommit;
  readonly rows: Rows;
  readonly clock: Pick<Clock, 'now'>;
  /** Between two sweeps; 0: only when asked. */
  readonly seconds: number;
  readonly onError: (error: Error) => void;
};

/** Items deleted in one go (about 1 ms); others are served between two of them. */
const AT_ONCE = 100;

/** Deletes what has expired: at once, on a timer that keeps no process alive, and when asked. */
export function createSweep({ commits, rows, clock, seconds, onError }: SweepOptions) {
  let stopped = false;

  async function sweep(): Promise<number> {
    let total = 0;
    while (!stopped) {
      const now = Math.floor(clock.now() / 1000);
      const deleted = await commits.submit(mark => {
        const count = rows.deleteExpired(now, AT_ONCE);
        // Which partitions they were of does not matter: nobody may count on an expired item.
        if (count > 0) mark('');
        return count;
      });
      total += deleted;
      if (deleted < AT_ONCE) break;
    }
    return total;
  }

  const run = (): void => {
    sweep().catch(error => {
      if (!stopped) onError(error);
    });
  };
  const timer = seconds > 0 ? setInterval(run, seconds * 1000).unref() : undefined;
  if (seconds > 0) run();

  return {
    sweep,
    stop(): void {
      stopped = true;
      clearInterval(timer);
    },
  };
}
