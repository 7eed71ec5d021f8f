import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Json } from '../../api/types.ts';
import { isList, type Schema, textOf } from './json-shape.ts';
import { schemasAt, typesOf } from './schemas-at.ts';
import { keyOf, type Path, plain } from './yaml-place.ts';

/** What the schema says about a word of the text. */
export type Description = {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  /** Lines of plain text. */
  readonly lines: readonly string[];
};

export function describe(schema: Schema, text: string, offset: number): Description | undefined {
  const root = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', strict: false }).contents;
  const found = findWord(root, [], offset);
  if (found === undefined) return undefined;
  const schemas = schemasAt(schema, plain(root), found.path);
  const description = descriptionOf(schemas, found.value);
  if (schemas.length === 0) return undefined;
  const types = [...new Set(schemas.flatMap(typesOf))];
  const allowed = schemas.flatMap(one => (isList(one.enum) ? one.enum : []));
  const usual = schemas.map(one => one.default).find(one => one !== undefined);
  const lines = [
    ...(description === undefined ? [] : [description]),
    ...(types.length === 0 ? [] : [`Type: ${types.join(' or ')}.`]),
    ...(allowed.length === 0 ? [] : [`One of: ${allowed.map(one => String(one)).join(', ')}.`]),
    ...(usual === undefined ? [] : [`Default: ${JSON.stringify(usual)}.`]),
  ];
  return lines.length === 0 ? undefined : { from: found.from, to: found.to, title: found.title, lines };
}

/** Of a value that has a schema of its own (a `const`), what that says; else what is said about the key. */
function descriptionOf(schemas: readonly Schema[], value: Json | undefined): string | undefined {
  const own = value === undefined ? undefined : schemas.find(schema => schema.const === value);
  return textOf(own?.description) ?? schemas.map(schema => textOf(schema.description)).find(one => one !== undefined);
}

type Word = {
  readonly path: Path;
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly value?: Json;
};

function findWord(node: unknown, path: Path, offset: number): Word | undefined {
  const items = isMap(node)
    ? node.items.map(({ key, value }) => ({ key, value, step: keyOf(key) }))
    : isSeq(node)
      ? node.items.map((value, step) => ({ key: undefined, value, step }))
      : [];
  for (const { key, value, step } of items) {
    const here = [...path, step];
    if (isInside(key, offset)) return { path: here, ...rangeOf(key), title: String(step) };
    if (isScalar(value) && isInside(value, offset)) {
      return { path: here, ...rangeOf(value), title: String(step), value: plain(value) };
    }
    const found = findWord(value, here, offset);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isInside(node: unknown, offset: number): boolean {
  const { from, to } = rangeOf(node);
  return from <= offset && offset < to;
}

function rangeOf(node: unknown): { readonly from: number; readonly to: number } {
  const [from, to] = isScalar(node) && node.range ? node.range : [-1, -1];
  return { from, to };
}
