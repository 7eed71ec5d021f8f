import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json } from '../../json.ts';
import { isList } from '../json-kind.ts';

/** The package compares every item with every other one; this compares their canonical texts. */
export function addUniqueItems(engine: Ajv2020): void {
  engine.removeKeyword('uniqueItems');
  engine.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must not have the same item twice' },
    validate: (unique: boolean, items: readonly Json[]) =>
      !unique || new Set(items.map(canonical)).size === items.length,
  });
}

/** The same text for equal values, whatever the order of their keys. */
function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
}
