import { type ActionContext, type HttpResult, type Json, type JsonObject, readJson } from '../action.ts';
import { exhaustedUntil, retryAt } from './pace.ts';
import { type Reply, refused } from './reply.ts';

/** Bytes: a page of GitHub's workflow runs is about 15 KiB an entry. */
const MAX_BODY = 4 * 1024 * 1024;

/** Milliseconds for one exchange with a provider. */
const TIMEOUT = 30_000;

/** Pages of a list that are read. What is looked for is among the newest. */
const MAX_PAGES = 5;

type Answered = Extract<HttpResult, { ok: true }>;

export type Provider = {
  /** For messages: `GitHub`. */
  readonly name: string;
  /** Base URL of its API, without a slash at the end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a status that is no success says "too many requests". */
  readonly limited: (answer: Answered) => boolean;
  /** What is written in the body of a failure. */
  readonly explain: (body: Json | undefined) => string;
  /** The error code of a failure of the caller's (4xx). */
  readonly codeOf: (status: number, message: string) => string;
};

export type Ask = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base, each segment encoded, with its query. */
  readonly path: string;
  readonly body?: JsonObject;
  /**
   * True: the exchange goes on when the step is aborted, for what it starts has to be known in order to be ended. The
   * worker waits for it for a while.
   */
  readonly unaborted?: boolean;
};

export type Content = { readonly body: Json; readonly headers: Readonly<Record<string, string>> };

export async function ask(context: ActionContext, provider: Provider, { method, path, body, unaborted }: Ask) {
  // What was not asked for before the step was ended is not asked for at all.
  if (context.signal.aborted) return refused('ABORTED', 'The step was ended.');
  const url = path.startsWith('https:') || path.startsWith('http:') ? path : provider.base + path;
  const answer = await context.clients.http({
    method,
    url,
    headers: { ...provider.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeout: TIMEOUT,
    // A repository that was renamed answers with a redirect. Credentials never cross to another origin; nor does a body, which
    // holds a trigger token or inputs.
    followRedirects: body === undefined ? true : 'same-origin',
    maxBytes: MAX_BODY,
    signal: unaborted === true ? new AbortController().signal : context.signal,
  });
  return judged(answer, provider, context.now());
}

function judged(answer: HttpResult, provider: Provider, now: number): Reply<Content> {
  if (!answer.ok) {
    switch (answer.code) {
      case 'EGRESS_REFUSED':
      case 'INVALID_URL':
      case 'ABORTED':
        return refused(answer.code, answer.message);
      case 'TOO_MANY_REDIRECTS':
        return refused('PROVIDER_ERROR', answer.message);
      case 'TIMEOUT':
      case 'CONNECTION_FAILED':
      case 'RESPONSE_TOO_LARGE':
        return { kind: 'unclear', message: answer.message };
    }
  }
  const { status, headers } = answer;
  const read = readJson(answer.body)?.value;
  if (status >= 200 && status <= 299) {
    const notBefore = exhaustedUntil(headers, now);
    return { kind: 'ok', value: { body: read ?? null, headers }, ...(notBefore === undefined ? {} : { notBefore }) };
  }
  if (provider.limited(answer)) return { kind: 'later', at: retryAt(headers, now) };
  const told = provider.explain(read);
  const message = `${provider.name} answered ${status}${told === '' ? '.' : `: ${told}`}`;
  if (status >= 500) return { kind: 'unclear', message };
  const failure = refused(provider.codeOf(status, told), message);
  return status === 404 ? { ...failure, absent: true } : failure;
}

/** The entries of a list, page by page as its `Link` headers say: https://www.rfc-editor.org/rfc/rfc8288 */
export async function askAll(
  context: ActionContext,
  provider: Provider,
  path: string,
  entriesOf: (body: Json) => Json | undefined,
): Promise<Reply<readonly JsonObject[]>> {
  const all: JsonObject[] = [];
  let next: string | undefined = path;
  for (let page = 0; page < MAX_PAGES && next !== undefined; page++) {
    const reply: Reply<Content> = await ask(context, provider, { method: 'GET', path: next });
    if (reply.kind !== 'ok') return reply;
    const entries = entriesOf(reply.value.body);
    if (Array.isArray(entries)) all.push(...entries.filter(isMap));
    next = nextPage(reply.value.headers.link, provider.base);
  }
  return { kind: 'ok', value: all };
}

/** Where the token may go: a page elsewhere is none. */
function nextPage(link: string | undefined, base: string): string | undefined {
  const url = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  return url !== undefined && URL.canParse(url) && new URL(url).origin === new URL(base).origin ? url : undefined;
}

export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text in a body; empty where there is none. */
export function textOf(value: Json, key: string): string {
  const field = isMap(value) ? value[key] : undefined;
  return typeof field === 'string' ? field : '';
}

/** Values for a provider that takes texts only. */
export function texts(values: JsonObject): JsonObject {
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
}

/** `: job a; job b and 3 more`, or nothing. */
export function naming(culprits: readonly string[]): string {
  if (culprits.length === 0) return '';
  const more = culprits.length > 5 ? ` and ${culprits.length - 5} more` : '';
  return `: ${culprits.slice(0, 5).join('; ')}${more}`;
}

/** An input that is the base URL of an API, without the slashes at its end. */
export function baseUrl(given: Json | undefined, standard: string): string | undefined {
  const text = typeof given === 'string' ? given.replace(/\/+$/, '') : standard;
  return URL.canParse(text) && !/[?#]/.test(text) ? text : undefined;
}
