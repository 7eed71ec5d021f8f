import { parseArgs } from 'node:util';
import { wrongOption } from '../wrong-option.ts';
import { type GivenInput, readInput } from './inputs.ts';
import { type PipelinePlace, readPipelinePlace } from './place.ts';
import type { Streams } from './streams.ts';

/** Where `npm start` serves, unless it is told otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:8080';

export const RUN_USAGE = `npm run --silent pipecall -- run <org>/<app>/<pipeline> [options]

Starts a run, shows what happens in it, and ends as it ended.

  --input NAME=VALUE    An input; VALUE is read by what the pipeline declares. NAME:=JSON is read as JSON. May be repeated.
  --inputs FILE         A JSON file with inputs ('-': stdin); --input goes before it
  --secret-input NAME   An input from the variable PIPECALL_INPUT_<NAME> (upper case, _ for other signs), else from stdin:
                        one line each, or all of it for a single one. Never an argument: others may read those.
  --version ID          A saved version of the pipeline instead of the current one
  --idempotency-key KEY The same key never starts a second run (default: a new one, which covers lost answers)
  --plan                Says what would happen, and starts nothing
  --no-follow           Ends when the run was started
  --cancel-on-interrupt Ctrl-C cancels the run; else the run goes on and only the showing ends
  --json                Prints the run as JSON and nothing else
  --url URL             Of the server (PIPECALL_URL, default ${DEFAULT_URL})

The token is read from PIPECALL_TOKEN. Exit status: 0 succeeded, 1 failed, 2 wrong usage or refused, 3 cancelled, 4 the server was
not reached or how the run ended is not known, 130 interrupted.`;

export type Server = { readonly url: string; readonly token: string };

export type RunOptions = {
  readonly place: PipelinePlace;
  readonly inputs: readonly GivenInput[];
  readonly inputsFile: string | undefined;
  readonly secretNames: readonly string[];
  readonly version: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly plan: boolean;
  readonly follow: boolean;
  readonly cancelOnInterrupt: boolean;
  readonly json: boolean;
  readonly server: Server;
};

export function readRunOptions(
  args: readonly string[],
  environment: Streams['environment'],
): RunOptions | 'help' | { readonly wrong: string } {
  const wrong = wrongOption(args, ARGUMENTS);
  if (wrong !== undefined) return { wrong };
  const { values, positionals } = parseArgs({ args: [...args], ...ARGUMENTS });
  if (values.help === true) return 'help';
  const [text = '', ...more] = positionals;
  const place = readPipelinePlace(text);
  // Who wrote a secret behind its name does not want to read it in a log.
  const said = (argument: string) =>
    values['secret-input'] === undefined ? `'${argument}'` : 'an argument (not shown, it may be a secret)';
  if (place === undefined)
    return { wrong: `${text === '' ? 'say' : `${said(text)} does not say`} what to run: <org>/<app>/<pipeline>` };
  if (more.length > 0) return { wrong: `one pipeline is run at a time, and ${said(more[0] ?? '')} is one too many` };
  const inputs: GivenInput[] = [];
  for (const option of values.input ?? []) {
    const input = readInput(option);
    if ('wrong' in input) return input;
    inputs.push(input);
  }
  const secretNames = values['secret-input'] ?? [];
  const odd = secretNames.find(name => name === '' || name.includes('='));
  if (odd !== undefined) return { wrong: '--secret-input takes the name only, never the value' };
  const server = readServer(values.url, environment);
  if ('wrong' in server) return server;
  return {
    place,
    inputs,
    inputsFile: values.inputs,
    secretNames,
    version: values.version,
    idempotencyKey: values['idempotency-key'],
    plan: values.plan === true,
    follow: values['no-follow'] !== true,
    cancelOnInterrupt: values['cancel-on-interrupt'] === true,
    json: values.json === true,
    server,
  };
}

const ARGUMENTS = {
  allowPositionals: true,
  options: {
    input: { type: 'string', multiple: true },
    inputs: { type: 'string' },
    'secret-input': { type: 'string', multiple: true },
    version: { type: 'string' },
    'idempotency-key': { type: 'string' },
    plan: { type: 'boolean' },
    'no-follow': { type: 'boolean' },
    'cancel-on-interrupt': { type: 'boolean' },
    json: { type: 'boolean' },
    url: { type: 'string' },
    help: { type: 'boolean' },
  },
} as const;

export function readServer(
  option: string | undefined,
  environment: Streams['environment'],
): Server | { readonly wrong: string } {
  const given = option ?? environment.PIPECALL_URL;
  const url = (given === undefined || given === '' ? DEFAULT_URL : given).replace(/\/+$/, '');
  if (!URL.canParse(url) || !/^https?:\/\//.test(url) || /[?#]/.test(url)) {
    return { wrong: `'${url}' is no address of a server; it looks like https://pipecall.example.com` };
  }
  const token = environment.PIPECALL_TOKEN?.trim() ?? '';
  if (token === '') return { wrong: 'PIPECALL_TOKEN is not set; it must hold a token of yours' };
  if (!/^[\x21-\x7e]+$/.test(token)) return { wrong: 'PIPECALL_TOKEN is no token: it holds signs that no token has' };
  return { url, token };
}
