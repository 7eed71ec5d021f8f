import type { Json } from '../../api/types.ts';

export type InputSchema = { readonly [key: string]: Json };

/** How an input is asked for. `json`: as text in JSON, because no simpler control can hold all of its values. */
export type FieldKind = 'text' | 'number' | 'flag' | 'choice' | 'json' | 'nested';

/** With one of these a form would have to change while it is filled in; JSON text and a check say the same. */
const TOO_MUCH = ['anyOf', 'oneOf', 'allOf', 'if', 'not', 'patternProperties', 'dependentSchemas', '$ref'] as const;

export function fieldKind(schema: InputSchema): FieldKind {
  const { type } = schema;
  if (Array.isArray(schema.enum) && schema.enum.length > 0 && schema.enum.every(isWord)) return 'choice';
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'flag';
  const isSimple = TOO_MUCH.every(keyword => schema[keyword] === undefined);
  return type === 'object' && isSimple && propertiesOf(schema).length > 0 ? 'nested' : 'json';
}

/** A choice must be told apart by its text. */
function isWord(value: Json): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

export function propertiesOf(schema: InputSchema): readonly (readonly [string, InputSchema])[] {
  return isMap(schema.properties)
    ? Object.entries(schema.properties).map(([name, child]) => [name, isMap(child) ? child : {}] as const)
    : [];
}

export function isMap(value: Json | undefined): value is InputSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names of the inputs whose values must not be shown. */
export function secretInputs(schema: InputSchema): readonly string[] {
  return propertiesOf(schema).flatMap(([name, child]) => (child.writeOnly === true ? [name] : []));
}
