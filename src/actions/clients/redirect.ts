import type { HttpFailure } from '../action.ts';

/** One request of an exchange. Header names are lower-case. */
export type Hop = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type Refused = { readonly ok: false; readonly code: HttpFailure; readonly message: string };

export type Redirection = { readonly ok: true; readonly hop: Hop } | Refused;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What proves who is asking, by its name: services have many fields of their own for it (`DD-API-KEY`, `X-Gitlab-Token`). */
const CREDENTIALS = /auth|cookie|token|key|secret|passw|session|credential|signature/;

const isCredential = (name: string): boolean => CREDENTIALS.test(name) && name !== 'idempotency-key';

/** https://fetch.spec.whatwg.org/#request-body-header-name */
const ABOUT_BODY: readonly string[] = ['content-encoding', 'content-language', 'content-location', 'content-type'];

/** A URL of a pipeline: http or https, and nothing secret in it that would end up in a log. */
export function readTarget(text: string, base?: string): { readonly ok: true; readonly url: URL } | Refused {
  const refused = (message: string): Refused => ({ ok: false, code: 'INVALID_URL', message });
  if (!URL.canParse(text, base)) return refused('The URL is malformed; write one like https://example.com/path.');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refused(`The URL starts with ${url.protocol} and only http: and https: are possible.`);
  }
  if (url.username !== '' || url.password !== '') {
    return refused('The URL holds a user name or password; send an Authorization header instead.');
  }
  return { ok: true, url };
}

/** For people and logs: no query, no fragment (and no user name or password, which `readTarget` refuses). */
export function publicName(url: URL): string {
  return url.origin + url.pathname;
}

/**
 * Where an answer sends the request on to; undefined: it is not a redirect. Rules of
 * https://fetch.spec.whatwg.org/#http-redirect-fetch, and: no way from https to http.
 */
export function redirected(hop: Hop, status: number, location: string | undefined): Redirection | undefined {
  if (!REDIRECTS.includes(status) || location === undefined) return undefined;
  const target = readTarget(location, hop.url.href);
  if (!target.ok) return { ...target, message: `${publicName(hop.url)} redirects elsewhere. ${target.message}` };
  if (hop.url.protocol === 'https:' && target.url.protocol === 'http:') {
    const message = `${publicName(hop.url)} redirects from https to http; that is not followed.`;
    return { ok: false, code: 'EGRESS_REFUSED', message };
  }
  const { body, ...rest } = hop;
  const toGet = status === 303 ? hop.method !== 'GET' && hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const drop = toGet ? [...ABOUT_BODY, 'idempotency-key'] : [];
  const elsewhere = target.url.origin !== hop.url.origin;
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(([name]) => !drop.includes(name) && !(elsewhere && isCredential(name))),
  );
  if (toGet) return { ok: true, hop: { method: 'GET', url: target.url, headers } };
  return { ok: true, hop: { ...rest, ...(body === undefined ? {} : { body }), url: target.url, headers } };
}
