import type { Item, Value } from '../ports/table.ts';
import { list } from './fields.ts';

export type LogLine = {
  /** Place of the step in the job. */
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: string;
  readonly message: string;
};

export const linesToValue = (lines: readonly LogLine[]): Value =>
  lines.map(({ step, at, level, message }) => [step, at, level, message]);

export function linesOf(item: Item, name: string): readonly LogLine[] {
  return list(item, name).map(value => {
    const [step, at, level, message] = Array.isArray(value) ? value : [];
    if (
      typeof step !== 'number' ||
      typeof at !== 'number' ||
      typeof level !== 'string' ||
      typeof message !== 'string'
    ) {
      throw new Error(`item ${item.pk} / ${item.sk}: a log line is not [step, at, level, message]`);
    }
    return { step, at, level, message };
  });
}
