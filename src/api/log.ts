/** One line of the server's own log, as data; who writes it adds the time. */
export type LogEntry = {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly [field: string]: string | number | boolean | undefined;
};

export type Log = (entry: LogEntry) => void;

/** An error as fields of a log line: everything, its causes included. */
export function describeError(error: unknown): { readonly error: string; readonly stack: string } {
  if (!(error instanceof Error)) return { error: typeof error, stack: String(error) };
  const stacks: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) stacks.push(each.stack ?? each.message);
  return { error: error.name, stack: stacks.join('\ncaused by: ') };
}
