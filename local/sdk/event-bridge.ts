import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createBus } from '../../src/aws/bus.ts';
import type { Meter } from '../../src/aws/meter.ts';
import type { Bus } from '../../src/ports/bus.ts';
import { readBody } from '../gateway/read-body.ts';
import { answerPutEvents, PUT_EVENTS_LIMIT } from '../put-events.ts';

export type EventBridgeEndpoint = {
  /** Puts events through the AWS SDK onto the bus behind the endpoint. */
  readonly bus: Bus;
  readonly url: string;
  close(): Promise<void>;
};

/** EventBridge on a free loopback port, counted by the meter: PutEvents of its JSON 1.1 protocol over a bus. Signatures are not looked at. */
export async function serveEventBridge(behind: Bus, meter?: Meter): Promise<EventBridgeEndpoint> {
  const server = createServer((request, response) => {
    serve(behind, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the EventBridge endpoint has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const client = new EventBridgeClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const bus = createBus({ client, busName: 'pipecall' });
  return {
    bus: meter === undefined ? bus : counted(bus, meter),
    url,
    close: () =>
      new Promise(resolve => {
        client.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An event is charged for when the bus takes it. */
const counted = (bus: Bus, meter: Meter): Bus => ({
  async put(events) {
    const results = await bus.put(events);
    meter.event(results.filter(result => 'id' in result).length);
    return results;
  },
});

async function serve(behind: Bus, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const read = await readBody(request, PUT_EVENTS_LIMIT);
  if ('failed' in read) {
    response.destroy();
    return;
  }
  const target = request.headers['x-amz-target'];
  const text = read.bytes.toString('utf8');
  const { status, body } = await answerPutEvents(behind, typeof target === 'string' ? target : undefined, text, {
    own: true,
  });
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
