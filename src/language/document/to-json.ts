import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '../../json.ts';
import { type Path, printPath } from '../path.ts';
import type { Report } from '../problem.ts';

/** Levels of lists and maps, those behind an alias included. */
export const MAX_NESTING = 100;

/** Values and characters that aliases stand for: a hundred aliases can stand for billions ("billion laughs"). */
const MAX_WRITTEN_OUT = 1024 * 1024;

/** Names that reach into every object of JavaScript; no program downstream should have to think of them. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** `weight`: values and characters written out. `height`: levels of lists and maps. */
type Built = { readonly value: Json; readonly weight: number; readonly height: number };

const NOTHING: Built = { value: null, weight: 1, height: 0 };

type Work = {
  readonly report: Report;
  /** By name; `built` is not there while its node is being built. */
  readonly anchors: Map<string, { readonly node: Node; readonly built?: Built }>;
  readonly targets: Map<Alias, Node>;
  writtenOut: number;
};

/** The values of a document. An alias is the very object of its anchor, so nothing is copied. */
export type Converted = { readonly value: Json; readonly targets: ReadonlyMap<Alias, Node> };

export function toJson(root: unknown, report: Report): Converted {
  const work: Work = { report, anchors: new Map(), targets: new Map(), writtenOut: 0 };
  const { value } = build(root, [], work);
  return { value, targets: work.targets };
}

function build(node: unknown, path: Path, work: Work): Built {
  if (isAlias(node)) return buildAlias(node, path, work);
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return NOTHING;
  if (node.anchor !== undefined) work.anchors.set(node.anchor, { node });
  const built = isScalar(node) ? buildScalar(node, path, work) : buildCollection(node, path, work);
  if (node.anchor !== undefined) work.anchors.set(node.anchor, { node, built });
  return built;
}

function buildAlias(alias: Alias, path: Path, work: Work): Built {
  const anchor = work.anchors.get(alias.source);
  if (anchor?.built === undefined) {
    const state =
      anchor === undefined ? `no anchor \`&${alias.source}\` stands before it` : 'it stands inside of its own anchor';
    work.report({
      code: 'YAML_UNKNOWN_ALIAS',
      path,
      message: `the alias \`*${alias.source}\` cannot be resolved: ${state}`,
    });
    return NOTHING;
  }
  work.targets.set(alias, anchor.node);
  const before = work.writtenOut;
  work.writtenOut += anchor.built.weight;
  if (before <= MAX_WRITTEN_OUT && work.writtenOut > MAX_WRITTEN_OUT) {
    const message =
      'with its aliases written out the definition holds more than a million values and characters; use fewer aliases of aliases';
    work.report({ code: 'YAML_ALIASES_TOO_LARGE', path, message });
  }
  if (path.length + anchor.built.height > MAX_NESTING) tooDeep(path, work);
  return anchor.built;
}

function buildScalar({ value, source }: Scalar, path: Path, work: Work): Built {
  if (typeof value === 'string') return { value, weight: 1 + value.length, height: 0 };
  if (typeof value === 'number') {
    const loses = Number.isInteger(value) && !Number.isSafeInteger(value);
    if (loses || !Number.isFinite(value)) {
      const message = `the number ${source ?? value} cannot be kept exactly; put it in quotes to keep it as text`;
      work.report({ code: 'INVALID_VALUE', path, message });
    }
    return { value: Number.isFinite(value) ? value : null, weight: 1, height: 0 };
  }
  return typeof value === 'boolean' ? { value, weight: 1, height: 0 } : NOTHING;
}

function buildCollection(node: YAMLMap | YAMLSeq, path: Path, work: Work): Built {
  if (path.length >= MAX_NESTING) {
    tooDeep(path, work);
    return NOTHING;
  }
  const parts: Built[] = [];
  const value = isSeq(node) ? listOf(node, path, parts, work) : mapOf(node, path, parts, work);
  const weight = parts.reduce((sum, part) => sum + part.weight, 1);
  const height = parts.reduce((most, part) => Math.max(most, part.height), 0) + 1;
  return { value, weight, height };
}

function listOf(node: YAMLSeq, path: Path, parts: Built[], work: Work): Json {
  return node.items.map((item, index) => {
    const part = build(item, [...path, index], work);
    parts.push(part);
    return part.value;
  });
}

function mapOf(node: YAMLMap, path: Path, parts: Built[], work: Work): Json {
  const map: Record<string, Json> = {};
  for (const { key, value } of node.items) {
    // Other keys were refused by the composer (`stringKeys`).
    if (!isScalar(key) || typeof key.value !== 'string' || !isKeyAllowed(key.value, key, map, path, work)) continue;
    const name = key.value;
    const part = build(value, [...path, name], work);
    parts.push(part, { ...NOTHING, weight: name.length });
    map[name] = part.value;
  }
  return map;
}

function isKeyAllowed(name: string, key: Scalar, map: object, path: Path, work: Work): boolean {
  const at = { path: [...path, name], offset: key.range?.[0] };
  if (name === '<<' && key.type === 'PLAIN') {
    const message = 'merge keys (`<<`) are not supported; write the keys out, or use an alias for the whole value';
    work.report({ code: 'YAML_MERGE_KEY', ...at, message });
  } else if (RESERVED.has(name)) {
    work.report({ code: 'KEY_NOT_ALLOWED', ...at, message: `a key cannot be named \`${name}\`; choose another name` });
  } else if (Object.hasOwn(map, name)) {
    const where = path.length === 0 ? 'the definition' : `\`${printPath(path)}\``;
    work.report({ code: 'DUPLICATE_KEY', ...at, message: `${where} has the key \`${name}\` twice; keep one` });
  } else return true;
  return false;
}

function tooDeep(path: Path, work: Work): void {
  work.report({
    code: 'YAML_TOO_DEEP',
    path,
    message: `lists and maps are nested more than ${MAX_NESTING} levels deep`,
  });
}
