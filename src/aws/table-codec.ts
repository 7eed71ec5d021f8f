import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item, Value } from '../ports/table.ts';

/** Items as DynamoDB writes them: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
export type Attributes = Record<string, AttributeValue>;

export function encodeItem(item: { readonly [name: string]: Value }): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(item)) attributes[name] = encode(value);
  return attributes;
}

export function encode(value: Value): AttributeValue {
  if (value === null) return { NULL: true };
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return isList(value) ? { L: value.map(encode) } : { M: encodeItem(value) };
  }
}

export function decodeItem(attributes: Attributes): Item {
  return decodeMap(attributes) as Item; // as: every item of the table has its key
}

function decodeMap(attributes: Attributes): Record<string, Value> {
  const map: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(attributes)) map[name] = decode(attribute);
  return map;
}

export function decode(attribute: AttributeValue): Value {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.L !== undefined) return attribute.L.map(decode);
  if (attribute.M !== undefined) return decodeMap(attribute.M);
  throw new Error(`an attribute of type ${Object.keys(attribute).join()} was not written by this program`);
}

/** Array.isArray does not narrow readonly arrays: https://github.com/microsoft/TypeScript/issues/17002 */
function isList(value: readonly Value[] | { readonly [name: string]: Value }): value is readonly Value[] {
  return Array.isArray(value);
}
