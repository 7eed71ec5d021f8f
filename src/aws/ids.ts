import { randomBytes, randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import type { Ids } from '../ports/ids.ts';

/** Ids of the computer's randomness. `v7` of `uuid` counts up inside one millisecond, and when the clock goes back. */
export const systemIds: Ids = {
  uuid: randomUUID,
  ordered: () => v7(),
  random: randomBytes,
};
