export type LogFields = Readonly<Record<string, unknown>>;

/** One JSON object a line on standard output: what CloudWatch Logs Insights reads without a parser. */
export function logLine(level: 'info' | 'warning' | 'error', message: string, fields: LogFields = {}): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}

/** Where bugs and platform trouble show up in full. */
export function reportError(message: string, error: unknown): void {
  const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: String(error) };
  logLine('error', message, { error: name, stack });
}

/** A line of the log as data, from code that does not know who writes it. */
export function logEntry({
  level,
  message,
  ...fields
}: LogFields & { readonly level: 'info' | 'warning' | 'error'; readonly message: string }): void {
  logLine(level, message, fields);
}
