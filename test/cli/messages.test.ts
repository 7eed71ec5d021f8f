import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapCommand } from '../../cli/bootstrap-command.ts';
import { check } from '../../cli/check.ts';
import { putEvents } from '../../cli/event.ts';
import { decideCommand } from '../../cli/run/decide.ts';
import { runCommand } from '../../cli/run/run-command.ts';
import type { Streams } from '../../cli/run/streams.ts';
import { readSettings } from '../../local/settings.ts';

const URL = 'http://pipecall.test';
const folder = mkdtempSync(join(tmpdir(), 'pipecall-messages-'));
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(at('text'), 'hunter2 is no JSON');
  writeFileSync(at('list.json'), '[1]');
  writeFileSync(at('event.json'), '{"source": "a", "detail-type": "b", "detail": {}}');
});
afterAll(() => rmSync(folder, { recursive: true }));

type Outcome = { readonly status: number; readonly said: string };
type Given = {
  readonly answer?: { readonly status: number; readonly body: string } | Error;
  readonly environment?: Readonly<Record<string, string>>;
};

/** The command with its arguments, as a person types it, and all that it says. */
async function call(line: string, { answer, environment = {} }: Given = {}): Promise<Outcome> {
  const [command = '', ...args] = line.split(' ');
  const said: string[] = [];
  const say = (text: string): void => {
    said.push(text);
  };
  const streams: Streams = {
    fetch: async () => {
      if (answer instanceof Error) throw answer;
      return new Response(answer?.body ?? '', { status: answer?.status ?? 200 });
    },
    sleep: async () => undefined,
    random: () => 0,
    stdin: Readable.from([]),
    environment: { PIPECALL_URL: URL, PIPECALL_TOKEN: 'token', ...environment },
    print: say,
    tell: say,
    newKey: () => 'key',
    interrupt: new AbortController().signal,
  };
  const run = async (): Promise<number> => {
    switch (command) {
      case 'run':
        return runCommand(args, streams);
      case 'cancel':
      case 'approve':
        return decideCommand(command, args, streams);
      case 'check':
        return check(args, say);
      case 'event':
        return putEvents(args, streams);
      case 'bootstrap':
        return bootstrapCommand(args, { ...streams, environment });
      default:
        try {
          readSettings(args, {});
          return 0;
        } catch (error) {
          say(error instanceof Error ? error.message : String(error));
          return 1;
        }
    }
  };
  return { status: await run(), said: said.join('\n') };
}

const json = (status: number, message: string) => ({ status, body: JSON.stringify({ error: 'X', message }) });
const PAGE = { status: 200, body: '<html>hunter2</html>' };
const MISSING = json(404, 'There is no such object, or you may not know of it.');
const UNKNOWN = json(401, 'The token is not known.');
const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

test.each<[line: string, status: number, says: string, given?: Given]>([
  ['run', 2, 'say what to run: <org>/<app>/<pipeline>; all options: '],
  ['run a/b', 2, "'a/b' does not say what to run: <org>/<app>/<pipeline>"],
  ['run a/b/c d/e/f', 2, "'d/e/f' is one too many"],
  ['run a/b/c --secret-input key hunter2', 2, 'an argument (not shown, it may be a secret) is one too many'],
  ['run --secret-input key hunter2 a/b/c', 2, 'an argument (not shown, it may be a secret) does not say what to run'],
  ['run a/b/c --secret-input -hunter2', 2, 'one that begins with - is written --secret-input=…'],
  ['run a/b/c --foo', 2, 'there is no option --foo; all options: npm run --silent pipecall -- run --help'],
  ['run a/b/c --toString', 2, 'there is no option --toString'],
  ['run a/b/c -x', 2, 'there is no option -x;'],
  ['run a/b/c --input', 2, '--input needs a value behind it;'],
  ['run a/b/c --inputs --json', 2, 'one that begins with - is written --inputs=…'],
  ['run a/b/c --json=yes', 2, '--json takes no value'],
  ['run a/b/c --input name', 2, '--input is name=value, or name:=JSON'],
  ['run a/b/c --inputs /nowhere', 2, '--inputs: /nowhere cannot be read: there is no such file'],
  [`run a/b/c --inputs ${folder}`, 2, 'cannot be read: this is a folder; name a file in it'],
  [`run a/b/c --inputs ${at('text')}`, 2, 'text is not JSON; it must hold an object of inputs, like {"name": "ada"}'],
  [`run a/b/c --inputs ${at('list.json')}`, 2, 'list.json is no JSON object; it must hold an object of inputs'],
  ['run a/b/c --inputs -', 2, 'stdin is not JSON'],
  ['run a/b/c --secret-input key', 2, 'stdin must hold the secret key; or set PIPECALL_INPUT_KEY'],
  ['run a/b/c --url nonsense', 2, "'nonsense' is no address of a server"],
  ['run a/b/c', 2, 'PIPECALL_TOKEN is not set', { environment: { PIPECALL_TOKEN: '' } }],
  ['run a/b/c', 2, `The token is not known. PIPECALL_TOKEN must hold a token of ${URL}`, { answer: UNKNOWN }],
  [
    'run a/b/c',
    2,
    `there is no pipeline a/b/c at ${URL}, or you may not see it; ${URL}/ui/ shows`,
    { answer: MISSING },
  ],
  ['run a/b/c --version 7', 2, 'there is no version 7 of a pipeline a/b/c at', { answer: MISSING }],
  ['run a/b/c --input n=1', 2, 'there is no pipeline a/b/c at', { answer: MISSING }],
  ['run a/b/c', 2, 'You lack the permission.', { answer: json(403, 'You lack the permission.') }],
  [
    'run a/b/c',
    2,
    `${URL} answers 200, and not as Pipecall does; give the address of the API as --url`,
    { answer: PAGE },
  ],
  ['run a/b/c', 4, `the server at ${URL} answers 500: Oh.; try again later`, { answer: json(500, 'Oh.') }],
  ['run a/b/c', 4, `no server answers at ${URL} (not within 45 s)`, { answer: timeout }],
  ['cancel', 2, 'say which run: <org>/<app>/<pipeline>/<run>; all options: npm run --silent pipecall -- cancel --help'],
  ['cancel a/b/c', 2, "'a/b/c' is no run: <org>/<app>/<pipeline>/<run>"],
  ['cancel a/b/c/d', 1, 'a/b/c/d was not cancelled: there is no such run at', { answer: MISSING }],
  ['cancel a/b/c/d', 1, 'and not as Pipecall does', { answer: PAGE }],
  ['approve a/b/c/d --foo', 2, 'there is no option --foo; all options: npm run --silent pipecall -- approve --help'],
  ['approve a/b/c/d', 1, 'there is no app a/b at', { answer: MISSING }],
  [
    'approve a/b/c/d --job x',
    1,
    'No approval of the job x of the run a/b/c/d waits',
    { answer: { status: 200, body: '[]' } },
  ],
  ['check', 2, 'usage: npm run check -- <file…>'],
  ['check --foo', 2, 'there is no option --foo; usage: npm run check -- <file…>'],
  ['check /nowhere', 2, '/nowhere: error: there is no such file'],
  ['event --help', 0, 'usage: npm run event -- <file.json> | --dead | --resend'],
  ['event --foo', 2, 'there is no option --foo; usage: npm run event'],
  ['event /nowhere', 2, '/nowhere: there is no such file'],
  [`event ${folder}`, 2, 'this is a folder; name a file in it'],
  [`event ${at('text')}`, 2, 'text: this is not JSON; an event is {"source":'],
  [`event ${at('list.json')}`, 2, 'event 1 is no JSON object; an event is {"source":'],
  [`event ${at('event.json')}`, 2, "PIPECALL_URL is 'nonsense'", { environment: { PIPECALL_URL: 'nonsense' } }],
  [
    `event ${at('event.json')}`,
    2,
    'PIPECALL_TOKEN is not set, and the data folder /nowhere (PIPECALL_DATA) has no token; npm start prints one',
    { environment: { PIPECALL_TOKEN: '', PIPECALL_DATA: '/nowhere' } },
  ],
  ['bootstrap', 2, '--org is needed; all options: npm run bootstrap -- --help'],
  ['bootstrap acme', 2, "'acme' belongs to no option"],
  [
    'bootstrap --org acme --table t --server-secret-file /nowhere',
    2,
    '--server-secret-file /nowhere: there is no such file',
  ],
  ['bootstrap --org acme --table t --server-secret-file -', 2, 'stdin is empty; it must hold the server secret'],
  ['start --prot 80', 1, 'there is no option --prot; all options: npm start -- --help'],
  ['start --port', 1, '--port needs a value behind it'],
  [
    'start --allow-egress localhost',
    1,
    '--allow-egress: "localhost" is not an address range; write one like 10.0.0.0/8',
  ],
  ['start 8080', 1, "'8080' belongs to no option"],
])('%s: %i, %s', async (line, status, says, given) => {
  const outcome = await call(line, given);
  expect(outcome.said).toContain(says);
  expect(outcome.status).toBe(status);
  // No words of Node, and nothing that a file or an answer holds.
  expect(outcome.said).not.toMatch(/ENOENT|EISDIR|Unexpected token|positional|Error:|hunter2/);
  // Seen without scrolling: the usage is for who asks for it.
  expect(outcome.said.split('\n').length).toBeLessThanOrEqual(2);
});
