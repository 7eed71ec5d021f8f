import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiHandler } from '../functions/api/api-handler.ts';
import { toResult } from '../functions/api/event.ts';
import { BODY_LIMIT } from '../src/api/body.ts';
import { type ApiResponse, type Refusal, refuse, respondInternalError, respondRefused } from '../src/api/reply.ts';
import { reportError } from '../src/aws/log.ts';
import { readBody } from './gateway/read-body.ts';
import { contextOf, toEvent } from './gateway/to-event.ts';
import type { Site } from './web-site.ts';

export type GatewayOptions = {
  readonly handler: ApiHandler;
  /** 0: any free one. */
  readonly port: number;
  readonly host?: string;
  /** Milliseconds that requests in flight have after `close`. Default 8 s: within the limit of `local/main.ts`. */
  readonly grace?: number;
  /** A path that is not the API's, and comes before it. */
  readonly own?: OwnEndpoint;
  /** Pages beside the API. */
  readonly site?: Site;
};

/** POST to one path, with a body of its own limit. */
export type OwnEndpoint = {
  readonly path: string;
  /** Bytes of a body. */
  readonly limit: number;
  answer(headers: Readonly<Record<string, string>>, body: string): Promise<ApiResponse>;
};

export type Gateway = {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections; resolves when the requests in flight are answered, or were cut off after a grace. */
  close(): Promise<void>;
};

/** Bytes of all headers together; Node refuses more while it reads. */
const HEADER_LIMIT = 16 * 1_024;

/** Milliseconds for the headers, and for the whole request, to arrive: who sends a byte a second is cut off. */
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds that a connection may be idle. */
const KEEP_ALIVE = 60_000;

/** Milliseconds. An answer may be held back longer (25 s); its client is cut off, and its run goes on all the same. */
const GRACE = 8_000;

const TOO_LARGE = refuse('BODY_TOO_LARGE', `The body is larger than ${BODY_LIMIT} bytes.`);
const MALFORMED = refuse(
  'MALFORMED_REQUEST',
  'The path or the query is not well-formed: a % is not followed by UTF-8 in hex.',
);

/** API Gateway in front of one Lambda function: HTTP to payload 2.0 and back. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { handler, port, host = '127.0.0.1', grace = GRACE } = options;
  const server = createServer({
    maxHeaderSize: HEADER_LIMIT,
    headersTimeout: HEADERS_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
  });
  server.on('request', (request, response) => {
    const mine = options.own;
    const page = options.site === undefined ? undefined : servePage(options.site, server, request, response);
    const served =
      page ??
      (mine !== undefined && request.method === 'POST' && request.url === mine.path
        ? serveOwn(mine, server, request, response)
        : serve(handler, server, request, response));
    served.catch(error => {
      reportError('the gateway failed', error);
      if (response.headersSent) response.destroy();
      else send(response, toResult(own(respondInternalError('unknown'))), true);
    });
  });
  server.on('clientError', refuseConnection);
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(unbound(error, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port; // as: it listens on a port, not on a pipe
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () => close(server, grace),
  };
}

async function serve(
  handler: ApiHandler,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let bytes: Buffer | undefined;
  // A body of these means nothing; Node skips it.
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const body = await readBody(request, BODY_LIMIT);
    if ('failed' in body) {
      if (body.failed === 'aborted') return;
      if (body.failed === 'too-large-to-read') response.once('finish', () => request.destroy());
      return send(response, toResult(own(respondRefused(TOO_LARGE))), true);
    }
    bytes = body.bytes;
  }
  const event = toEvent(request, bytes);
  if (event === undefined) return send(response, toResult(own(respondRefused(MALFORMED))), false);
  const result = await handler(event, contextOf(event));
  // After `close` a connection that stays open for the next request would hold the server up.
  send(response, result, !server.listening);
}

/** Undefined: it is not for the site. */
function servePage(
  site: Site,
  server: Server,
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  return site.answer(url.split('?', 1)[0] ?? '', headers)?.then(answer => {
    response.writeHead(answer.status, {
      ...answer.headers,
      'x-request-id': randomUUID(),
      ...(answer.status === 304 ? {} : { 'content-length': answer.body?.length ?? 0 }),
      ...(server.listening ? {} : { connection: 'close' }),
    });
    // Node leaves the body of an answer to HEAD out by itself.
    response.end(answer.body);
  });
}

async function serveOwn(
  { limit, answer }: OwnEndpoint,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, limit);
  if ('failed' in body) {
    if (body.failed === 'aborted') return;
    const refusal = refuse('BODY_TOO_LARGE', `The body is larger than ${limit} bytes.`);
    return send(response, toResult(own(respondRefused(refusal))), true);
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const answered = await answer(Object.fromEntries(headers), body.bytes.toString('utf8'));
  send(response, toResult(own(answered)), !server.listening);
}

/** What the gateway answers by itself has a request id like everything else, though no function ever saw it. */
function own({ status, headers, body }: ApiResponse): ApiResponse {
  return { status, headers: { ...headers, 'x-request-id': randomUUID() }, ...(body === undefined ? {} : { body }) };
}

function send(response: ServerResponse, result: APIGatewayProxyStructuredResultV2, last: boolean): void {
  const { statusCode = 200, headers = {}, body, cookies, isBase64Encoded } = result;
  const bytes = body === undefined ? undefined : Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  response.writeHead(statusCode, {
    ...(headers as Record<string, string>), // as: no header of ours is a number or a boolean
    ...(bytes === undefined ? {} : { 'content-length': bytes.length }),
    ...(cookies === undefined ? {} : { 'set-cookie': cookies }),
    ...(last ? { connection: 'close' } : {}),
  });
  response.end(bytes);
}

/** What Node's parser refuses, in our form: there is no request yet, so the answer is written by hand. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  // https://nodejs.org/api/http.html#event-clienterror: nobody may be there any more, or an answer is under way.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body = '' } = own(respondRefused(refusalOf(error)));
  const head = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' });
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n${body}`);
}

function refusalOf(error: NodeJS.ErrnoException): Refusal {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return refuse('HEADERS_TOO_LARGE', `The headers are larger than ${HEADER_LIMIT} bytes.`);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('REQUEST_TIMEOUT', `The request did not arrive within ${REQUEST_TIMEOUT / 1_000} seconds.`);
    default:
      return refuse('MALFORMED_REQUEST', `This is not HTTP/1.1: ${error.message}.`);
  }
}

/** Why nothing listens, and what to do. */
function unbound(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reason = error.code === 'EADDRINUSE' ? 'the port is in use' : error.message;
  return new Error(`cannot listen on ${host}:${port}: ${reason}; choose another port with --port (0: any free one)`, {
    cause: error,
  });
}

function close(server: Server, grace: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => server.closeAllConnections(), grace);
    // Closes the connections that are idle too, at once.
    server.close(error => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
