import { type Json, OPERATIONS, type Operations } from './types.ts';

export type OperationName = keyof Operations;

/** What a call takes: `params` fill the path; `headers` are for `If-Match`, `Prefer`, `Idempotency-Key`, `Accept`, …. */
export type CallOptions<Name extends OperationName> = {
  readonly query?: Operations[Name]['query'];
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
} & (keyof Operations[Name]['params'] extends never
  ? { readonly params?: Readonly<Record<string, never>> }
  : { readonly params: Operations[Name]['params'] }) &
  (undefined extends Operations[Name]['body']
    ? { readonly body?: Operations[Name]['body'] }
    : { readonly body: Operations[Name]['body'] });

/** Why a call did not do what was asked. `code` is one of docs/errors.md, or one of those below. */
export type ApiError = {
  /** 0: there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: { readonly [key: string]: Json };
  readonly requestId?: string;
};

export type Result<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly status: number;
      readonly etag?: string;
      /** The page token of the next page. */
      readonly next?: string;
    }
  | { readonly ok: false; readonly error: ApiError };

export type Client = {
  /** Never rejects, but for an aborted signal. A 304 answers `undefined` as its value. */
  call<Name extends OperationName>(name: Name, options: CallOptions<Name>): Promise<Result<Operations[Name]['answer']>>;
};

export type ClientOptions = {
  readonly token: () => string | undefined;
  /** The server does not take the token (any more), and says why. Answers whether there is another token to read with. */
  readonly refused: (reason: string) => Promise<boolean>;
  readonly fetch?: typeof globalThis.fetch;
};

export function createClient({
  token,
  refused,
  fetch = (...args) => globalThis.fetch(...args),
}: ClientOptions): Client {
  const client: Client = {
    async call(name, options) {
      // The browser would take them for steps in the path, escaped or not; no id is one of them.
      if (Object.values(options.params ?? {}).some(id => /^\.{0,2}$/.test(id))) return unknown();
      const used = token();
      const { url, init } = requestOf(name, options, used);
      let response: Response;
      try {
        response = await fetch(url, init);
      } catch (cause) {
        if (options.signal?.aborted === true) throw cause;
        return unanswered();
      }
      const result = await readAnswer(response);
      options.signal?.throwIfAborted();
      // A late answer to a token that was replaced meanwhile says nothing about the new one.
      if (!result.ok && result.error.status === 401 && used === token()) {
        const another = refused(result.error.message);
        // A change is not made by itself later on: whoever wanted it is told, and asks for it again.
        if (onlyReads(name, options.query ?? {}) && (await another)) return client.call(name, options);
      }
      // as: the types are written from the schemas that the server's answers are tested against
      return result as Result<Operations[typeof name]['answer']>;
    },
  };
  return client;
}

const onlyReads = (name: OperationName, query: object): boolean =>
  OPERATIONS[name].startsWith('GET ') || 'dry_run' in query;

function requestOf<Name extends OperationName>(
  name: Name,
  options: CallOptions<Name>,
  token: string | undefined,
): { readonly url: string; readonly init: RequestInit } {
  const [method = 'GET', template = ''] = OPERATIONS[name].split(' ');
  const params: Readonly<Record<string, string>> = options.params ?? {};
  const path = template.replace(/\{(\w+)\}/g, (_, param: string) => encodeURIComponent(params[param] ?? ''));
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const body: unknown = options.body;
  if (typeof body === 'string') headers['content-type'] ??= 'application/x-yaml';
  else if (body !== undefined) headers['content-type'] ??= 'application/json';
  return {
    url: `${path}${searchOf(options.query ?? {})}`,
    init: {
      method,
      headers,
      // Nothing but the token says who asks; answers are for this moment.
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  };
}

/** A map is written `name[key]=value`, a list by repeating its name. */
function searchOf(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (Array.isArray(value)) for (const entry of value) search.append(name, String(entry));
    else if (typeof value === 'object') {
      for (const [key, entry] of Object.entries(value)) search.append(`${name}[${key}]`, String(entry));
    } else search.append(name, String(value));
  }
  return search.size === 0 ? '' : `?${search}`;
}

async function readAnswer(response: Response): Promise<Result<unknown>> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  if (!response.ok && response.status !== 304) return { ok: false, error: await readError(response, requestId) };
  const etag = response.headers.get('etag') ?? undefined;
  const next = nextPage(response.headers.get('link'));
  const value = await readValue(response);
  if (value === MALFORMED) {
    const message = 'The server’s answer could not be read. Try again.';
    return {
      ok: false,
      error: { status: response.status, code: 'UNREADABLE_ANSWER', message, ...given({ requestId }) },
    };
  }
  return { ok: true, value, status: response.status, ...given({ etag, next }) };
}

const MALFORMED = Symbol('malformed');

async function readValue(response: Response): Promise<unknown> {
  if (response.status === 204 || response.status === 304) return undefined;
  try {
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return /\bjson\b/.test(type) ? JSON.parse(text) : text;
  } catch {
    return MALFORMED; // cut off on its way, or not JSON: the caller is told
  }
}

async function readError(response: Response, requestId: string | undefined): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined); // a proxy answers pages: handled below
  const { status } = response;
  if (typeof body === 'object' && body !== null && 'error' in body && 'message' in body) {
    const details = 'details' in body && typeof body.details === 'object' ? body.details : undefined;
    return {
      status,
      code: String(body.error),
      message: String(body.message),
      ...(details === undefined || details === null ? {} : { details: details as { [key: string]: Json } }), // as: parsed JSON
      ...given({ requestId }),
    };
  }
  const message = `Something between this page and the server answered ${status}. Try again in a moment.`;
  return { status, code: 'UNREADABLE_ANSWER', message, ...given({ requestId }) };
}

function unanswered(): Result<never> {
  const message = 'The server did not answer. Check that you are connected and that the server runs; then try again.';
  return { ok: false, error: { status: 0, code: 'NO_ANSWER', message } };
}

function unknown(): Result<never> {
  return { ok: false, error: { status: 404, code: 'NOT_FOUND', message: 'There is no such object.' } };
}

/** `<…?page=TOKEN>; rel="next"` */
function nextPage(link: string | null): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  return new URLSearchParams(target.slice(target.indexOf('?'))).get('page') ?? undefined;
}

/** Without the keys that have no value. */
function given<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  // as: exactly what the filter does
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
