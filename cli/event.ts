import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsed } from './run/client.ts';
import { inertLine } from './run/inert.ts';
import { refusalOf } from './run/refusal.ts';
import { whyUnreadable } from './why-unreadable.ts';
import { wrongOption } from './wrong-option.ts';

/** Where `npm start` serves, unless it is told otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Entries of one request. */
const MAX_ENTRIES = 10;

type Given = Readonly<Record<string, unknown>>;

export type EventIo = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
};

/**
 * `npm run event -- <file.json>`: puts the events of the file on the bus of the local server, and prints their ids. An event
 * is written as a rule sees it (`source`, `detail-type`, `detail`) or as PutEvents takes it (`Source`, `DetailType`, `Detail`);
 * the file has one, a list of them, or `{"Entries": […]}`. `--dead` shows the dead letters of the server, `--resend` has it
 * deliver them again. Exit status 1: some were not put; 2: nothing could be.
 */
export async function putEvents(files: readonly string[], { environment, print }: EventIo): Promise<0 | 1 | 2> {
  const [file] = files;
  const wrong = wrongOption(files, { options: OPTIONS, allowPositionals: true });
  if (file === undefined || files.length > 1 || file === '--help' || wrong !== undefined) {
    print(`${wrong === undefined ? '' : `${wrong}; `}usage: npm run event -- <file.json> | --dead | --resend`);
    print('  (PIPECALL_URL, PIPECALL_TOKEN: of the server, and its administrator)');
    return file === '--help' ? 0 : 2;
  }
  const url = (environment.PIPECALL_URL ?? environment.URL ?? DEFAULT_URL).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    print(`PIPECALL_URL is '${url}'; it must be the address of a server, like ${DEFAULT_URL}`);
    return 2;
  }
  if (file === '--dead' || file === '--resend') {
    try {
      await askForDeadLetters({ url, token: await tokenOf(environment) }, file, print);
      return 0;
    } catch (error) {
      print(reasonOf(error, url));
      return 2;
    }
  }
  let failures = 0;
  try {
    const entries = entriesOf(await readJson(file));
    const token = await tokenOf(environment);
    for (let at = 0; at < entries.length; at += MAX_ENTRIES) {
      failures += await send(url, token, entries.slice(at, at + MAX_ENTRIES), print);
    }
  } catch (error) {
    print(`${file}: ${reasonOf(error, url)}`);
    return 2;
  }
  return failures > 0 ? 1 : 0;
}

const OPTIONS = { dead: { type: 'boolean' }, resend: { type: 'boolean' }, help: { type: 'boolean' } } as const;

const FORM = 'an event is {"source": "…", "detail-type": "…", "detail": {…}}';

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(whyUnreadable(cause), { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`this is not JSON; ${FORM}`, { cause });
  }
}

function entriesOf(content: unknown): readonly Given[] {
  const listed = isMap(content) && Array.isArray(content.Entries) ? content.Entries : content;
  const all: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  return all.map((each, index) => {
    if (!isMap(each)) throw new Error(`event ${index + 1} is no JSON object; ${FORM}`);
    const { Detail = each.detail, Source = each.source, DetailType = each['detail-type'] } = each;
    const { Resources = each.resources, Time = each.time } = each;
    return {
      Source,
      DetailType,
      Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail),
      Resources,
      Time,
    };
  });
}

async function tokenOf(environment: EventIo['environment']): Promise<string> {
  const given = environment.PIPECALL_TOKEN ?? environment.TOKEN ?? environment.PIPECALL_ADMIN_TOKEN;
  if (given !== undefined && given !== '') return given;
  const folder = environment.PIPECALL_DATA ?? '.pipecall';
  try {
    return (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  } catch (cause) {
    const why = `PIPECALL_TOKEN is not set, and the data folder ${folder} (PIPECALL_DATA) has no token`;
    throw new Error(`${why}; npm start prints one`, { cause });
  }
}

/** Answers how many were not put. */
async function send(url: string, token: string, entries: readonly Given[], print: EventIo['print']): Promise<number> {
  const answer = await ask({ url, token }, 'AWSEvents.PutEvents', { Entries: entries });
  if (!Array.isArray(answer.Entries)) throw new Error(`the server answered ${JSON.stringify(answer)}`);
  let failures = 0;
  for (const entry of answer.Entries) {
    const { EventId, ErrorCode, ErrorMessage } = isMap(entry) ? entry : {};
    if (EventId === undefined) failures += 1;
    print(EventId === undefined ? `not put: ${String(ErrorCode)}: ${String(ErrorMessage)} (${FORM})` : String(EventId));
  }
  return failures;
}

type Server = { readonly url: string; readonly token: string };

async function ask({ url, token }: Server, target: string, body: Given): Promise<Given> {
  const response = await fetch(`${url}/aws/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
    },
    body: JSON.stringify(body),
  });
  const answer = parsed(await response.text());
  if (response.ok && isMap(answer)) return answer;
  throw new Error(inertLine(refusalOf({ status: response.status, body: answer }, 'bus of a local server', url)));
}

/** One line of JSON for each dead letter, or how many are delivered again. */
async function askForDeadLetters(server: Server, what: '--dead' | '--resend', print: EventIo['print']): Promise<void> {
  if (what === '--resend') {
    const { Resent } = await ask(server, 'Pipecall.ResendDeadLetters', {});
    print(`${String(Resent)} dead letters are delivered again; the log of the server says what becomes of them`);
    return;
  }
  const { DeadLetters } = await ask(server, 'Pipecall.ListDeadLetters', {});
  for (const letter of Array.isArray(DeadLetters) ? DeadLetters : []) print(JSON.stringify(letter));
}

function reasonOf(error: unknown, url: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === 'fetch failed'
    ? `no server answers at ${url}; start one with npm start, or set PIPECALL_URL`
    : message;
}

const isMap = (value: unknown): value is Given => typeof value === 'object' && value !== null && !Array.isArray(value);
