import type { Condition, Item, Put, Table } from '../ports/table.ts';
import { Malformed } from './fields.ts';
import { largeKey } from './keys.ts';

/**
 * Text that would make an often written item dear, or does not fit an item at all, lies in parts beside it. It is written
 * once, before the item that says how many parts there are.
 */
export const INLINE_LIMIT = 1_024;

/** Bytes of UTF-8 per part; an item of DynamoDB ends at 400 KiB, keys included. */
const PART_BYTES = 380 * 1_024;

/** `name` is unique in the run: `inputs`, `outputs`, `<job>/<step>`. */
export function largePuts(
  run: string,
  name: string,
  text: string,
  more: { readonly [name: string]: number },
  when?: Condition,
): Put[] {
  return split(text).map((part, index) => {
    const put: Item = { ...largeKey(run, name, index), ...more, text: part };
    return when === undefined ? { put } : { put, when };
  });
}

export function partCount(text: string): number {
  return split(text).length;
}

export async function readLarge(table: Table, run: string, name: string, parts: number): Promise<string> {
  const keys = Array.from({ length: parts }, (_, index) => largeKey(run, name, index));
  const items = await table.getMany(keys, { consistent: true });
  return items
    .map((item, index) => {
      if (typeof item?.text !== 'string') throw new Malformed(`part ${index} of '${name}' of run ${run} is missing`);
      return item.text;
    })
    .join('');
}

function split(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= PART_BYTES) return [text];
  const parts: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    let end = Math.min(start + PART_BYTES, bytes.length);
    // A part must not end inside a character: continuation bytes are 10xxxxxx.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return parts;
}
