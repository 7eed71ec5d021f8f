import { Agent, request } from 'node:http';

export type Exchange = { readonly status: number; readonly body: string };

/** A keep-alive connection of its own per client, as closed-loop clients have. */
export type Client = {
  send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Exchange>;
  close(): void;
};

export function createClient(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    send: (method, path, headers, body) =>
      new Promise((resolve, reject) => {
        const sent = body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
        const outgoing = request({ host: '127.0.0.1', port, method, path, headers: sent, agent }, incoming => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}
