/** Longer names, and more of them, are not compared, so that work stays small. */
const MAX_LENGTH = 60;
const MAX_CANDIDATES = 300;

/** The candidate that a person most likely meant, if one is near: a third of the letters may differ. */
export function nearName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
    const most = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    if (candidate.length > MAX_LENGTH || Math.abs(candidate.length - name.length) > most) continue;
    const distance = distanceOf(wanted, candidate.toLowerCase());
    if (distance <= most && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { name: candidate, distance };
  }
  return best?.name;
}

/** Looked for when it is shown: of thousands of problems, hundreds are. */
export type Hint = () => string | undefined;

/** The hint of a diagnostic. */
export function didYouMean(name: string, candidates: readonly string[]): Hint {
  return () => {
    const near = nearName(name, candidates);
    return near === undefined ? undefined : `did you mean \`${near}\`?`;
  };
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, at(before, column - 2) + 1);
      current.push(least);
    }
    before = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
