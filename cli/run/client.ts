/** What the command reaches outside with; a test hands in its own. */
export type Outside = {
  readonly fetch: typeof fetch;
  /** Milliseconds; ends early, without an error, when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; undefined where the text is no JSON. */
  readonly body: unknown;
};

/** No answer that means anything: the server is not there, is in trouble, or is something else. */
export class NotReached extends Error {
  override name = 'NotReached';
}

export type Ask = {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
};

export type Client = (path: string, ask?: Ask) => Promise<Answer>;

/** Milliseconds of one attempt: more than the server holds an answer back. */
const LONGEST_ANSWER = 45_000;

/** Milliseconds between two attempts at the most. */
const LONGEST_PAUSE = 15_000;

/**
 * A request is sent again after network errors, 429 and 5xx, with growing pauses. That doubles nothing: a start carries its
 * key, and all others may be repeated. `attempts` may be more once the server is known to be there.
 */
export function createClient(
  { fetch: send, sleep, random }: Outside,
  { url, token, attempts }: { readonly url: string; readonly token: string; readonly attempts: number },
): Client {
  return async (path, { method = 'GET', headers = {}, body, signal } = {}) => {
    const limited = () => AbortSignal.any([AbortSignal.timeout(LONGEST_ANSWER), ...(signal ? [signal] : [])]);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(() =>
        send(`${url}${path}`, {
          method,
          headers: {
            ...headers,
            authorization: `Bearer ${token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          // Nobody else gets the token.
          redirect: 'manual',
          signal: limited(),
        }),
      );
      if (signal?.aborted === true) throw new NotReached('the request was given up');
      if ('status' in outcome && outcome.status !== 429 && outcome.status < 500) return checked(outcome, url);
      if (attempt >= attempts) throw new NotReached(reasonOf(outcome, url));
      await sleep(pauseAfter(attempt, outcome, random()), signal);
    }
  };
}

type Failed = { readonly reason: string };

async function once(send: () => Promise<Response>): Promise<Answer | Failed> {
  try {
    const response = await send();
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  } catch (error) {
    // `fetch failed` says nothing; its cause does.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (cause instanceof Error && cause.name === 'TimeoutError')
      return { reason: `not within ${LONGEST_ANSWER / 1_000} s` };
    return { reason: cause instanceof Error ? cause.message || cause.name : String(cause) };
  }
}

/** Undefined: it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Some proxies answer with a page; the status says enough.
    return undefined;
  }
}

function checked(answer: Answer, url: string): Answer {
  if (answer.status < 300 || answer.status === 304 || answer.status >= 400) return answer;
  const to = answer.headers.get('location') ?? 'another address';
  throw new NotReached(`${url} sends on to ${to}; give the address of the API itself as --url`);
}

/** Doubles from half a second; the server may ask for longer. A part of it is by chance, so that many do not come at once. */
function pauseAfter(attempt: number, outcome: Answer | Failed, random: number): number {
  const asked = 'headers' in outcome ? Number(outcome.headers.get('retry-after') ?? 0) * 1_000 : 0;
  const own = 500 * 2 ** (attempt - 1) * (1 - random / 4);
  return Math.min(LONGEST_PAUSE, Math.max(own, Number.isFinite(asked) ? asked : 0));
}

function reasonOf(outcome: Answer | Failed, url: string): string {
  if ('reason' in outcome) {
    return `no server answers at ${url} (${outcome.reason}); start one with npm start, or give its address with --url`;
  }
  const said = messageOf(outcome.body);
  return `the server at ${url} answers ${outcome.status}${said === undefined ? '' : `: ${said}`}; try again later`;
}

export function messageOf(body: unknown): string | undefined {
  return isMap(body) && typeof body.message === 'string' ? body.message : undefined;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All entries of a list, or the answer that refuses it. */
export async function allOf(
  client: Client,
  path: string,
  filter: Readonly<Record<string, string>>,
  ask?: Ask,
): Promise<readonly unknown[] | Answer> {
  const entries: unknown[] = [];
  let search: string | undefined = `?${new URLSearchParams({ per_page: '100', ...filter })}`;
  while (search !== undefined) {
    const answer: Answer = await client(`${path}${search}`, ask);
    if (answer.status !== 200 || !Array.isArray(answer.body)) return answer;
    entries.push(...answer.body);
    search = nextPage(answer);
  }
  return entries;
}

/** Of the link only the query is taken: the token goes to the one server only. */
export function nextPage({ headers }: Answer): string | undefined {
  const link = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return link === undefined ? undefined : new URL(link, 'http://any').search;
}
