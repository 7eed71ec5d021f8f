import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a function does with an event: its answer, or what it throws. */
export type LambdaFunction = (event: unknown) => unknown;

export type StandInLambda = {
  readonly url: string;
  /** Events that were accepted, in order. */
  readonly calls: readonly { readonly name: string; readonly type: string; readonly event: unknown }[];
  /** Answers the next calls with this status instead, as Lambda does. */
  trouble(status: number, type: string, times?: number): void;
  close(): Promise<void>;
};

/** A function that ends as Lambda says it: `Sandbox.Timedout`, `Runtime.ExitError`. */
export class Ended extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * Invoke of AWS Lambda on a free loopback port, over its REST protocol. Signatures are not looked at.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function startLambda(functions: Readonly<Record<string, LambdaFunction>>): Promise<StandInLambda> {
  const calls: { name: string; type: string; event: unknown }[] = [];
  const troubles: { readonly status: number; readonly type: string }[] = [];
  const refuse = (response: ServerResponse, status: number, type: string, message: string): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
    response.end(JSON.stringify({ Type: 'User', Message: message }));
  };
  const server = createServer((request, response) => {
    void text(request).then(async body => {
      const trouble = troubles.shift();
      if (trouble !== undefined) return refuse(response, trouble.status, trouble.type, 'as the test wants it');
      const arn = decodeURIComponent(PATH.exec(request.url ?? '')?.[1] ?? '');
      const [name = ''] = arn.split(':').slice(6);
      const work = functions[name];
      if (work === undefined) return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${arn}`);
      const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
      const event: unknown = JSON.parse(body);
      calls.push({ name, type, event });
      if (type === 'Event') {
        response.writeHead(202).end();
        // Nobody hears what becomes of it.
        void Promise.resolve()
          .then(() => work(event))
          .catch(() => undefined);
        return;
      }
      try {
        const answer = await work(event);
        response.writeHead(200, { 'x-amz-executed-version': '$LATEST' }).end(JSON.stringify(answer ?? null));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const errorType = error instanceof Ended ? error.type : 'Error';
        response.writeHead(200, { 'x-amz-function-error': 'Unhandled' });
        response.end(JSON.stringify({ errorType, errorMessage: message, trace: [] }));
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    trouble(status, type, times = 1) {
      for (let time = 0; time < times; time += 1) troubles.push({ status, type });
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
