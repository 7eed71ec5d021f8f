import { useSyncExternalStore } from 'react';
import styles from './time.module.css';
import { durationText, exactTime, relativeTime } from './time-words.ts';
import { Tooltip } from './tooltip.tsx';

/** How long ago, or how long still; the exact time on hover and on focus. */
export function Time({
  at,
  words = relativeTime,
  exact = exactTime(at),
}: {
  readonly at: string;
  /** Others than how long ago. */
  readonly words?: (at: string, now: number) => string;
  readonly exact?: string;
}) {
  const now = useNow();
  return (
    <Tooltip text={exact}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the exact time would be the mouse's alone */}
      <time dateTime={at} tabIndex={0} className={styles.time}>
        {words(at, now)}
      </time>
    </Tooltip>
  );
}

/** How long it took, or has taken up to now. */
export function Duration({ from, to }: { readonly from: string; readonly to?: string | undefined }) {
  const now = useNow();
  return (
    <span className={styles.duration}>
      {durationText((to === undefined ? now : Date.parse(to)) - Date.parse(from))}
    </span>
  );
}

let clock = Date.now();
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** One clock for the page, so that all times change at the same moment; it stands while nobody shows one. */
export function useNow(): number {
  return useSyncExternalStore(watchClock, () => clock);
}

function watchClock(watcher: () => void): () => void {
  if (watchers.size === 0) {
    clock = Date.now();
    ticking = setInterval(() => {
      clock = Date.now();
      for (const told of watchers) told();
    }, 1_000);
  }
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) clearInterval(ticking);
  };
}
