import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient } from '../kit/pipecall-client.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: LocalServer;
let client: PipecallClient;

beforeEach(async () => {
  folder = await temporaryFolder();
  server = await startLocalServer({ data: folder.path });
  client = pipecallClient(server.url, ADMIN_TOKEN);
});
afterEach(async () => {
  await server.stop('SIGKILL');
  await folder.remove();
});

/** A run of so many seconds; its start is answered when it is over. Resolves when the run is there. */
async function wait(seconds: number): Promise<{ readonly answered: Promise<unknown> }> {
  await client.upload(`id: rest
name: Rest
on: { pipeline_call: {} }
jobs:
  rest:
    steps:
      - { uses: actions/humanitec/sleep@v1, with: { seconds: ${seconds} } }
`);
  const answered = client.start('rest', {}, 20).then(
    ({ body }) => body,
    () => 'cut off',
  );
  for (;;) {
    const { body } = await client.send('GET', `${client.app}/pipelines/rest/runs`);
    if (Array.isArray(body) && body.length > 0) return { answered };
  }
}

async function untilItListensNoMore(): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    try {
      await once(socket, 'connect');
    } catch {
      return;
    } finally {
      socket.destroy();
    }
  }
}

it('an answer that is held back is given before the end', async () => {
  const { answered } = await wait(2);
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(await answered).toMatchObject({ status: 'succeeded' });
});

it('an answer that is held back for too long is cut off, and the end is no failure', async () => {
  const { answered } = await wait(60);
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(await answered).toBe('cut off');
});

it('the second signal ends it at once', async () => {
  const { answered } = await wait(60);
  process.kill(server.pid, 'SIGTERM');
  await untilItListensNoMore();
  expect(await server.stop('SIGTERM')).toBe(143);
  expect(await answered).toBe('cut off');
});
