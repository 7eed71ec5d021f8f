/**
 * The environment variables of the functions. The stack sets them by these names and a function reads them at its cold
 * start, so a missing one is found before the first event.
 */
export const VARIABLES = {
  table: 'TABLE_NAME',
  stateMachine: 'STATE_MACHINE_ARN',
  /** Days that the records of a run are kept after its end. */
  retentionDays: 'RETENTION_DAYS',
  /** Where callers reach the API, without a slash at the end. */
  publicUrl: 'PUBLIC_URL',
  /** At least 32 random characters that the keys of tokens and page tokens come from; the same for every process of the deployment. */
  serverSecret: 'SERVER_SECRET',
  /** The KMS key that secrets are sealed with. */
  secretsKey: 'SECRETS_KEY_ID',
  /** ARN of the role that registered and AWS actions act as, which is not the worker's. */
  actionsRole: 'ACTIONS_ROLE_ARN',
  /** CIDRs, comma separated, that the egress guard lets through; empty: none. */
  allowEgress: 'ALLOW_EGRESS',
  /** What the lines and the metrics of this deployment are known by. */
  service: 'SERVICE_NAME',
  /** `debug`, `info`, `warning` or `error`: lines below it are not written. */
  logLevel: 'LOG_LEVEL',
  /** Name of the bus that is told what becomes of runs and approvals. */
  bus: 'EVENT_BUS_NAME',
  /** ARNs and patterns of ARNs, comma separated, that the AWS actions may reach; empty: nothing. */
  allowedActions: 'ALLOWED_ACTIONS',
} as const;

export type Variable = keyof typeof VARIABLES;

/** @throws {Error} naming every variable that is missing. */
export function readEnvironment<V extends Variable>(
  source: Readonly<Record<string, string | undefined>>,
  wanted: readonly V[],
): Readonly<Record<V, string>> {
  const missing = wanted.filter(name => source[VARIABLES[name]] === undefined);
  if (missing.length > 0) {
    throw new Error(`missing environment variables: ${missing.map(name => VARIABLES[name]).join(', ')}`);
  }
  return Object.fromEntries(wanted.map(name => [name, source[VARIABLES[name]]])) as Record<V, string>;
}

/** @throws {Error} when it is not a whole number of days above 0. */
export function daysOf(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1) {
    throw new Error(`${VARIABLES.retentionDays} is '${text}'; it must be a whole number of days, 1 or more`);
  }
  return days;
}
