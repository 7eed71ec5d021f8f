/** UTF-16 code units: shorter beginnings than that are too common. */
const LEAST_BEGINNING = 4;

/** Half-open, in UTF-16 code units. */
export type Range = { readonly start: number; readonly end: number };

/**
 * Lists where any of the texts occurs, by the place where an occurrence ends; overlapping ones are listed too. What stands
 * before a mark of omission (`…`, `...`) is found when it is the beginning of a text: others cut what they quote.
 */
export type FindTexts = (within: string) => readonly Range[];

/**
 * One automaton for all texts (A. Aho, M. Corasick: Efficient string matching, 1975): a search takes time in proportion to
 * what is searched, however many texts there are. Nodes are numbers and lie in flat arrays, because the lines of a large key
 * in all their encodings are a million of them. Children are a list of siblings: beyond the root hardly any node has two.
 */
export function compileTexts(texts: Iterable<string>): FindTexts {
  const distinct = [...new Set(texts)].filter(text => text !== '');
  const size = distinct.reduce((sum, text) => sum + text.length, 1);
  const unit = new Uint16Array(size);
  const child = new Int32Array(size);
  const sibling = new Int32Array(size);
  /** The node of the longest proper end of this one that is a beginning of some text. */
  const fallback = new Int32Array(size);
  /** Length of the longest text that ends here; 0: none. */
  const longest = new Int32Array(size);
  /** Distance from the root. */
  const depth = new Int32Array(size);
  const roots = new Map<number, number>();
  let nodes = 1;

  const follow = (node: number, code: number): number => {
    if (node === 0) return roots.get(code) ?? 0;
    let next = child[node] ?? 0;
    while (next !== 0 && unit[next] !== code) next = sibling[next] ?? 0;
    return next;
  };
  const advance = (from: number, code: number): number => {
    let node = from;
    for (;;) {
      const next = follow(node, code);
      if (next !== 0 || node === 0) return next;
      node = fallback[node] ?? 0;
    }
  };

  for (const text of distinct) {
    let node = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      let next = follow(node, code);
      if (next === 0) {
        next = nodes++;
        unit[next] = code;
        depth[next] = at + 1;
        if (node === 0) roots.set(code, next);
        else {
          sibling[next] = child[node] ?? 0;
          child[node] = next;
        }
      }
      node = next;
    }
    longest[node] = text.length;
  }
  // By levels: the fallback of a node is nearer to the root than the node is.
  let level = [...roots.values()];
  while (level.length > 0) {
    const below: number[] = [];
    for (const parent of level) {
      for (let node = child[parent] ?? 0; node !== 0; node = sibling[node] ?? 0) {
        const target = advance(fallback[parent] ?? 0, unit[node] ?? 0);
        fallback[node] = target;
        if (longest[node] === 0) longest[node] = longest[target] ?? 0;
        below.push(node);
      }
    }
    level = below;
  }

  return within => {
    const found: Range[] = [];
    let node = 0;
    for (let at = 0; at < within.length; at += 1) {
      const begun = depth[node] ?? 0;
      if (begun >= LEAST_BEGINNING && marksOmission(within, at)) found.push({ start: at - begun, end: at });
      node = advance(node, within.charCodeAt(at));
      const length = longest[node] ?? 0;
      if (length > 0) found.push({ start: at + 1 - length, end: at + 1 });
    }
    return found;
  };
}

const DOT = 0x2e;
const ELLIPSIS = 0x2026;
const SPACE = 0x20;

function marksOmission(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === ELLIPSIS) return true;
  if (code === SPACE) return text.charCodeAt(at + 1) === ELLIPSIS;
  return code === DOT && text.startsWith('...', at);
}
