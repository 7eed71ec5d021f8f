import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dyingAfter, orDies } from '../kit/dying-table.ts';
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

const define = (action: string, inputs: object) => `
name: Test
on: { pipeline_call: {} }
jobs:
  a:
    outputs: { url: '\${{ steps.it.outputs.url }}' }
    steps:
      - { id: it, uses: 'actions/humanitec/${action}@v1', with: ${JSON.stringify(inputs)} }
`;

const workflow = ({ origin }: Github) =>
  define('github-workflow', { repo: 'acme/shop', workflow: 'deploy.yml', access_token: TOKEN, api_url: origin });

const pipeline = ({ origin }: Gitlab) =>
  define('gitlab-pipeline', { project: 'acme/shop', token: ACCESS_TOKEN, api_url: origin });

// What else comes of them in a run: test/e2e/actions-providers.test.ts.
describe.each([
  ['github-workflow', TOKEN],
  ['gitlab-pipeline', ACCESS_TOKEN],
] as const)('%s in a run', (action, token) => {
  type World = { readonly text: string; readonly started: () => number };

  async function world(options: { readonly takes?: number; readonly listedAfter?: number } = {}): Promise<World> {
    if (action === 'github-workflow') {
      const server = await github(options);
      return { text: workflow(server), started: () => server.runs.length };
    }
    const server = await gitlab(options);
    return { text: pipeline(server), started: () => server.pipelines.length };
  }

  test('it is started, parked, followed; the URL is told once, the token nowhere', async () => {
    const { text, started } = await world({ takes: 600_000 });
    const path = await engine.start(text);
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

  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'a worker that dies after %i writes is succeeded by one that starts no other',
    async writes => {
      const { text, started } = await world({ listedAfter: 20_000 });
      const path = await engine.start(text);
      await orDies(engine.turn(path, { table: dyingAfter(engine.table, writes) }));
      await engine.finish(path);
      expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
      expect(started()).toBe(1);
    },
  );
});
