import { type Action, type Answer, failed, type HttpResult, type Json, type JsonObject, readJson } from './action.ts';

/** Bytes of the answer's body after decompression. */
const MAX_BODY = 1024 * 1024;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Methods that a server may not take twice for once: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const NOT_IDEMPOTENT: readonly string[] = ['POST', 'PATCH'];

/** Fields that describe the connection or the framing: the client's business, and the way requests are smuggled. */
const FORBIDDEN: readonly string[] = [
  'host connection keep-alive proxy-connection transfer-encoding content-length te trailer upgrade expect',
].flatMap(names => names.split(' '));

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Tab, printable ASCII and the bytes above it: no line break, no control character. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** https://fetch.spec.whatwg.org/#concept-header-value-normalize: a token read from a file ends with a line break. */
const AROUND_VALUE = /^[\t\n\r ]+|[\t\n\r ]+$/g;

export const http: Action = {
  name: 'actions/humanitec/http',
  version: 1,
  summary: 'Sends an HTTP request and answers with what came back.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      method: { description: 'The request method.', enum: METHODS, default: 'GET' },
      url: {
        description:
          'Where to: `http:` or `https:`, without a user name and password (use a header). Private addresses are refused unless the deployment allows them.',
        type: 'string',
        maxLength: 8192,
      },
      headers: {
        description: 'Header fields. `Host`, `Content-Length` and others that steer the connection are refused.',
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
      },
      data: {
        description:
          'The body. A map or list is sent as JSON (`Content-Type: application/json` unless given), text as it is, null not at all.',
        type: ['object', 'array', 'string', 'null'],
      },
      timeout_seconds: {
        description: 'Time for everything: connecting, redirects and the whole body.',
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 300,
        default: 30,
      },
      success_codes: {
        description: 'The status codes that count as success. Absent: 200 to 299.',
        type: 'array',
        minItems: 1,
        items: { type: 'integer', minimum: 100, maximum: 599 },
      },
      follow_redirects: {
        description:
          'Go where a redirect points to, at most 5 times. Header fields whose names speak of credentials (auth, cookie, token, key, secret and the like) do not cross to another origin; others do, and so does a body (307, 308).',
        type: 'boolean',
        default: false,
      },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['status_code', 'headers', 'body'],
    properties: {
      status_code: { description: 'The status code of the answer.', type: 'integer' },
      headers: {
        description:
          'Header fields by lower-case name; repeated ones are joined by `, ` (`set-cookie` by line breaks).',
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      body: { description: 'The body: parsed when the answer says it is JSON and it is, else text. At most 1 MiB.' },
    },
  },
  errors: {
    INVALID_URL: 'The URL is malformed, not http or https, or holds a user name or password.',
    INVALID_HEADER: 'A header name or value is malformed, forbidden, or given twice.',
    EGRESS_REFUSED: 'The address is private, local or reserved, and the deployment does not allow it.',
    TIMEOUT: 'There was no complete answer within `timeout_seconds`.',
    ABORTED: 'The step was cancelled or its time was over.',
    CONNECTION_FAILED: 'The server could not be reached, or broke off, or answered something that is not HTTP.',
    TOO_MANY_REDIRECTS: 'There were more than 5 redirects.',
    RESPONSE_TOO_LARGE: 'The answer is more than 1 MiB, or its header more than 32 KiB.',
    UNEXPECTED_STATUS: 'The status code of the answer is not one of `success_codes`; the outputs hold the answer.',
  },
  pure: false,
  async run({ inputs, signal, stepId, log, now, clients }) {
    const method = typeof inputs.method === 'string' ? inputs.method : 'GET';
    const body = bodyText(inputs.data);
    const headers = fields(inputs.headers);
    if ('code' in headers) return failed(headers.code, headers.message);
    if (body !== undefined && typeof inputs.data === 'object')
      setDefault(headers.map, 'content-type', 'application/json');
    if (NOT_IDEMPOTENT.includes(method)) setDefault(headers.map, 'idempotency-key', stepId);

    const started = now();
    const request = `${method} ${publicUrl(String(inputs.url))}`;
    log('info', request);
    const answer = await clients.http({
      method,
      url: String(inputs.url),
      headers: Object.fromEntries(headers.map),
      ...(body === undefined ? {} : { body }),
      timeout: (typeof inputs.timeout_seconds === 'number' ? inputs.timeout_seconds : 30) * 1_000,
      followRedirects: inputs.follow_redirects === true,
      maxBytes: MAX_BODY,
      signal,
    });
    log(
      answer.ok ? 'info' : 'error',
      `${request}: ${answer.ok ? answer.status : answer.code} after ${now() - started} ms`,
    );
    return answer.ok ? judged(answer, request, inputs.success_codes) : failed(answer.code, answer.message);
  },
};

function judged(answer: Extract<HttpResult, { ok: true }>, request: string, codes: Json | undefined): Answer {
  const { status, headers } = answer;
  const outputs: JsonObject = { status_code: status, headers, body: content(headers['content-type'], answer.body) };
  const expected = Array.isArray(codes) ? codes.includes(status) : status >= 200 && status <= 299;
  if (expected) return { status: 'succeeded', outputs };
  const first = Array.from(answer.body.slice(0, 400)).slice(0, 200).join('');
  // The mark of the cut also tells the redactor that a secret may have been cut.
  const start = `${first.replace(/\s+/g, ' ').trim()}${first.length < answer.body.length ? '…' : ''}`;
  const message = `${request} answered ${status}${start === '' ? '' : `: ${start}`}`;
  return { status: 'failed', code: 'UNEXPECTED_STATUS', message, outputs };
}

/** A body that says it is JSON and is not (or is nested too deep to be safe) stays text. */
function content(type: string | undefined, body: string): Json {
  const json = /^\s*(?:application|text)\/(?:json|[^\s;]+\+json)\s*(?:;|$)/i.test(type ?? '')
    ? readJson(body)
    : undefined;
  return json === undefined ? body : json.value;
}

function bodyText(data: Json | undefined): string | undefined {
  if (data === undefined || data === null) return undefined;
  return typeof data === 'string' ? data : JSON.stringify(data);
}

type Fields = { readonly map: Map<string, string> } | { readonly code: 'INVALID_HEADER'; readonly message: string };

function fields(given: Json | undefined): Fields {
  const map = new Map<string, string>();
  const refused = (message: string): Fields => ({ code: 'INVALID_HEADER', message });
  for (const [name, value] of Object.entries(given ?? {})) {
    const key = name.toLowerCase();
    const text = String(value).replace(AROUND_VALUE, '');
    if (!FIELD_NAME.test(name)) return refused(`${JSON.stringify(name)} is not a header name.`);
    if (FORBIDDEN.includes(key)) return refused(`The header ${name} is set by the client; leave it out.`);
    if (!FIELD_VALUE.test(text)) {
      return refused(`The value of the header ${name} has a line break or a character that headers cannot carry.`);
    }
    if (map.has(key)) return refused(`The header ${name} is given twice, in different case.`);
    map.set(key, text);
  }
  return { map };
}

function setDefault(map: Map<string, string>, name: string, value: string): void {
  if (!map.has(name)) map.set(name, value);
}

/** For people and logs: no user name, password, query or fragment. */
function publicUrl(text: string): string {
  if (!URL.canParse(text)) return '(a malformed URL)';
  const { protocol, host, pathname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return `(a URL of ${protocol})`;
  return `${protocol}//${host}${pathname}`;
}
