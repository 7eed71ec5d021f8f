export type LogFields = Readonly<Record<string, unknown>>;

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warning', 'error'];

/** What an invocation is known by. The names are those that Powertools for AWS Lambda uses, so its queries fit. */
export type InvocationFields = {
  readonly service?: string;
  readonly function_name?: string;
  readonly function_request_id?: string;
  readonly cold_start?: boolean;
  readonly xray_trace_id?: string;
  /** Ids of what it is about: run, org, app, or the request of a caller. Never a value of theirs. */
  readonly about: LogFields;
};

/** Lambda hands a process one event at a time, so every line between two of them is about the first. Undefined: no Lambda. */
let invocation: InvocationFields | undefined;

export function beginInvocation(fields: InvocationFields): void {
  invocation = fields;
}

/** What the lines of this moment say of themselves. */
export function invocationFields(): LogFields {
  const { about, ...rest } = invocation ?? { about: {} };
  return { ...rest, ...about };
}

/** One JSON object a line on standard output: what CloudWatch Logs Insights reads without a parser. */
export function logLine(level: LogLevel, message: string, fields: LogFields = {}): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(lowest())) return;
  const time = invocation === undefined ? {} : { timestamp: new Date().toISOString() };
  process.stdout.write(`${JSON.stringify({ level, message, ...time, ...invocationFields(), ...fields })}\n`);
}

/** From the environment at every line: it is read in no time, and a process of a test may set it. */
function lowest(): LogLevel {
  return LEVELS.find(level => level === process.env.LOG_LEVEL) ?? 'info';
}

/** Where bugs and platform trouble show up in full. `about`: ids of what was at work. */
export function reportError(message: string, error: unknown, about: LogFields = {}): void {
  logLine('error', message, { ...about, ...errorFields(error) });
}

/** A line of the log as data, from code that does not know who writes it. */
export function logEntry({
  level,
  message,
  ...fields
}: LogFields & { readonly level: LogLevel; readonly message: string }): void {
  logLine(level, message, fields);
}

/** Everything, its causes included. */
function errorFields(error: unknown): { readonly error: string; readonly stack: string } {
  if (!(error instanceof Error)) return { error: typeof error, stack: String(error) };
  const stacks: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) stacks.push(each.stack ?? each.message);
  return { error: error.name, stack: stacks.join('\ncaused by: ') };
}
