import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../fixtures/examples.ts';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient, type RunView } from '../kit/pipecall-client.ts';
import { type StandIn, startStandIn } from '../kit/stand-in-http.ts';

const folder = new URL('../../examples/', import.meta.url);

/** `open` ends when somebody decides, which nobody does. */
const UNRELATED = `
id: unrelated
name: Unrelated
on: { pipeline_call: {} }
jobs:
  short: { steps: [{ uses: actions/humanitec/log@v1, with: { message: short } }] }
  after: { needs: short, steps: [{ uses: actions/humanitec/log@v1, with: { message: after } }] }
  open: { steps: [{ uses: actions/humanitec/approve@v1, with: { env_id: development, message: "Go on?" } }] }
`;

const SERVICES = {
  services: [
    { name: 'web', healthy: true },
    { name: 'billing', healthy: false },
  ],
};

it('every example has a case', async () => {
  const files = (await readdir(folder)).filter(name => name.endsWith('.yaml'));
  expect(files.sort()).toEqual([...new Set(EXAMPLES.map(example => `${example.file}.yaml`))].sort());
  expect(files.length).toBeGreaterThanOrEqual(6);
});

describe.each([
  { mode: 'embedded', args: [] },
  { mode: 'sdk', args: ['--sdk'] },
])('examples over HTTP, $mode', ({ args }) => {
  let data: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: LocalServer;
  let standIn: StandIn;
  let client: PipecallClient;

  beforeAll(async () => {
    data = await temporaryFolder();
    server = await startLocalServer({ data: data.path, args });
    standIn = await startStandIn({
      'GET /services': { status: 200, json: SERVICES },
      'POST /reports': { status: 201, json: { receipt: 'r-1' } },
      'GET /broken': { status: 503, json: { error: 'maintenance' } },
    });
    client = pipecallClient(server.url, ADMIN_TOKEN);
    for (const file of new Set(EXAMPLES.map(example => example.file))) {
      const { status } = await client.upload(await readFile(new URL(`${file}.yaml`, folder), 'utf8'));
      // The seeded example is there already.
      expect(status, file).toBe(file === 'hello' ? 409 : 201);
    }
  });

  afterAll(async () => {
    await server.stop('SIGTERM');
    await standIn.close();
    await data.remove();
  });

  it.each(EXAMPLES)('$file: $title', async example => {
    const filled = JSON.parse(JSON.stringify(example).replaceAll('STAND_IN', standIn.url)) as typeof example; // as: only texts changed
    const started = await client.start(filled.file, filled.inputs);
    expect(started.status).toBe(201);
    const { id } = started.body as RunView;
    const run = await client.untilOver(filled.file, id);
    expect(run).toMatchObject({
      status: filled.status,
      status_message: filled.message,
      inputs: filled.resolved ?? filled.inputs,
      waiting_for: {},
    });
    expect(run.outputs).toEqual(filled.outputs);
    const jobs = await client.jobs(filled.file, id);
    expect(jobs.map(job => job.id)).toEqual(Object.keys(filled.jobs));
    for (const [name, expected] of Object.entries(filled.jobs)) {
      const job = await client.job(filled.file, id, name);
      expect(job, name).toMatchObject({ status: expected.status, status_message: expected.message ?? 'Succeeded.' });
      expect(job.outputs ?? {}, name).toEqual(expected.outputs ?? {});
      expect(
        job.steps.map(step => ({ name: step.name, status: step.status, message: step.status_message })),
        name,
      ).toEqual(
        expected.steps.map(step => ({ name: step.name, status: step.status, message: step.message ?? 'Succeeded.' })),
      );
      for (const [index, step] of expected.steps.entries()) {
        const lines = await client.logs(filled.file, id, name, index);
        expect(
          lines.map(line => line.message.replace(/after \d+ ms/, 'after N ms')),
          `${name} step ${index}`,
        ).toEqual(step.log);
      }
    }
  });

  it('starts a dependant while an unrelated job has not ended', async () => {
    expect((await client.upload(UNRELATED)).status).toBe(201);
    const { body } = await client.start('unrelated', {});
    const { id } = body as RunView; // as: what the API answers is judged against its schema elsewhere
    await expect.poll(async () => (await client.job('unrelated', id, 'after')).status).toBe('succeeded');
    expect((await client.job('unrelated', id, 'open')).status).toBe('executing');
    const { completed_at: end = '~' } = await client.job('unrelated', id, 'short');
    // RFC 3339 in UTC sorts as text.
    expect((await client.job('unrelated', id, 'after')).created_at >= end).toBe(true);
    expect((await client.send('POST', `${client.app}/pipelines/unrelated/runs/${id}/cancel`)).status).toBe(204);
  });
});
