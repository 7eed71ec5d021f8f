import { parseArgs } from 'node:util';
import { wrongOption } from '../cli/wrong-option.ts';
import { parseRange } from '../src/actions/clients/egress.ts';

export type Settings = {
  readonly port: number;
  readonly data: string;
  readonly sdk: boolean;
  /** CIDRs. */
  readonly allowEgress: readonly string[];
  /** Folder with the modules of registered actions. */
  readonly actions?: string;
  /** Instead of a random one. */
  readonly adminToken?: string;
  readonly retentionDays: number;
  /** Folder of the built web UI, instead of `web/dist`. */
  readonly web?: string;
  /** The AWS that steps reach, a stand-in as a rule. Absent: none. */
  readonly awsEndpoint?: string;
  /** ARNs, and patterns of ARNs, that steps may reach there. */
  readonly allowedActions?: readonly string[];
};

export const USAGE = `npm start -- [--port N] [--data FOLDER] [--allow-egress CIDR,…] [--actions FOLDER] [--retention-days N] [--sdk]

  --port            Port on 127.0.0.1 (PIPECALL_PORT, default 8080; 0: any free one)
  --data            Folder of the data (PIPECALL_DATA, default .pipecall)
  --allow-egress    Private ranges that steps may reach (PIPECALL_ALLOW_EGRESS): 127.0.0.0/8,10.1.0.0/16
  --actions         Folder with modules that registered actions call (PIPECALL_ACTIONS)
  --retention-days  Days that a run is kept after its end (PIPECALL_RETENTION_DAYS, default 90)
  --sdk             The AWS adapters through the AWS SDK, against loopback endpoints

PIPECALL_ADMIN_TOKEN fixes the administrator's token. PIPECALL_AWS_ENDPOINT is the URL of a stand-in for AWS that steps reach, and
PIPECALL_ALLOWED_ACTIONS the ARNs or patterns of ARNs (comma separated) that they may reach there. PIPECALL_WEB is the folder of
a web UI that was built elsewhere than in web/dist.`;

/** @throws {Error} with a message for the person at the terminal. */
export function readSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Settings | 'help' {
  const wrong = wrongOption(args, { options: OPTIONS });
  if (wrong !== undefined) throw new Error(`${wrong}; all options: npm start -- --help`);
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return 'help';
  const adminToken = environment.PIPECALL_ADMIN_TOKEN;
  const awsEndpoint = environment.PIPECALL_AWS_ENDPOINT;
  const allowedActions = (environment.PIPECALL_ALLOWED_ACTIONS ?? '')
    .split(',')
    .map(pattern => pattern.trim())
    .filter(pattern => pattern !== '');
  const actions = values.actions ?? environment.PIPECALL_ACTIONS;
  const web = environment.PIPECALL_WEB;
  return {
    port: wholeNumber('--port', values.port ?? environment.PIPECALL_PORT ?? '8080', 0, 65_535),
    data: values.data ?? environment.PIPECALL_DATA ?? '.pipecall',
    sdk: values.sdk,
    allowEgress: ranges(values['allow-egress']?.join(',') ?? environment.PIPECALL_ALLOW_EGRESS ?? ''),
    ...(actions === undefined || actions === '' ? {} : { actions }),
    ...(adminToken === undefined || adminToken === '' ? {} : { adminToken }),
    ...(awsEndpoint === undefined || awsEndpoint === '' ? {} : { awsEndpoint: endpoint(awsEndpoint) }),
    ...(web === undefined || web === '' ? {} : { web }),
    ...(allowedActions.length === 0 ? {} : { allowedActions }),
    retentionDays: wholeNumber(
      '--retention-days',
      values['retention-days'] ?? environment.PIPECALL_RETENTION_DAYS ?? '90',
      1,
      3_650,
    ),
  };
}

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  'allow-egress': { type: 'string', multiple: true },
  actions: { type: 'string' },
  'retention-days': { type: 'string' },
  sdk: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function ranges(text: string): readonly string[] {
  const list = text
    .split(',')
    .map(range => range.trim())
    .filter(range => range !== '');
  try {
    for (const range of list) parseRange(range);
    return list;
  } catch (cause) {
    throw new Error(`--allow-egress: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function endpoint(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new Error(`PIPECALL_AWS_ENDPOINT is '${text}'; it must be a URL like http://127.0.0.1:4566`);
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${name} is '${text}'; it must be a whole number from ${least} to ${most}`);
  }
  return value;
}
