import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** Content types that API Gateway hands on as text; everything else arrives as base64. */
const TEXT = /^(?:text\/|application\/(?:json|javascript|xml)\b)/i;

/**
 * A payload of version 2.0, as an HTTP API makes it. Undefined: the path or the query is not well-formed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(request: IncomingMessage, bytes: Buffer | undefined): APIGatewayProxyEventV2 | undefined {
  const { url = '', method = 'GET' } = request;
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const rawQueryString = mark < 0 ? '' : url.slice(mark + 1);
  if (!rawPath.startsWith('/') || !isWellFormed(rawPath) || !isWellFormed(rawQueryString)) return undefined;
  const { headers, cookies } = readHeaders(request.rawHeaders);
  const now = Date.now();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(rawQueryString === '' ? {} : { queryStringParameters: joinQuery(rawQueryString) }),
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: headers.host ?? '',
      domainPrefix: '',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: logTime(now),
      timeEpoch: now,
    },
    ...readText(bytes, headers['content-type']),
  };
}

/** What a function is told about its invocation; ours reads the request id at the most. */
export function contextOf(event: APIGatewayProxyEventV2): Context {
  // as: without a time that remains nobody has to watch it
  return { functionName: 'api', awsRequestId: event.requestContext.requestId } as Context;
}

function readText(
  bytes: Buffer | undefined,
  contentType: string | undefined,
): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> {
  if (bytes === undefined || bytes.length === 0) return { isBase64Encoded: false };
  const text = (contentType === undefined || TEXT.test(contentType)) && isUtf8(bytes);
  return { body: bytes.toString(text ? 'utf8' : 'base64'), isBase64Encoded: !text };
}

function isWellFormed(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** Lower-case names; what came twice is joined by commas, and cookies are apart. */
function readHeaders(raw: readonly string[]): {
  readonly headers: Record<string, string>;
  readonly cookies?: string[];
} {
  // A header called __proto__ is a header like any other.
  const headers: Record<string, string> = Object.create(null);
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? value : name === 'cookie' ? `${before}; ${value}` : `${before},${value}`;
  }
  const { cookie } = headers;
  if (cookie === undefined) return { headers };
  delete headers.cookie;
  return { headers, cookies: cookie.split('; ') };
}

function joinQuery(text: string): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const before = joined[name];
    joined[name] = before === undefined ? value : `${before},${value}`;
  }
  return joined;
}

let lastSecond = -1;
let lastText = '';

/** `12/Mar/2020:19:03:58 +0000`, made once a second. */
function logTime(now: number): string {
  const second = Math.floor(now / 1_000);
  if (second !== lastSecond) {
    const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
    lastSecond = second;
    lastText = `${day}/${month}/${year}:${time} +0000`;
  }
  return lastText;
}
