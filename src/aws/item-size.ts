/**
 * Sizes as DynamoDB counts them for limits and for billing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
import type { Item } from '../ports/table.ts';
import { tableError } from './table-error.ts';

const MAX_LEVELS = 32;
/** A list or map costs 3 bytes, and 1 more for each element. */
const CONTAINER_BYTES = 3;
/** Numbers are kept with up to 38 digits between these magnitudes. */
const MIN_NUMBER = 1e-130;
const MAX_NUMBER = 1e126;

export function itemSize(item: Partial<Item>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += keySize(name) + valueSize(value, name);
  return bytes;
}

/** `at`: the attribute, for the message when a value cannot be stored. */
export function valueSize(value: unknown, at: string, level = 1): number {
  if (level > MAX_LEVELS) throw tableError('BadValue', `the attribute \`${at}\` is nested over ${MAX_LEVELS} levels`);
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'boolean':
      return 1;
    case 'number':
      return numberSize(value, at);
    case 'object':
      return value === null ? 1 : containerSize(value, at, level);
    default:
      throw tableError('BadValue', `the attribute \`${at}\` holds ${typeof value}, which is no value of a table`);
  }
}

/** Bytes of an attribute's name. `__proto__` would not survive the objects on the way. */
export function keySize(name: string): number {
  if (name === '' || name === '__proto__') {
    throw tableError('BadValue', `'${name}' cannot be the name of an attribute; give it another one`);
  }
  return Buffer.byteLength(name);
}

function containerSize(value: object, at: string, level: number): number {
  let bytes = CONTAINER_BYTES;
  if (Array.isArray(value)) {
    for (const element of value) bytes += 1 + valueSize(element, at, level + 1);
    return bytes;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw tableError('BadValue', `the attribute \`${at}\` holds an object that is not plain; store its data instead`);
  }
  for (const [name, inner] of Object.entries(value)) bytes += 1 + keySize(name) + valueSize(inner, at, level + 1);
  return bytes;
}

/** One byte for each two significant digits, one more, and one for the sign. */
function numberSize(value: number, at: string): number {
  const magnitude = Math.abs(value);
  if (!(magnitude < MAX_NUMBER) || (magnitude < MIN_NUMBER && magnitude > 0)) {
    throw tableError('BadValue', `the attribute \`${at}\` holds ${value}, which is no number DynamoDB can keep`);
  }
  if (magnitude < 10 && Number.isInteger(value)) return value < 0 ? 3 : 2;
  const digits = magnitude.toExponential().replace('.', '').indexOf('e');
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}
