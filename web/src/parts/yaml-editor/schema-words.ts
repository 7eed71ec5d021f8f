import type { Json } from '../../api/types.ts';
import type { Completion } from './completion.ts';
import { isList, isObject, type Schema, stringsIn, textOf } from './json-shape.ts';
import { expand, typesOf } from './schemas-at.ts';
import type { YamlPlace } from './yaml-place.ts';

/** The keys that may still be written here, required ones first. */
export function keysOf(root: Schema, schemas: readonly Schema[], place: YamlPlace): readonly Completion[] {
  const required = new Set(schemas.flatMap(schema => stringsIn(schema.required)));
  const found = new Map<string, readonly Schema[]>();
  for (const { properties, propertyNames } of schemas) {
    for (const [key, child] of isObject(properties) ? Object.entries(properties) : []) {
      found.set(key, [...(found.get(key) ?? []), ...(isObject(child) ? expand(root, child, undefined, 0) : [])]);
    }
    for (const key of isObject(propertyNames) ? stringsIn(propertyNames.enum) : [])
      found.set(key, found.get(key) ?? []);
  }
  return [...found]
    .filter(([key]) => !place.siblings.includes(key))
    .map(([key, about]): Completion => {
      const types = [...new Set(about.flatMap(typesOf))];
      const detail = [required.has(key) ? 'required' : '', types.join(' or ')].filter(one => one !== '').join(', ');
      return {
        label: key,
        kind: 'key',
        ...described(about),
        ...(detail === '' ? {} : { detail }),
        insert: keyText(key, types, place),
      };
    })
    .sort((a, b) => Number(required.has(b.label)) - Number(required.has(a.label)));
}

/** Nested values go on the next line, deeper than the key. */
function keyText(key: string, types: readonly string[], { hasColon, inFlow, indent }: YamlPlace): string {
  const name = plainOrQuoted(key, inFlow);
  if (hasColon) return name;
  const [only, ...others] = types.filter(type => type !== 'null');
  if (inFlow || others.length > 0) return `${name}: `;
  const deeper = `\n${' '.repeat(indent + 2)}`;
  if (only === 'object') return `${name}:${deeper}`;
  return only === 'array' ? `${name}:${deeper}- ` : `${name}: `;
}

/** The values that the schemas name. */
export function valuesOf(schemas: readonly Schema[], inFlow: boolean): readonly Completion[] {
  const found = new Map<string, Completion>();
  const add = (value: Json | undefined, about: Schema) => {
    if (value === undefined || typeof value === 'object') return;
    const label = String(value);
    const insert = typeof value === 'string' ? plainOrQuoted(value, inFlow) : label;
    const known = found.get(label);
    if (known === undefined)
      found.set(label, { label, kind: 'value', ...described([about]), ...(insert === label ? {} : { insert }) });
  };
  for (const schema of schemas) {
    add(schema.const, schema);
    for (const value of isList(schema.enum) ? schema.enum : []) add(value, schema);
    // The description of an enum belongs to the key; that of a const to the value.
    if (typesOf(schema).includes('boolean')) for (const value of [true, false]) add(value, schema);
    for (const value of isList(schema.examples) ? schema.examples : []) add(value, schema);
    add(schema.default, schema);
  }
  return [...found.values()];
}

function described(schemas: readonly Schema[]): { readonly info?: string } {
  const info = schemas.map(schema => textOf(schema.description) ?? textOf(schema.title)).find(one => one !== undefined);
  return info === undefined ? {} : { info };
}

/** A text as YAML: bare where it would be read back as this very text. */
export function plainOrQuoted(text: string, inFlow: boolean): string {
  const isBare =
    /^[A-Za-z_./$][^\n#]*$/.test(text) &&
    !/: |:$|\s$/.test(text) &&
    !(inFlow && /[,[\]{}]/.test(text)) &&
    !/^(?:true|false|null|yes|no|\.inf|\.nan)$/i.test(text);
  return isBare ? text : JSON.stringify(text);
}
