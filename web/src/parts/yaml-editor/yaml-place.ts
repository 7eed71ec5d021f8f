import { isMap, isScalar, isSeq, type Node, parseDocument, Scalar } from 'yaml';
import type { Json } from '../../api/types.ts';

export type Path = readonly (string | number)[];

/** Where the cursor is in a definition that is being written. */
export type YamlPlace = {
  /** `key`: a key of the map at `path`. `value`: the value at `path`. `text`: inside a longer text at `path`. */
  readonly role: 'key' | 'value' | 'text';
  readonly path: Path;
  /** What a completion replaces. */
  readonly from: number;
  readonly to: number;
  /** The keys beside it, without itself. */
  readonly siblings: readonly string[];
  /** The whole document, without the word at the cursor. */
  readonly document: Json;
  /** A colon already follows. */
  readonly hasColon: boolean;
  /** Inside of `[…]` or `{…}`. */
  readonly inFlow: boolean;
  /** Characters before the key on its line, dashes included: what is nested stands deeper. */
  readonly indent: number;
};

/** Stands at the cursor while the text is parsed: half a word is no YAML that means anything. */
const MARK = 'pipecall_cursor_7d1f';

const WORD_BEFORE = /(?:[^\s,[\]{}"'#])*$/;
const WORD_AFTER = /^(?:[^\s,[\]{}"'#:]|:(?=[^\s,\]}]))*/;

export function yamlPlace(text: string, offset: number): YamlPlace | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const after = text.slice(offset, newline === -1 ? text.length : newline);
  const word = WORD_BEFORE.exec(text.slice(lineStart, offset))?.[0] ?? '';
  // `key:` wants a space first.
  if (word.endsWith(':')) return undefined;
  const from = offset - word.length;
  const to = offset + (WORD_AFTER.exec(after)?.[0].length ?? 0);
  const lead = text.slice(lineStart, from);
  const hasColon = /^\s*:(?:\s|$)/.test(after.slice(to - offset));
  // At the start of a line a word becomes a key; a line that begins with a dash could hold either.
  const isLead = /^\s*(?:- +)*$/.test(lead);
  const marked = `${text.slice(0, from)}${MARK}${isLead && !hasColon ? ':' : ''}${text.slice(to)}`;
  const root = parseDocument(marked, { uniqueKeys: false, logLevel: 'silent', strict: false }).contents;
  const found = findMark(root, [], false);
  if (found === undefined) return undefined;
  return { ...found, from, to, document: plain(root), hasColon, indent: lead.length };
}

type Found = Pick<YamlPlace, 'role' | 'path' | 'siblings' | 'inFlow'>;

function findMark(node: unknown, path: Path, inFlow: boolean): Found | undefined {
  if (isScalar(node)) {
    if (!String(node.value).includes(MARK)) return undefined;
    const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
    return { role: node.value === MARK && !isBlock ? 'value' : 'text', path, siblings: [], inFlow };
  }
  if (isSeq(node)) return first(node.items, (item, index) => findMark(item, [...path, index], inFlow || isFlow(node)));
  if (!isMap(node)) return undefined;
  return first(node.items, pair => {
    const key = keyOf(pair.key);
    if (key === MARK) {
      const siblings = node.items.map(item => keyOf(item.key)).filter(one => one !== MARK);
      return { role: 'key', path, siblings, inFlow: inFlow || isFlow(node) };
    }
    return findMark(pair.value, [...path, key], inFlow || isFlow(node));
  });
}

function isFlow(node: Node): boolean {
  return 'flow' in node && node.flow === true;
}

export function keyOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : '';
}

/** Values without the mark. Aliases are left out: no completion depends on them, and they can stand for billions. */
export function plain(node: unknown): Json {
  if (isSeq(node)) return node.items.map(plain);
  if (isMap(node)) {
    const entries = node.items.map(pair => [keyOf(pair.key), plain(pair.value)] as const);
    return Object.fromEntries(entries.filter(([key]) => key !== MARK));
  }
  if (!isScalar(node)) return null;
  const { value } = node;
  if (typeof value === 'string') return value === MARK ? null : value.replaceAll(MARK, '');
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The value at a path; undefined where there is none. */
export function valueAt(document: Json, path: Path): Json | undefined {
  let here: Json | undefined = document;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.hasOwn(here, step) ? Object.entries(here).find(([key]) => key === String(step))?.[1] : undefined;
  }
  return here;
}

function first<T, R>(items: readonly T[], find: (item: T, index: number) => R | undefined): R | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
