import type { Hit } from '../inert-text/mark-hits.ts';
import type { LogHit } from './find-hits.ts';

/** The hits of each row; `current`: index of the one that the reader is at. */
export function hitsByRow(hits: readonly LogHit[], current: number): ReadonlyMap<number, readonly Hit[]> {
  const rows = new Map<number, Hit[]>();
  for (const [index, { row, start, end }] of hits.entries()) {
    const hit: Hit = index === current ? { start, end, current: true } : { start, end };
    const found = rows.get(row);
    if (found === undefined) rows.set(row, [hit]);
    else found.push(hit);
  }
  return rows;
}
