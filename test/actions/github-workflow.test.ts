import { afterEach, expect, test } from 'vitest';
import { githubWorkflow } from '../../src/actions/github-workflow.ts';
import { githubCases } from '../fixtures/actions/github-workflow.ts';
import { createGithub, type Github, type GithubOptions, TOKEN } from '../kit/stand-in-github.ts';
import { createTicking, drive } from './drive.ts';

const open: Github[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function world(options: Omit<GithubOptions, 'now'> = {}) {
  const clock = createTicking();
  const github = await createGithub({ ...options, now: () => clock.now });
  open.push(github);
  const inputs = { repo: 'acme/shop', workflow: 'deploy.yml', access_token: TOKEN, api_url: `${github.origin}/` };
  return { clock, github, inputs };
}

test.each(githubCases)('$name', async row => {
  const { clock, github, inputs } = await world(row.server);
  const driven = await drive(githubWorkflow, { ...inputs, ...row.inputs }, clock, row.driving);
  const { answer, waits, lines, took } = driven;
  if (row.driving?.cutAfter === undefined) {
    expect(answer).toMatchObject(
      row.code === undefined ? { status: 'succeeded' } : { status: 'failed', code: row.code },
    );
    if (row.code !== undefined) expect(Object.keys(githubWorkflow.errors)).toContain(row.code);
  }
  if (row.message !== undefined) expect(answer).toMatchObject({ message: expect.stringContaining(row.message) });
  if (row.outputs !== undefined) expect(answer).toMatchObject({ outputs: row.outputs });
  const own = github.runs.filter(run => run.id >= 1_000);
  expect(own).toHaveLength(row.runs ?? 1);
  if (row.cancelled !== undefined) expect(github.cancelled()).toEqual(row.cancelled);
  const [least, most] = row.seconds ?? [0, Infinity];
  expect(took / 1_000).toBeGreaterThanOrEqual(least);
  expect(took / 1_000).toBeLessThanOrEqual(most);
  // The URL is told once by each worker that learns it; the token to nobody but the server.
  if (row.driving?.lost === undefined && own.length === 1 && answer.status === 'succeeded') {
    expect(lines.filter(line => line.startsWith('info: The workflow run: http'))).toHaveLength(1);
  }
  expect(JSON.stringify([waits, lines, answer])).not.toContain(TOKEN);
  expect(github.requests.map(({ path }) => path).join()).not.toContain(TOKEN);
});
