import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { pipecallClient } from '../kit/pipecall-client.ts';

/** One at a time, in a step of its own and in one that parks the run. */
const definition = (id: string, seconds: number) => `
id: ${id}
name: Queue
on: { pipeline_call: }
concurrency: { group: one-at-a-time }
jobs:
  only: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: ${seconds} } }] }
`;

type Timed = {
  readonly id: string;
  readonly status: string;
  readonly executing_at: string;
  readonly completed_at: string;
  readonly waiting_for: Readonly<Record<string, string>>;
};

let data: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  data = await temporaryFolder();
});

afterAll(() => data.remove());

it('runs of a group go one after the other, through a cancellation and the death of the server', async () => {
  let server = await startLocalServer({ data: data.path });
  let api = pipecallClient(server.url, ADMIN_TOKEN);
  try {
    expect((await api.upload(definition('quick', 0.05))).status).toBe(201);
    expect((await api.upload(definition('long', 3_600))).status).toBe(201);
    const idOf = (answer: { readonly body: unknown }): string => (answer.body as { id: string }).id; // as: of the API
    const parked = idOf(await api.start('long', {}));
    const quick = await Promise.all(Array.from({ length: 12 }, () => api.start('quick', {})));
    expect(quick.map(({ status }) => status)).toEqual(quick.map(() => 201));
    const list = async (): Promise<readonly Timed[]> => {
      const { body } = await api.send('GET', `${api.app}/pipelines/quick/runs`);
      return body as readonly Timed[]; // as: of the API
    };
    const line = (await list()).map(run => run.waiting_for.run).reverse();
    expect(line).toEqual(line.map((_, index) => `concurrency(one-at-a-time, position ${index + 1})`));

    await server.stop('SIGKILL');
    server = await startLocalServer({ data: data.path });
    api = pipecallClient(server.url, ADMIN_TOKEN);
    expect((await list()).map(run => run.status)).toEqual(quick.map(() => 'queued'));
    expect((await api.send('POST', `${api.app}/pipelines/long/runs/${parked}/cancel`)).status).toBe(204);
    await expect
      .poll(async () => (await list()).filter(run => run.status !== 'succeeded'), { timeout: 20_000, interval: 200 })
      .toEqual([]);

    const runs = (await list()).toReversed();
    for (const [index, run] of runs.entries()) {
      const before = runs[index - 1];
      if (before !== undefined) expect(run.executing_at >= before.completed_at).toBe(true);
    }
    const { body } = await api.send('GET', `${api.app}/pipelines/long/runs/${parked}`);
    expect(body).toMatchObject({ status: 'cancelled', status_message: 'Cancelled on request.' });
  } finally {
    await server.stop('SIGKILL');
  }
});
