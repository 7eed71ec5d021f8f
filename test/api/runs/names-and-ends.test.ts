import { afterEach, beforeEach, expect, test } from 'vitest';
import { profileKey } from '../../../src/store/keys.ts';
import { deleteSubject, renameSubject } from '../../../src/store/subjects.ts';
import { idOf } from '../../kit/api-world.ts';
import { openWhole, type Whole } from '../../kit/whole-world.ts';

const PIPELINE = '/orgs/acme/apps/shop/pipelines/continues';

const fails = (more: string): string => `    steps:
      - uses: actions/humanitec/fail@v1
${more}        with: { message: no }
`;

const DEFINITION = `id: continues
name: Continues
on:
  pipeline_call:
jobs:
  may-fail:
    continue-on-error: true
${fails('')}  step-may-fail:
${fails('        continue-on-error: true\n')}  fails:
    needs: [may-fail, step-may-fail]
${fails('')}`;

let world: Whole;

beforeEach(async () => {
  world = await openWhole();
  const made = await world.client({
    method: 'POST',
    path: '/orgs/acme/apps/shop/pipelines',
    body: DEFINITION,
    headers: { 'content-type': 'application/x-yaml' },
  });
  expect(made.status, made.text).toBe(201);
});
afterEach(() => world.close());

async function start(): Promise<string> {
  const { json, status, text } = await world.client({
    method: 'POST',
    path: `${PIPELINE}/runs`,
    token: world.tokens.developer,
    body: { inputs: {} },
  });
  expect(status, text).toBe(201);
  await world.settle();
  return `${PIPELINE}/runs/${json.id}`;
}

test('jobs and steps that failed under continue-on-error are marked, the others are not', async () => {
  const run = await start();
  const jobs = await world.client({ path: `${run}/jobs` });
  const marks = jobs.json.map(({ id, status, continued }: Record<string, unknown>) => [id, status, continued]);
  expect(marks).toEqual([
    ['may-fail', 'failed', true],
    ['step-may-fail', 'succeeded', undefined],
    ['fails', 'failed', undefined],
  ]);
  const one = async (job: string) => (await world.client({ path: `${run}/jobs/${job}` })).json;
  expect(await one('may-fail')).toMatchObject({ continued: true, steps: [{ status: 'failed' }] });
  expect((await one('may-fail')).steps[0].continued).toBeUndefined();
  expect((await one('step-may-fail')).steps).toMatchObject([{ status: 'failed', continued: true }]);
});

test('whoever may see a run sees the name of who started it, and the etag is that of the run', async () => {
  const run = await start();
  const token = world.tokens.viewer;
  const read = await world.client({ path: run, token });
  expect(read.json.people).toEqual({ [idOf('developer')]: 'developer' });
  for (const path of [`${PIPELINE}/runs`, '/orgs/acme/pipeline-runs']) {
    const { json } = await world.client({ path, token });
    expect(json).toEqual([read.json]);
  }
  await renameSubject(world.table, idOf('developer'), 'Dora');
  const again = await world.client({ path: run, token });
  expect(again.json.people).toEqual({ [idOf('developer')]: 'Dora' });
  expect(again.json.etag).toBe(read.json.etag);
  await deleteSubject(world.table, idOf('developer'));
  expect((await world.client({ path: run, token })).json.people).toEqual({});
});

test('a list reads each name once, however many runs it shows', async () => {
  for (let count = 0; count < 5; count += 1) await start();
  const read = world.table.getMany;
  const asked: string[] = [];
  world.table.getMany = (keys, options) => {
    asked.push(...keys.map(({ pk }) => String(pk)));
    return read.call(world.table, keys, options);
  };
  const { json } = await world.client({ path: `${PIPELINE}/runs`, token: world.tokens.viewer });
  world.table.getMany = read;
  expect(json).toHaveLength(5);
  expect(asked.filter(key => key.includes(idOf('developer')))).toHaveLength(1);
});

test('whose name cannot be read takes no run away', async () => {
  const run = await start();
  await world.table.write({ update: profileKey(idOf('developer')), set: { name: 7 } });
  const token = world.tokens.viewer;
  expect(await world.client({ path: run, token })).toMatchObject({ status: 200, json: { people: {} } });
  const listed = await world.client({ path: `${PIPELINE}/runs`, token });
  expect(listed).toMatchObject({ status: 200, json: [{ people: {} }] });
});
