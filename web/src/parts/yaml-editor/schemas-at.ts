import type { Json } from '../../api/types.ts';
import { isList, isObject, member, type Schema, schemasIn, stringsIn, textOf } from './json-shape.ts';
import { type Path, valueAt } from './yaml-place.ts';

/** Combinations and references inside each other: a schema that refers to itself ends here. */
const MAX_DEPTH = 16;

/** The schemas that speak about the value at `path`, given what the document says so far. */
export function schemasAt(root: Schema, document: Json, path: Path): readonly Schema[] {
  let here = expand(root, root, document, 0);
  for (const [index, step] of path.entries()) {
    const value = valueAt(document, path.slice(0, index + 1));
    here = here.flatMap(schema => childrenOf(schema, step)).flatMap(child => expand(root, child, value, 0));
  }
  return [...new Set(here)];
}

/** A schema and all that it combines, without alternatives that the value already contradicts. */
export function expand(root: Schema, schema: Schema, value: Json | undefined, depth: number): readonly Schema[] {
  if (depth > MAX_DEPTH) return [];
  const more = (found: readonly Schema[]) => found.flatMap(one => expand(root, one, value, depth + 1));
  const either = [...schemasIn(schema.anyOf), ...schemasIn(schema.oneOf)];
  const condition = schema.if;
  const branch = isObject(condition) ? (holds(root, condition, value, 0) ? schema.then : schema.else) : undefined;
  return [
    schema,
    ...more(referred(root, schema)),
    ...more(schemasIn(schema.allOf)),
    ...more(either.filter(one => fits(root, one, value, 0))),
    ...more(isObject(branch) ? [branch] : []),
  ];
}

function referred(root: Schema, schema: Schema): readonly Schema[] {
  const reference = textOf(schema.$ref);
  if (reference === undefined || !reference.startsWith('#')) return [];
  const steps = reference.split('/').slice(1);
  const target = steps.reduce<Json | undefined>((here, step) => {
    return member(here, decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  }, root);
  return isObject(target) ? [target] : [];
}

function childrenOf(schema: Schema, step: string | number): readonly Schema[] {
  if (typeof step === 'number') {
    const own = schemasIn(schema.prefixItems)[step];
    return [own ?? schema.items].filter(isObject);
  }
  const own = member(schema.properties, step);
  if (isObject(own)) return [own];
  const patterns = isObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
  const matching = patterns.filter(([pattern]) => new RegExp(pattern, 'u').test(step)).map(([, child]) => child);
  return [...matching, ...(matching.length === 0 ? [schema.additionalProperties] : [])]
    .filter(one => one !== undefined)
    .filter(isObject);
}

/** Whether a condition is met: of the keywords that say what a value is, every one. */
export function holds(root: Schema, schema: Schema, value: Json | undefined, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const also = (one: Schema) => holds(root, one, value, depth + 1);
  if (!fits(root, schema, value, depth)) return false;
  if (value === undefined && (schema.const !== undefined || schema.enum !== undefined)) return false;
  if (!stringsIn(schema.required).every(key => member(value, key) !== undefined)) return false;
  if (isObject(schema.not) && also(schema.not)) return false;
  if (!schemasIn(schema.allOf).every(also)) return false;
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    if (schema[keyword] !== undefined && !schemasIn(schema[keyword]).some(also)) return false;
  }
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.every(([key, child]) => {
    const given = member(value, key);
    return given === undefined || !isObject(child) || holds(root, child, given, depth + 1);
  });
}

/** Whether nothing that is written so far contradicts it; what is still missing may come. */
function fits(root: Schema, schema: Schema, value: Json | undefined, depth: number): boolean {
  if (value === undefined || value === null || depth > MAX_DEPTH) return true;
  if (!referred(root, schema).every(one => fits(root, one, value, depth + 1))) return false;
  const types = typesOf(schema);
  if (types.length > 0 && !types.some(type => isOfType(value, type))) return false;
  if (schema.const !== undefined && schema.const !== value) return false;
  if (isList(schema.enum) && !schema.enum.includes(value)) return false;
  const pattern = textOf(schema.pattern);
  if (pattern !== undefined && typeof value === 'string' && depth > 0 && !new RegExp(pattern, 'u').test(value))
    return false;
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.every(([key, child]) => {
    const given = member(value, key);
    return typeof given === 'object' || !isObject(child) || fits(root, child, given, depth + 1);
  });
}

export function typesOf(schema: Schema): readonly string[] {
  const { type } = schema;
  return typeof type === 'string' ? [type] : stringsIn(type);
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'object') return isObject(value);
  if (type === 'array') return isList(value);
  if (type === 'integer') return Number.isInteger(value);
  return type === 'null' ? value === null : typeof value === type;
}
