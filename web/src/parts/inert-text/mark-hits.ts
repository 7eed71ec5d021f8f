import { markText, type Segment } from './segment.ts';

/** A place in the shown text, in UTF-16 code units. */
export type Hit = { readonly start: number; readonly end: number; readonly current?: true };

/** `key`: where it starts in the shown text. */
export type Piece = { readonly segment: Segment; readonly key: number; readonly hit?: 'current' | 'other' };

/** Segments cut where hits begin and end. A mark is never cut: it is hit when a part of it is. */
export function markHits(segments: readonly Segment[], hits: readonly Hit[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let next = 0;
  for (const segment of segments) {
    const length = segment.kind === 'text' ? segment.text.length : markText(segment.code, segment.times).length;
    const end = start + length;
    let at = start;
    while (at < end) {
      while ((hits[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next += 1;
      const hit = hits[next];
      const isInside = hit !== undefined && hit.start <= at;
      const stop = Math.min(end, (isInside ? hit.end : hit?.start) ?? end);
      if (segment.kind === 'mark') {
        const isHit = hit !== undefined && hit.start < end;
        pieces.push({ segment, key: start, ...(isHit ? { hit: kindOf(hit) } : {}) });
        at = end;
      } else {
        const cut = { ...segment, text: segment.text.slice(at - start, stop - start) };
        pieces.push({ segment: cut, key: at, ...(isInside ? { hit: kindOf(hit) } : {}) });
        at = stop;
      }
    }
    start = end;
  }
  return pieces;
}

function kindOf(hit: Hit): 'current' | 'other' {
  return hit.current === true ? 'current' : 'other';
}
