import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type StandInAnswer = { readonly status: number } & (
  | { readonly json: unknown }
  | { readonly text: string; readonly type: string }
);

export type StandIn = { readonly url: string; readonly seen: readonly Seen[]; close(): Promise<void> };

/** A loopback server that keeps what it was asked and answers by table: `GET /services` -> status and JSON. */
export async function startStandIn(answers: Readonly<Record<string, StandInAnswer>>): Promise<StandIn> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = answers[`${method} ${url}`];
      const written = answer !== undefined && 'text' in answer;
      response.writeHead(answer?.status ?? 404, { 'content-type': written ? answer.type : 'application/json' });
      response.end(written ? answer.text : JSON.stringify(answer?.json ?? { error: 'unknown' }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
