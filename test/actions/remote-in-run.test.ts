import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunPath } from '../../src/store/keys.ts';
import { visible } from '../kit/engine.ts';
import { openProviderEngine, type ProviderEngine } from '../kit/provider-engine.ts';
import { createGithub, type Github, type GithubOptions, TOKEN } from '../kit/stand-in-github.ts';
import { ACCESS_TOKEN, createGitlab, type Gitlab, type GitlabOptions } from '../kit/stand-in-gitlab.ts';

let engine: ProviderEngine;
let open: { close(): unknown }[] = [];

beforeEach(() => {
  engine = openProviderEngine();
  open = [engine];
});
afterEach(async () => {
  for (const thing of open) await thing.close();
});

async function github(options: Omit<GithubOptions, 'now'> = {}): Promise<Github> {
  const server = await createGithub({ ...options, now: () => engine.clock.now() });
  open.push(server);
  return server;
}

async function gitlab(options: Omit<GitlabOptions, 'now'> = {}): Promise<Gitlab> {
  const server = await createGitlab({ ...options, now: () => engine.clock.now() });
  open.push(server);
  return server;
}

const define = (action: string, inputs: object, more = '') => `
name: Test
on: { pipeline_call: {} }
jobs:
  a:
    outputs: { url: '\${{ steps.it.outputs.url }}' }
    steps:
      - { id: it, uses: 'actions/humanitec/${action}@v1', with: ${JSON.stringify(inputs)} ${more} }
`;

const workflow = ({ origin }: Github, more?: string) =>
  define('github-workflow', { repo: 'acme/shop', workflow: 'deploy.yml', access_token: TOKEN, api_url: origin }, more);

const pipeline = ({ origin }: Gitlab, more?: string) =>
  define('gitlab-pipeline', { project: 'acme/shop', token: ACCESS_TOKEN, api_url: origin }, more);

async function stepOf(path: RunPath) {
  const [job] = [...(await engine.jobs(path)).values()];
  return job?.steps[0];
}

describe.each([
  ['github-workflow', TOKEN, 'WORKFLOW_FAILED', '/dispatches'],
  ['gitlab-pipeline', ACCESS_TOKEN, 'PIPELINE_FAILED', '/pipeline'],
] as const)('%s in a run', (action, token, failure, start) => {
  type World = {
    readonly text: (more?: string) => string;
    readonly started: () => number;
    readonly cancelled: () => number;
  };

  async function world(
    options: { readonly takes?: number; readonly fails?: boolean; readonly listedAfter?: number } = {},
  ): Promise<World> {
    const { fails = false, ...rest } = options;
    if (action === 'github-workflow') {
      const server = await github({ ...rest, ...(fails ? { conclusion: 'failure' } : {}) });
      return {
        text: more => workflow(server, more),
        started: () => server.runs.length,
        cancelled: () => server.cancelled().length,
      };
    }
    const server = await gitlab({ ...rest, ...(fails ? { ends: 'failed' } : {}) });
    return {
      text: more => pipeline(server, more),
      started: () => server.pipelines.length,
      cancelled: () => server.cancelled().length,
    };
  }

  test('it is started, parked, followed; the URL is told once, the token nowhere', async () => {
    const { text, started } = await world({ takes: 600_000 });
    const path = await engine.start(text());
    const waits: unknown[] = [];
    await engine.finish(path, async () => void waits.push((await engine.run(path)).waitingFor));
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
    expect(waits.length).toBeGreaterThan(3);
    expect(JSON.stringify(waits.at(-1))).toMatch(new RegExp(`${action}\\(.*#\\d+`));
    expect((await engine.log(path, 0)).filter(line => line.includes('http://'))).toHaveLength(1);
    expect(JSON.stringify(await visible(engine, path))).not.toContain(token);
    expect(started()).toBe(1);
    expect(engine.reports).toEqual([]);
  });

  test('it fails with its code', async () => {
    const { text } = await world({ fails: true });
    const path = await engine.start(text());
    await engine.finish(path);
    expect(await stepOf(path)).toMatchObject({ status: 'failed', message: expect.stringContaining(failure) });
  });

  test('its time is over: it is ended at the provider too', async () => {
    const { text, cancelled } = await world({ takes: 86_400_000 });
    const path = await engine.start(text(', timeout-minutes: 3'));
    await engine.finish(path);
    expect(await stepOf(path)).toMatchObject({ status: 'failed', message: expect.stringContaining('TIMEOUT') });
    expect(cancelled()).toBe(1);
  });

  test('cancelled while it is parked, it is ended at the provider too', async () => {
    const { text, cancelled } = await world({ takes: 86_400_000 });
    const path = await engine.start(text());
    await engine.finish(path, async turn => {
      if (turn === 2) await engine.cancel(path);
    });
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
    expect(cancelled()).toBe(1);
  });

  test('cancelled while the start is in flight: its late answer says what to end', async () => {
    // It cannot be found by looking for it.
    const { text, started, cancelled } = await world({ takes: 86_400_000, listedAfter: 86_400_000 });
    const path = await engine.start(text());
    engine.onAnswer = async url => {
      if (!url.endsWith(start)) return;
      await engine.cancel(path);
      await engine.clock.sleep(4_000);
    };
    await engine.finish(path);
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
    expect([started(), cancelled()]).toEqual([1, 1]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'a worker that dies after %i writes is succeeded by one that starts no other',
    async writes => {
      const { text, started } = await world({ listedAfter: 20_000 });
      const path = await engine.start(text());
      let left = writes;
      const { table } = engine;
      const alive = () => left-- > 0;
      const dying = {
        ...table,
        write: (write: Parameters<typeof table.write>[0]) => (alive() ? table.write(write) : gone()),
        writeInOrder: (groups: Parameters<typeof table.writeInOrder>[0]) =>
          alive() ? table.writeInOrder(groups) : gone(),
      };
      await engine
        .settled(engine.invoke(path, { table: dying }))
        .catch(error => expect(String(error)).toContain('the power is out'));
      await engine.finish(path);
      expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
      expect(started()).toBe(1);
    },
  );

  test('a worker that dies right after the start is succeeded by one that finds it', async () => {
    const { text, started } = await world({ listedAfter: 20_000 });
    const path = await engine.start(text());
    let dead = false;
    engine.onAnswer = url => {
      dead ||= url.endsWith(start);
    };
    const { table } = engine;
    const dying = {
      ...table,
      write: (write: Parameters<typeof table.write>[0]) => (dead ? gone() : table.write(write)),
      writeInOrder: (groups: Parameters<typeof table.writeInOrder>[0]) => (dead ? gone() : table.writeInOrder(groups)),
    };
    await expect(engine.settled(engine.invoke(path, { table: dying }))).rejects.toThrow('the power is out');
    expect(started()).toBe(1);
    engine.onAnswer = () => undefined;
    await engine.finish(path);
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
    expect(started()).toBe(1);
  });
});

const gone = (): Promise<never> => Promise.reject(new Error('the power is out'));
