import { LEVELS, type Level, type LogLine, type LogSection } from './log-line.ts';

export type LogRow =
  | { readonly kind: 'section'; readonly section: LogSection; readonly open: boolean; readonly hidden: number }
  | { readonly kind: 'line'; readonly section: string; readonly line: LogLine; readonly number: number }
  | { readonly kind: 'empty'; readonly section: string; readonly words: string };

export type RowFilter = {
  /** Lines below it are left out. */
  readonly least: Level;
  /** Ids of sections that show their title only. */
  readonly closed: ReadonlySet<string>;
  /** False: the only section needs no title, for what is around the log has it. */
  readonly titled?: boolean;
};

/** What the log shows, row by row. Numbers count all lines, so that a filter changes no link. */
export function logRows(
  sections: readonly LogSection[],
  { least, closed, titled = true }: RowFilter,
): readonly LogRow[] {
  const lowest = LEVELS.indexOf(least);
  const rows: LogRow[] = [];
  for (const section of sections) {
    const open = !closed.has(section.id);
    const title = rows.push({ kind: 'section', section, open, hidden: 0 }) - 1;
    let hidden = 0;
    for (const [index, line] of section.lines.entries()) {
      if (LEVELS.indexOf(line.level) < lowest) hidden += 1;
      else if (open) rows.push({ kind: 'line', section: section.id, line, number: index + 1 });
    }
    rows[title] = { kind: 'section', section, open, hidden };
    if (open && rows.length === title + 1)
      rows.push({ kind: 'empty', section: section.id, words: emptyWords(section) });
    if (!titled) rows.splice(title, 1);
  }
  return rows;
}

function emptyWords({ lines, status }: LogSection): string {
  if (lines.length > 0) return 'All lines are below the chosen level.';
  return status === 'executing' || status === 'pending' ? 'No lines yet.' : 'This step wrote no lines.';
}
