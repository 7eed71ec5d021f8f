import type { Keys } from '../src/api/keys-of.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Ids } from '../src/ports/ids.ts';
import type { Table } from '../src/ports/table.ts';

/** Always the same, so that a token of an environment variable leads to it. */
export const ADMINISTRATOR = '00000000-0000-4000-8000-000000000001';
export const ORG = 'demo';
export const APP = 'hello';
export const PIPELINE = 'hello';
/** Of environments; the app has one of each, with the same id. */
export const ENV_TYPES = ['development', 'production'] as const;

export type Seed = {
  readonly table: Table;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Of the data. */
  readonly folder: string;
  readonly keys: Keys;
};
