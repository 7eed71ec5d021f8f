import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Self-signed, for `localhost`, `secure.test` and `127.0.0.1`. Good for nothing but these tests. */
export const CERTIFICATE = readFileSync(new URL('../fixtures/actions/tls-cert.pem', import.meta.url), 'utf8');
const KEY = readFileSync(new URL('../fixtures/actions/tls-key.pem', import.meta.url), 'utf8');

export type Seen = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type StandIn = {
  readonly port: number;
  readonly origin: string;
  /** What arrived, oldest first. `connections` counts TCP connections, whether or not anything was said on them. */
  readonly log: { connections: number; bytes: number; readonly requests: Seen[] };
  /** Resolves when a connection was closed after this call. */
  nextClose(): Promise<void>;
  close(): Promise<void>;
};

export type StandInOptions = { readonly host?: string; readonly port?: number; readonly tls?: boolean };

/** A server on loopback that remembers all that reaches it; requests are logged once their body has arrived. */
export async function createStandIn(listener: RequestListener, options: StandInOptions = {}): Promise<StandIn> {
  const { host = '127.0.0.1', port = 0, tls = false } = options;
  const log: StandIn['log'] = { connections: 0, bytes: 0, requests: [] };
  const handle: RequestListener = async (request, response) => {
    const body = await text(request).catch(() => 'the body broke off');
    log.requests.push({ method: request.method, path: request.url, headers: request.headers, body });
    listener(request, response);
  };
  const server: Server = tls ? createHttpsServer({ key: KEY, cert: CERTIFICATE }, handle) : createHttpServer(handle);
  const closed = new Set<() => void>();
  server.on('connection', (socket: Socket) => {
    log.connections++;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      log.bytes += socket.bytesRead;
      for (const tell of closed) tell();
      closed.clear();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  // A TCP server that listens has an address with a port.
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${host}]` : host;
  return {
    port: address.port,
    origin: `${tls ? 'https' : 'http'}://${name}:${address.port}`,
    log,
    nextClose: () => new Promise(resolve => closed.add(resolve)),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
