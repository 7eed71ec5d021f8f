import type { Ids } from '../../src/ports/ids.ts';

/** Ids that a test can foresee: `1`, `2`, `3`, … whatever is asked for, and bytes that are all 0. */
export function createCountingIds(): Ids {
  let count = 0;
  const next = () => String(++count);
  return { uuid: next, ordered: next, random: bytes => new Uint8Array(bytes) };
}
