import { useEffect, useState, useSyncExternalStore } from 'react';
import { client } from '../../../api/api.ts';
import type { Chosen, RunState } from './run-state.ts';
import { type RunPath, type RunWatch, watchRun } from './run-watch.ts';

export type Watched = RunState & Pick<RunWatch, 'again' | 'moreLines'>;

/** One run as it is now. The page that uses it has a `key` of the run: another run is another page. */
export function useRun(path: RunPath, chosen: Chosen): Watched {
  const [watch] = useState(() => watchRun(BROWSER, path));
  const state = useSyncExternalStore(watch.subscribe, watch.read);
  const { job, step } = chosen;
  useEffect(() => watch.start(), [watch]);
  useEffect(() => watch.choose({ job, step }), [watch, job, step]);
  return { ...state, again: watch.again, moreLines: watch.moreLines };
}

const BROWSER = {
  client,
  hidden: () => document.hidden,
  onVisibility: (listener: () => void) => {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
  timer: {
    set: (run: () => void, wait: number) => setTimeout(run, wait),
    clear: (timer: unknown) => clearTimeout(timer as number), // as: `set` gave it
  },
};
