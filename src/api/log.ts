/** One line of the server's own log, as data; who writes it adds the time. */
export type LogEntry = {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly [field: string]: string | number | boolean | undefined;
};

export type Log = (entry: LogEntry) => void;

/** For what goes on in spite of trouble, and tells of it. */
export const reportTo =
  (log: Log) =>
  (message: string, error: unknown): void =>
    log({ level: 'warning', message, ...describeError(error) });

/** The same, for records of a list that cannot be read. */
export const reportUnreadable = (log: Log): ((error: Error) => void) => {
  const report = reportTo(log);
  return error => report('a record of a list cannot be read; it is left out', error);
};

/** An error as fields of a log line: everything, its causes included. */
export function describeError(error: unknown): { readonly error: string; readonly stack: string } {
  if (!(error instanceof Error)) return { error: typeof error, stack: String(error) };
  const stacks: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) stacks.push(each.stack ?? each.message);
  return { error: error.name, stack: stacks.join('\ncaused by: ') };
}
