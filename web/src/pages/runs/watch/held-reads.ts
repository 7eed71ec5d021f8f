import { type PollTimer, SHORTEST } from '../../../api/poll.ts';

/** Milliseconds until what could not be read is tried again, at the most; it begins with two seconds. */
const LONGEST_HOLD = 30_000;

export type HeldReads = {
  readonly has: (key: string) => boolean;
  /** Not now: later, and after every failure later still. */
  readonly hold: (key: string) => void;
  /** It was read. */
  readonly forget: (key: string) => void;
  /** All may be tried again at once. */
  readonly release: () => void;
};

/** What could not be read, and is left out for a while, so that the rest goes on. */
export function createHeldReads(timer: PollTimer): HeldReads {
  const held = new Map<string, { readonly wait: number; readonly timer: unknown }>();
  return {
    has: key => held.get(key)?.timer !== undefined,
    hold(key) {
      const wait = Math.min(LONGEST_HOLD, 2 * (held.get(key)?.wait ?? SHORTEST));
      // Its wait stays known until it can be read.
      held.set(key, { wait, timer: timer.set(() => held.set(key, { wait, timer: undefined }), wait) });
    },
    forget: key => void held.delete(key),
    release() {
      for (const one of held.values()) timer.clear(one.timer);
      held.clear();
    },
  };
}
