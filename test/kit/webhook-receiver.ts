import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, vi } from 'vitest';

export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** A status; `hang`: nothing comes; `close`: the connection ends in the middle of the answer. Or what writes it. */
export type Reaction = number | 'hang' | 'close' | ((response: ServerResponse) => void);

export type Receiver = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Connections so far, whatever came over them. */
  connections(): number;
  /** Requests without an answer, when there were most of them. */
  mostAtOnce(): number;
  /** From now on; one for each request, the last one for all that follow. */
  react(...reactions: readonly Reaction[]): void;
  close(): Promise<void>;
};

/** Somebody on loopback who is told of events. */
export async function startReceiver(...first: readonly Reaction[]): Promise<Receiver> {
  const received: Received[] = [];
  let reactions = [...(first.length === 0 ? [204] : first)];
  let connections = 0;
  let open = 0;
  let mostAtOnce = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    open += 1;
    mostAtOnce = Math.max(mostAtOnce, open);
    response.once('close', () => {
      open -= 1;
    });
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, headers, body: Buffer.concat(chunks).toString('utf8') });
      const reaction = (reactions.length > 1 ? reactions.shift() : reactions[0]) ?? 204;
      if (typeof reaction === 'number') response.writeHead(reaction).end();
      else if (typeof reaction === 'function') reaction(response);
      else if (reaction === 'close') {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half of it', () => request.socket.destroy());
      }
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: a TCP server has one
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    connections: () => connections,
    mostAtOnce: () => mostAtOnce,
    react: (...next) => {
      reactions = [...next];
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The event, if a receiver with this secret takes it at this time (default: now). It throws otherwise. */
export function verified(secret: string, { body, headers }: Received, at?: number): unknown {
  const verify = () => new Webhook(secret).verify(body, headers as Record<string, string>); // as: none of these comes twice
  if (at === undefined) return verify();
  // The library asks the platform for the time.
  vi.useFakeTimers({ toFake: ['Date'], now: at });
  try {
    return verify();
  } finally {
    vi.useRealTimers();
  }
}

export function expectRefused(secret: string, received: Received, at?: number): void {
  expect(() => verified(secret, received, at)).toThrow('No matching signature found');
}
