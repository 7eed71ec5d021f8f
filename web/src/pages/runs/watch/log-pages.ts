import type { PipelineStepLog } from '../../../api/types.ts';
import type { LogLine } from '../../../parts/log-view/log-line.ts';

/** Lines of one page; the server's most. */
export const LINES_OF_PAGE = 1_000;

/** Pages that are read without being asked for, of a step that is over. */
const FIRST_PAGES = 2;

/** Pages that one click on "more" reads. */
const MORE_PAGES = 5;

/** The log of one step, as far as it was read. */
export type StepLog = {
  readonly pages: readonly LogPage[];
  /** Page token of what comes next; undefined: the last page is the end, for now. */
  readonly next: string | undefined;
  /** It was read to its end after the step was over: nothing comes any more. */
  readonly complete: boolean;
  /** Pages that may be read. A step that is not over is read to its end. */
  readonly wanted: number;
};

type LogPage = { readonly token: string | undefined; readonly lines: readonly LogLine[] };

export const NO_LOG: StepLog = { pages: [], next: undefined, complete: false, wanted: FIRST_PAGES };

/** The page to read next: the one that comes next, else the last one again, for lines are added to it. */
export const pageToRead = ({ pages, next }: StepLog): string | undefined => next ?? pages.at(-1)?.token;

/** Whether there is something to read. `over`: of the step. */
export function wantsLines(log: StepLog | undefined, over: boolean): boolean {
  if (log === undefined || log.pages.length === 0) return true;
  if (log.complete) return false;
  return !over || log.next === undefined || log.pages.length < log.wanted;
}

export const withMore = (log: StepLog): StepLog => ({ ...log, wanted: log.pages.length + MORE_PAGES });

/** With the page that was just read. `over`: the step was, before it was asked for. */
export function withPage(
  log: StepLog,
  token: string | undefined,
  entries: readonly PipelineStepLog[],
  next: string | undefined,
  over: boolean,
): StepLog {
  const known = log.pages.findIndex(page => page.token === token);
  const before = known === -1 ? log.pages : log.pages.slice(0, known);
  const lines = sameWhereEqual(log.pages[known]?.lines ?? [], entries.flatMap(linesOf));
  return { ...log, pages: [...before, { token, lines }], next, complete: over && next === undefined };
}

/** A message of several lines is shown as such: each can be linked to, and only those in view are drawn. */
function linesOf({ at, level, message }: PipelineStepLog): readonly LogLine[] {
  const texts = message.split(/\r?\n/);
  // What ends with a line break has no empty line behind it.
  if (texts.length > 1 && texts.at(-1) === '') texts.pop();
  return texts.map(text => ({ at, level, message: text }));
}

/** Lines that were there before stay the same objects, so that they are not drawn anew. */
function sameWhereEqual(before: readonly LogLine[], after: readonly LogLine[]): readonly LogLine[] {
  const lines = after.map((line, index) => {
    const known = before[index];
    return known?.message === line.message && known.at === line.at ? known : line;
  });
  return lines.length === before.length && lines.every((line, index) => line === before[index]) ? before : lines;
}
