import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Recorder = { readonly url: string; readonly calls: ReadonlySet<string>; close(): Promise<void> };

/** Stands before an AWS endpoint that speaks JSON and keeps the names of the operations, as IAM says them. */
export async function recordCalls(endpoint: string, service: string): Promise<Recorder> {
  const calls = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    calls.add(`${service}:${operation}`);
    const { method, headers } = incoming;
    const onward = request(endpoint, { method, headers, agent: false }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', error => outgoing.destroy(error));
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // as: a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
