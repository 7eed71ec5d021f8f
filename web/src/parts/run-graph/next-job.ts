import type { JobLayout } from './layout-jobs.ts';

export type Move = 'next' | 'previous' | 'first' | 'last' | 'needs' | 'dependants' | 'above' | 'below';

/** Where a key leads from a job; undefined: nowhere. Left and right follow edges, up and down stay in the column. */
export function nextJob({ jobs, edges }: JobLayout, from: string, move: Move): string | undefined {
  const at = jobs.findIndex(job => job.id === from);
  const here = jobs[at];
  if (here === undefined) return undefined;
  if (move === 'next') return jobs[at + 1]?.id;
  if (move === 'previous') return at === 0 ? undefined : jobs[at - 1]?.id;
  if (move === 'first') return jobs[0]?.id;
  if (move === 'last') return jobs.at(-1)?.id;
  if (move === 'above' || move === 'below') {
    const column = jobs.filter(job => job.x === here.x);
    return column[column.indexOf(here) + (move === 'below' ? 1 : -1)]?.id;
  }
  const linked = edges.flatMap(({ from: source, to }) => {
    if (move === 'needs') return to === from ? [source] : [];
    return source === from ? [to] : [];
  });
  // The one that is nearest in height.
  return jobs.filter(job => linked.includes(job.id)).sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]
    ?.id;
}

const KEYS: Readonly<Record<string, Move>> = {
  ArrowRight: 'dependants',
  ArrowLeft: 'needs',
  ArrowUp: 'above',
  ArrowDown: 'below',
  Home: 'first',
  End: 'last',
};

export function moveOf(key: string, shift: boolean): Move | undefined {
  if (key === 'Tab') return shift ? 'previous' : 'next';
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}
