import { lookup as dnsLookup } from 'node:dns/promises';
import type { Clients, HttpExchange, HttpResult } from '../action.ts';
import { createDial, type Lookup } from './dial.ts';
import { type AddressRange, parseRange } from './egress.ts';
import { ACCEPT_ENCODING, collect, decodeText, decompress } from './http-body.ts';
import { httpFailure, isHttpFailure } from './http-failure.ts';
import { type Hop, publicName, type Redirection, readTarget, redirected } from './redirect.ts';

/** As many as https://fetch.spec.whatwg.org/ would need for anything sensible, and few enough to notice a loop. */
const MAX_REDIRECTS = 5;

/** Bytes of the answer's header. */
const MAX_HEADER = 32 * 1024;

export type HttpClientOptions = {
  /** Ranges (CIDR) that the egress guard lets through although they are private. */
  readonly allowEgress: readonly string[];
  /** Instead of the system's resolver. */
  readonly lookup?: Lookup;
};

type Reached = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

/**
 * Every request has a connection of its own: it was judged for this very request, ending the exchange ends it, and no
 * request meets a kept connection that its server is just closing. Proxies of the environment are not used.
 */
export function createHttpClient({ allowEgress, lookup = systemLookup }: HttpClientOptions): Clients['http'] {
  const allowed = allowEgress.map(parseRange);
  return async exchange => {
    const target = readTarget(exchange.url);
    if (!target.ok) return target;
    const { url } = target;
    const ending = createEnding(exchange);
    try {
      const { followRedirects, maxBytes } = exchange;
      const terms = { allowed, lookup, signal: ending.signal, followRedirects, maxBytes };
      const answer = await follow({ ...firstHop(exchange), url }, terms);
      return { ok: true, ...answer };
    } catch (error) {
      const why = ending.why();
      const place = `${exchange.method} ${publicName(url)}`;
      if (why === 'ABORTED')
        return { ok: false, code: why, message: `${place}: ended before the answer was complete.` };
      if (why === 'TIMEOUT') {
        const seconds = exchange.timeout / 1_000;
        return { ok: false, code: why, message: `${place}: no complete answer within ${seconds} s.` };
      }
      return explained(error, place);
    } finally {
      ending.forget();
    }
  };
}

async function systemLookup(hostname: string): Promise<readonly string[]> {
  return (await dnsLookup(hostname, { all: true })).map(entry => entry.address);
}

/** The two things that end an exchange early: its caller and its time. */
function createEnding({ signal, timeout }: Pick<HttpExchange, 'signal' | 'timeout'>) {
  const controller = new AbortController();
  let why: 'ABORTED' | 'TIMEOUT' | undefined;
  const end = (reason: 'ABORTED' | 'TIMEOUT') => {
    why ??= reason;
    controller.abort();
  };
  const aborted = () => end('ABORTED');
  const timer = setTimeout(end, timeout, 'TIMEOUT');
  signal.addEventListener('abort', aborted);
  if (signal.aborted) aborted();
  return {
    signal: controller.signal,
    why: () => why,
    forget: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
    },
  };
}

function firstHop({ method, headers, body }: HttpExchange): Omit<Hop, 'url'> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const defaults = { accept: '*/*', 'accept-encoding': ACCEPT_ENCODING, 'user-agent': 'pipecall' };
  return { method, headers: { ...defaults, ...Object.fromEntries(named) }, ...(body === undefined ? {} : { body }) };
}

type Terms = {
  readonly allowed: readonly AddressRange[];
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
  readonly followRedirects: HttpExchange['followRedirects'];
  readonly maxBytes: number;
};

async function follow(start: Hop, terms: Terms): Promise<Reached> {
  let hop = start;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(hop, terms);
    if (!('next' in answer)) return answer;
    const { next } = answer;
    if (!next.ok) throw httpFailure(next.code, next.message);
    hop = next.hop;
    if (redirects === MAX_REDIRECTS) {
      throw httpFailure(
        'TOO_MANY_REDIRECTS',
        `more than ${MAX_REDIRECTS} redirects, the last to ${publicName(hop.url)}.`,
      );
    }
  }
}

async function send(hop: Hop, terms: Terms): Promise<Reached | { readonly next: Redirection }> {
  const { method, url, headers, body } = hop;
  const { signal, maxBytes } = terms;
  // Loaded for the first request: a worker whose pipelines send none starts without it.
  const { Client } = await import('./undici.ts');
  const client = new Client(url.origin, {
    connect: createDial(terms),
    allowH2: false,
    maxHeaderSize: MAX_HEADER,
    // The exchange has one clock for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const path = url.pathname + url.search;
    const answer = await client.request({ method, path, headers, body: body ?? null, signal, reset: true });
    const fields = joined(answer.headers);
    const next = terms.followRedirects === false ? undefined : redirected(hop, answer.statusCode, fields.location);
    if (next?.ok === true && terms.followRedirects === 'same-origin' && next.hop.url.origin !== url.origin) {
      throw httpFailure('EGRESS_REFUSED', `${publicName(url)} redirects to another origin; that is not followed.`);
    }
    if (next !== undefined) return { next };
    const wire = await collect(answer.body, maxBytes);
    const bytes = await decompress(wire, fields['content-encoding'], maxBytes);
    return { status: answer.statusCode, headers: fields, body: decodeText(bytes, fields['content-type']) };
  } finally {
    await client.destroy();
  }
}

/** Repeated fields as one: https://www.rfc-editor.org/rfc/rfc9110#section-5.3, where `set-cookie` is the exception. */
function joined(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, typeof value === 'string' ? value : value.join(name === 'set-cookie' ? '\n' : ', ')] as const];
  });
  return Object.fromEntries(entries);
}

function explained(error: unknown, place: string): HttpResult {
  if (isHttpFailure(error)) return { ok: false, code: error.failure, message: `${place}: ${error.message}` };
  if (!(error instanceof Error)) throw error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    const message = `${place}: the header of the answer is more than ${MAX_HEADER} bytes.`;
    return { ok: false, code: 'RESPONSE_TOO_LARGE', message };
  }
  // A request that undici finds malformed is a mistake of ours.
  if (code === 'UND_ERR_INVALID_ARG') throw error;
  const [first] = error instanceof AggregateError ? error.errors : [];
  const reason = first instanceof Error ? first.message : error.message;
  // Most errors of the system name their code in the text already.
  const told = reason.includes(code) ? reason : `${reason} (${code})`;
  return { ok: false, code: 'CONNECTION_FAILED', message: `${place}: ${told}` };
}
