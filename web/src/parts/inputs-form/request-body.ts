import type { Json } from '../../api/types.ts';
import { fieldKind, type InputSchema, isMap, propertiesOf } from './field-kind.ts';

/** What the form library hands over: JSON, but for members that are `undefined` because nobody has given them. */
export type FormValue = unknown;

export type Inputs = { readonly [name: string]: Json };

/** The inputs that were given. An empty text is one; a group of fields of which none is filled in is none. */
export function givenInputs(schema: InputSchema, data: FormValue): Inputs {
  const inputs: [string, Json][] = [];
  const schemas = new Map(propertiesOf(schema));
  for (const [name, value] of Object.entries(isGroup(data) ? data : {})) {
    const child = schemas.get(name);
    if (child !== undefined && fieldKind(child) === 'nested') {
      const group = givenInputs(child, value);
      const isRequired = Array.isArray(schema.required) && schema.required.includes(name);
      if (Object.keys(group).length > 0 || isRequired) inputs.push([name, group]);
    } else if (value !== undefined) {
      inputs.push([name, given(value)]);
    }
  }
  return Object.fromEntries(inputs);
}

function isGroup(value: FormValue): value is { readonly [name: string]: FormValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function given(value: FormValue): Json {
  if (Array.isArray(value)) return value.map(given);
  if (!isGroup(value)) return isScalar(value) ? value : null;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, given(one)]])),
  );
}

function isScalar(value: FormValue): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** What the form begins with. */
export function defaultInputs(schema: InputSchema): Inputs {
  const found: [string, Json][] = [];
  for (const [name, child] of propertiesOf(schema)) {
    if (child.default !== undefined) found.push([name, child.default]);
    else if (fieldKind(child) === 'nested') {
      const inside = defaultInputs(child);
      if (isMap(inside) && Object.keys(inside).length > 0) found.push([name, inside]);
    }
  }
  return Object.fromEntries(found);
}
