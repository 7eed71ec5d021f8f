import type { Table } from '../../../src/ports/table.ts';

/** Hands out the table of the suite, and partitions that no other case of it uses. */
export type Given = { readonly table: Table; partition(): string };

/** What an engine is known to do unlike DynamoDB. The cases about it are skipped, in sight; our adapters may have none. */
export type Fault =
  /** dynalite 4.0.0 compares text in conditions and bounds by UTF-16 units. */
  | 'utf-16 order'
  /** dynalite 4.0.0 finds `constructor` in every item. */
  | 'inherited attributes'
  /** dynoxide 1.2.1 takes `a` for a prefix of `A`. */
  | 'prefixes without case';
