/** What a pattern grows to when its repetitions are written out: RE2 compiles `(a{10}){10}` to a hundred instructions. */
export function patternWeight(pattern: string): number {
  /** One entry per open group: the weight so far, and that of the last piece, which a repetition multiplies. */
  const groups = [{ sum: 0, last: 0 }];
  for (const match of pattern.matchAll(PIECE)) {
    const group = groups.at(-1) ?? { sum: 0, last: 0 };
    const [piece, least, most] = match;
    if (piece.startsWith('(')) groups.push({ sum: 0, last: 0 });
    else if (piece === ')' && groups.length > 1) {
      groups.pop();
      add(groups.at(-1) ?? group, group.sum + 1);
    } else if (least !== undefined) add(group, group.last * (Math.max(Number(least), Number(most ?? 0)) - 1));
    else if (piece !== '|') add(group, 1);
  }
  return groups.reduce((sum, group) => sum + group.sum, 0);
}

/** A repetition with its counts, the begin of a group, an escape, a class, or one character. */
const PIECE = /\{(\d{1,4})(?:,(\d{0,4}))?\}|\((?:\?(?::|P?<\w+>|[a-zA-Z-]+:?))?|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|./gs;

/** What was repeated weighs as much as all its copies from then on. */
function add(group: { sum: number; last: number }, weight: number): void {
  group.sum += weight;
  group.last = weight;
}
