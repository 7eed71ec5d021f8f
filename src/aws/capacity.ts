/**
 * What DynamoDB bills, by its documented rules (tables on demand have one request unit where provisioned ones have one
 * capacity unit). For what its answers do not tell, and for engines that do not count like it.
 * - Sizes to units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * - Index writes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
import { INDEXES, type IndexName, type Item } from '../ports/table.ts';
import { itemSize } from './item-size.ts';

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/** `bytes`: of one item, or of all that a query read. Nothing found is billed as the smallest item. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
}

/** Units of the table alone: by the larger of the two; a delete or a refused condition by what stands there. */
export function tableWriteUnits(before: Item | undefined, after?: Item): number {
  return Math.max(started(before), started(after));
}

/**
 * Units of one index: one write for an entry that comes or goes, two when its key changes (delete and put), none when it
 * stays as it is. The indexes hold keys only, so nothing else of an item can change an entry.
 */
export function indexWriteUnits(index: IndexName, before: Item | undefined, after?: Item): number {
  const [old, now] = [entry(index, before), entry(index, after)];
  if (old && now && JSON.stringify(old) === JSON.stringify(now)) return 0;
  return (old ? started(old) : 0) + (now ? started(now) : 0);
}

function entry(index: IndexName, item: Item | undefined): Item | undefined {
  const { pk, sk } = INDEXES[index];
  const [hash, range] = [item?.[pk], item?.[sk]];
  if (!item || hash === undefined || range === undefined) return undefined;
  return { pk: item.pk, sk: item.sk, [pk]: hash, [sk]: range };
}

function started(item: Item | undefined): number {
  return Math.max(1, Math.ceil(item ? itemSize(item) / WRITE_UNIT_BYTES : 0));
}
