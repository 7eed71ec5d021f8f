import { afterEach, expect, test } from 'vitest';
import { gitlabPipeline } from '../../src/actions/gitlab-pipeline.ts';
import { gitlabCases } from '../fixtures/actions/gitlab-pipeline.ts';
import { ACCESS_TOKEN, createGitlab, type Gitlab, type GitlabOptions, TRIGGER_TOKEN } from '../kit/stand-in-gitlab.ts';
import { createTicking, drive } from './drive.ts';

const open: Gitlab[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function world(options: Omit<GitlabOptions, 'now'> = {}) {
  const clock = createTicking();
  const gitlab = await createGitlab({ ...options, now: () => clock.now });
  open.push(gitlab);
  return { clock, gitlab, inputs: { project: 'acme/shop', token: ACCESS_TOKEN, api_url: gitlab.origin } };
}

test.each(gitlabCases)('$name', async row => {
  const { clock, gitlab, inputs } = await world(row.server);
  const driven = await drive(gitlabPipeline, { ...inputs, ...row.inputs }, clock, row.driving);
  const { answer, waits, lines, took } = driven;
  if (row.driving?.cutAfter === undefined) {
    expect(answer).toMatchObject(
      row.code === undefined ? { status: 'succeeded' } : { status: 'failed', code: row.code },
    );
    if (row.code !== undefined) expect(Object.keys(gitlabPipeline.errors)).toContain(row.code);
  }
  if (row.message !== undefined) expect(answer).toMatchObject({ message: expect.stringContaining(row.message) });
  if (row.outputs !== undefined) expect(answer).toMatchObject({ outputs: row.outputs });
  const own = gitlab.pipelines.filter(pipeline => pipeline.id >= 100);
  expect(own).toHaveLength(row.pipelines ?? 1);
  if (row.given !== undefined) expect(own[0]).toMatchObject(row.given);
  if (row.cancelled !== undefined) expect(gitlab.cancelled()).toEqual(row.cancelled);
  const [least, most] = row.seconds ?? [0, Infinity];
  expect(took / 1_000).toBeGreaterThanOrEqual(least);
  expect(took / 1_000).toBeLessThanOrEqual(most);
  const seen = JSON.stringify([waits, lines, answer, gitlab.requests.map(({ path }) => path)]);
  for (const secret of [ACCESS_TOKEN, TRIGGER_TOKEN]) expect(seen).not.toContain(secret);
});
