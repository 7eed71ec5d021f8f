import { expect, it } from 'vitest';
import { ADMIN_TOKEN, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type Answer, pipecallClient } from '../kit/pipecall-client.ts';

const RUNS = 1_000;
const BATCH = 50;
const TEXT = `id: queued
name: Queued
on: { pipeline_call: { inputs: { n: { type: integer }, hold: { type: boolean, default: false } } } }
concurrency: { group: one-at-a-time }
jobs:
  work: { steps: [{ if: inputs.hold, uses: actions/humanitec/sleep@v1, with: { seconds: 3000 } }, { uses: actions/humanitec/log@v1, with: { message: "run \${{ inputs.n }}" } }] }
`;

type Listed = {
  readonly id: string;
  readonly status: string;
  readonly executing_at?: string;
  readonly completed_at?: string;
};

function idOf({ status, body }: Answer): string {
  expect(status).toBe(201);
  return (body as { readonly id: string }).id; // as: judged against its schema elsewhere
}

it('a thousand queued runs of one group run one after another in order, though the server is killed on the way', async () => {
  const folder = await temporaryFolder();
  let server = await startLocalServer({ data: folder.path });
  try {
    let client = pipecallClient(server.url, ADMIN_TOKEN);
    expect((await client.upload(TEXT)).status).toBe(201);
    const holder = idOf(await client.start('queued', { n: -1, hold: true }));
    const started: string[] = [];
    for (let first = 0; first < RUNS; first += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, place) => client.start('queued', { n: first + place }));
      started.push(...(await Promise.all(batch)).map(idOf));
    }
    // Ids are ordered by time.
    const line = started.toSorted();
    const [middle = '', last = ''] = [line[RUNS / 2], line.at(-1)];
    expect((await client.run('queued', last)).waiting_for).toEqual({
      run: 'concurrency(one-at-a-time, position 100+)',
    });
    await client.send('POST', `${client.app}/pipelines/queued/runs/${holder}/cancel`);
    await client.untilOver('queued', middle);
    await server.stop('SIGKILL');
    server = await startLocalServer({ data: folder.path });
    client = pipecallClient(server.url, ADMIN_TOKEN);
    expect(await client.untilOver('queued', last)).toMatchObject({ status: 'succeeded' });

    const runs: Listed[] = [];
    for (let url: string | undefined = `${client.app}/pipelines/queued/runs?per_page=100`; url !== undefined; ) {
      const { body, headers } = await client.send('GET', url);
      // as: judged against its schema elsewhere
      runs.push(...(body as readonly Listed[]).filter(run => run.id !== holder));
      const next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
      url = next === undefined ? undefined : new URL(next, server.url).href;
    }
    expect(runs.length).toBe(RUNS);
    expect(runs.filter(run => run.status !== 'succeeded')).toEqual([]);
    const begun = (run: Listed): number => Date.parse(run.executing_at ?? '');
    const inOrder = runs.toSorted((a, b) => begun(a) - begun(b) || (a.id < b.id ? -1 : 1));
    const pairs = inOrder.slice(1).map((run, place) => ({ run, before: inOrder[place] }));
    const together = pairs.filter(
      ({ run, before }) => before !== undefined && begun(run) < Date.parse(before.completed_at ?? ''),
    );
    expect(together).toEqual([]);
    // Those that were started at the same time have no order among them.
    const batchOf = new Map(started.map((id, place) => [id, Math.floor(place / BATCH)]));
    const batches = inOrder.map(run => batchOf.get(run.id) ?? -1);
    expect(batches).toEqual(batches.toSorted((a, b) => a - b));
  } finally {
    await server.stop('SIGKILL');
    await folder.remove();
  }
});
