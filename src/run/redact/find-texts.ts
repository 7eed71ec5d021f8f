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
 * in all their encodings are a million of them; 0 is the root.
 */
export function compileTexts(texts: Iterable<string>): FindTexts {
  const distinct = [...new Set(texts)].filter(text => text !== '');
  const size = distinct.reduce((sum, text) => sum + text.length, 1);
  const unit = new Uint16Array(size);
  const parent = new Int32Array(size);
  /** Distance from the root. */
  const depth = new Int32Array(size);
  /** The node of the longest proper end of this one that is a beginning of some text. */
  const fallback = new Int32Array(size);
  /** Length of the longest text that ends here; 0: none. */
  const longest = new Int32Array(size);
  /** Open addressing: the child of a node by a code unit is at their hash or right behind it. */
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(size * 2)));
  const mask = slots.length - 1;
  let nodes = 1;

  const slotOf = (node: number, code: number): number => {
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b)) >>> 7;
    for (; ; slot += 1) {
      const child = slots[slot & mask] ?? 0;
      if (child === 0 || (parent[child] === node && unit[child] === code)) return slot & mask;
    }
  };
  const advance = (from: number, code: number): number => {
    let node = from;
    for (;;) {
      const next = slots[slotOf(node, code)] ?? 0;
      if (next !== 0 || node === 0) return next;
      node = fallback[node] ?? 0;
    }
  };

  for (const text of distinct) {
    let node = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const slot = slotOf(node, code);
      let next = slots[slot] ?? 0;
      if (next === 0) {
        next = nodes++;
        slots[slot] = next;
        unit[next] = code;
        parent[next] = node;
        depth[next] = at + 1;
      }
      node = next;
    }
    longest[node] = text.length;
  }
  for (const node of byDepth(depth.subarray(0, nodes))) {
    const above = parent[node] ?? 0;
    if (above !== 0) fallback[node] = advance(fallback[above] ?? 0, unit[node] ?? 0);
    if (longest[node] === 0) longest[node] = longest[fallback[node] ?? 0] ?? 0;
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

/** All nodes but the root, those that are nearer to it first: a fallback is nearer than its node. */
function byDepth(depth: Int32Array): Int32Array {
  const starts = new Int32Array(depth.reduce((most, each) => Math.max(most, each), 0) + 2);
  for (const each of depth) starts[each + 1] = (starts[each + 1] ?? 0) + 1;
  for (let level = 1; level < starts.length; level += 1)
    starts[level] = (starts[level] ?? 0) + (starts[level - 1] ?? 0);
  const order = new Int32Array(depth.length);
  for (const [node, each] of depth.entries()) {
    const place = starts[each] ?? 0;
    order[place] = node;
    starts[each] = place + 1;
  }
  return order.subarray(1);
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
