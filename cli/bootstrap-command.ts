import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTable } from '../local/table/open-table.ts';
import { deriveKeys } from '../src/api/keys-of.ts';
import { isPathParameter } from '../src/api/path-parameters.ts';
import { systemClock } from '../src/aws/clock.ts';
import { openDefaultTable } from '../src/aws/default-table.ts';
import { VARIABLES } from '../src/aws/environment.ts';
import { systemIds } from '../src/aws/ids.ts';
import type { Table } from '../src/ports/table.ts';
import { bootstrap } from './bootstrap.ts';
import { whyUnreadable } from './why-unreadable.ts';
import { wrongOption } from './wrong-option.ts';

const USAGE = `npm run bootstrap -- --org ID [--name NAME] [--email ADDRESS] [--force] (--table NAME | --data FOLDER)

Makes the first administrator of an org, and a token of 90 days. The token is printed this once.

  --org                 Id of the org, which is made when it is not there
  --name                Name of the administrator (default: First administrator)
  --email               E-mail address of the administrator
  --force               Although the org has an administrator already
  --table               The DynamoDB table of a deployment (its output TableName), with the AWS credentials of the environment
  --server-secret-file  The deployment's server secret; '-' reads it from stdin; absent: ${VARIABLES.serverSecret} of the environment
  --data                Instead: the data folder of a local server, which must not run meanwhile`;

export type Streams = {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The token, and nothing else; or the usage, when it was asked for. */
  readonly print: (line: string) => void;
  /** For the person at the terminal. */
  readonly tell: (line: string) => void;
};

/** Exit status 1: refused; 2: nothing could be tried. */
export async function bootstrapCommand(args: readonly string[], streams: Streams): Promise<0 | 1 | 2> {
  const { tell, print } = streams;
  const options = readOptions(args);
  if (options === 'help') {
    print(USAGE);
    return 0;
  }
  if ('wrong' in options) {
    tell(`${options.wrong}; all options: npm run bootstrap -- --help`);
    return 2;
  }
  const { org, name, email, force } = options;
  const secret = await readSecret(options, streams);
  if (typeof secret !== 'string') {
    tell(secret.missing);
    return 2;
  }
  const keys = deriveKeys(secret);
  const place = open(options);
  try {
    const home = { table: place.table, clock: systemClock, ids: systemIds, keys };
    const made = await bootstrap(home, { org, name, force, ...(email === undefined ? {} : { email }) });
    if ('refused' in made) {
      tell(made.refused);
      return 1;
    }
    tell(`${name} (${made.id}) administrates org '${org}'. This is the token, good for 90 days and shown this once:`);
    print(made.token);
    return 0;
  } catch (error) {
    if ('data' in options.place || !(error instanceof Error)) throw error;
    const needs = 'it needs the credentials of the account, and its region in AWS_REGION';
    tell(`the table ${options.place.table} cannot be used (${error.message}); ${needs}`);
    return 2;
  } finally {
    await place.close();
  }
}

type Options = {
  readonly org: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly force: boolean;
  readonly place: { readonly table: string; readonly secretFile: string | undefined } | { readonly data: string };
};

function readOptions(args: readonly string[]): Options | 'help' | { readonly wrong: string } {
  const wrong = wrongOption(args, { options: OPTIONS });
  if (wrong !== undefined) return { wrong };
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help === true) return 'help';
  const { org, name = 'First administrator', email, force = false, table, data } = values;
  if (org === undefined) return { wrong: '--org is needed' };
  if (!isPathParameter('org', org)) {
    return { wrong: `--org is '${org}'; it must be an id: 2 to 50 small letters and digits, with single - inside` };
  }
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) return { wrong: `--email is no address: '${email}'` };
  if (name === '' || name.length > 100) return { wrong: '--name must have 1 to 100 characters' };
  const rest = { org, name, email, force };
  if (table !== undefined && data !== undefined) return { wrong: 'only one of --table and --data can be given' };
  if (table !== undefined) {
    return { ...rest, place: { table, secretFile: values['server-secret-file'] } };
  }
  if (data !== undefined) return { ...rest, place: { data } };
  return { wrong: 'one of --table and --data is needed' };
}

const OPTIONS = {
  org: { type: 'string' },
  name: { type: 'string' },
  email: { type: 'string' },
  force: { type: 'boolean' },
  table: { type: 'string' },
  'server-secret-file': { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Without the line end that files and commands put behind it. */
async function readSecret(
  { place }: Options,
  { stdin, environment }: Streams,
): Promise<string | { readonly missing: string }> {
  if ('data' in place) return readLocalSecret(place.data);
  if (place.secretFile === undefined) {
    const missing = `the server secret is needed: --server-secret-file, or ${VARIABLES.serverSecret} in the environment`;
    return environment[VARIABLES.serverSecret] ?? { missing };
  }
  if (place.secretFile !== '-') {
    try {
      return (await readFile(place.secretFile, 'utf8')).trim();
    } catch (error) {
      return { missing: `--server-secret-file ${place.secretFile}: ${whyUnreadable(error)}` };
    }
  }
  let text = '';
  for await (const chunk of stdin) text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
  // The command before it in the pipe has failed, and has said why.
  return text.trim() === '' ? { missing: 'stdin is empty; it must hold the server secret' } : text.trim();
}

async function readLocalSecret(folder: string): Promise<string | { readonly missing: string }> {
  try {
    return (await readFile(join(folder, 'server-secret'), 'utf8')).trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const remedy = `start \`npm start -- --data ${folder}\` once and stop it`;
    return { missing: `no local server has used the folder ${folder} yet: ${remedy}` };
  }
}

function open({ place }: Options): { readonly table: Table; close(): Promise<void> } {
  if ('table' in place) return openDefaultTable(place.table);
  const table = openTable({ file: join(place.data, 'table.sqlite'), clock: systemClock, sweepSeconds: 0 });
  return { table, close: () => table.close() };
}
