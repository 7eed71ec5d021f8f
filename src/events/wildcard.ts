/**
 * A text in which `*` stands for any characters, none too; `\*` and `\\` are the characters themselves. The texts between
 * the stars are looked for one after the other, each as early as it can be: what is found first leaves most for the rest.
 * Linear in the lengths of both, whatever they are.
 */
export function wildcardTest(pattern: string): (text: string) => boolean {
  const [first = '', ...between] = piecesOf(pattern);
  const last = between.pop();
  if (last === undefined) return text => text === first;
  // Once for the pattern, which may be asked of each of many short texts.
  const rest = between.map(piece => ({ piece, borders: bordersOf(piece) }));
  return text => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const { piece, borders } of rest) {
      const found = find(text, piece, borders, at, end);
      if (found === undefined) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}

function piecesOf(pattern: string): readonly string[] {
  const pieces = [''];
  const add = (character: string): void => {
    pieces.push(`${pieces.pop() ?? ''}${character}`);
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') pieces.push('');
    else if (character === '\\') {
      at += 1;
      add(pattern.charAt(at));
    } else add(character);
  }
  return pieces;
}

/** Where `piece` stands first in `text` from `start`, ending by `end`. Knuth, Morris and Pratt: no character is read again. */
function find(text: string, piece: string, borders: Uint32Array, start: number, end: number): number | undefined {
  if (piece === '') return start <= end ? start : undefined;
  let matched = 0;
  for (let at = start; at < end; at += 1) {
    while (matched > 0 && text.charCodeAt(at) !== piece.charCodeAt(matched)) matched = borders[matched - 1] ?? 0;
    if (text.charCodeAt(at) === piece.charCodeAt(matched)) matched += 1;
    if (matched === piece.length) return at + 1 - matched;
  }
  return undefined;
}

/** For each beginning of the piece: the length of the longest shorter beginning that it ends with. */
function bordersOf(piece: string): Uint32Array {
  const borders = new Uint32Array(piece.length);
  let length = 0;
  for (let at = 1; at < piece.length; at += 1) {
    while (length > 0 && piece.charCodeAt(at) !== piece.charCodeAt(length)) length = borders[length - 1] ?? 0;
    if (piece.charCodeAt(at) === piece.charCodeAt(length)) length += 1;
    borders[at] = length;
  }
  return borders;
}
