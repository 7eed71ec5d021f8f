/** Milliseconds between two looks at something that changes, and the most that comes of it when it does not. */
export const SHORTEST = 1_000;
export const LONGEST = 10_000;

/** How long to wait before the next look: as short as may be after a change, then ever longer. */
export const nextWait = (last: number, changed: boolean): number =>
  changed ? SHORTEST : Math.min(LONGEST, Math.round(last * 1.5));

export type PollTimer = {
  readonly set: (run: () => void, wait: number) => unknown;
  readonly clear: (timer: unknown) => void;
};

/**
 * Looks again and again: one look at a time, and none while `hidden`. `look` answers whether something changed, or that it is
 * `over`; a number is how many milliseconds to wait before the next one. Whoever starts it stops it.
 */
export function startPolling(options: {
  readonly look: () => Promise<'changed' | 'same' | 'over' | number>;
  readonly hidden: () => boolean;
  /** Tells when `hidden` may have changed; answers how to stop telling. */
  readonly onVisibility: (listener: () => void) => () => void;
  readonly timer: PollTimer;
}): () => void {
  const { look, hidden, onVisibility, timer } = options;
  let wait = SHORTEST;
  let pending: unknown;
  let state: 'looking' | 'waiting' | 'resting' | 'ended' = 'resting';
  const end = (): void => {
    state = 'ended';
    timer.clear(pending);
    unwatch();
  };
  const go = async (): Promise<void> => {
    if (state === 'ended') return;
    if (hidden()) {
      state = 'resting';
      return;
    }
    state = 'looking';
    const seen = await look();
    // `end` may have been called during the look.
    if ((state as string) === 'ended') return;
    if (seen === 'over') return end();
    wait = typeof seen === 'number' ? seen : nextWait(wait, seen === 'changed');
    state = 'waiting';
    pending = timer.set(() => void go(), wait);
  };
  const unwatch = onVisibility(() => {
    if (hidden() || state !== 'resting') return;
    // Somebody looks at it again, so they see at most one second of the past.
    wait = SHORTEST;
    state = 'waiting';
    pending = timer.set(() => void go(), 0);
  });
  void go();
  return end;
}
