import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { namesEtag } from '../../src/api/render/entity.ts';
import { openWorld, smallPipeline, type World } from '../kit/api-world.ts';

const PIPELINE = '/orgs/acme/apps/shop/pipelines/deploy';
const YAML = { 'content-type': 'text/yaml' };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

test.each([
  ['abc', true],
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", "abc"', true],
  ['x,abc', true],
  ['*', true],
  ['"*"', true],
  ['', false],
  ['ab', false],
  ['abcd', false],
  ['"x"', false],
])('%j names the etag abc: %s', (header, names) => {
  expect(namesEtag(header, 'abc')).toBe(names);
});

describe('the etag of a pipeline', () => {
  test('is 16 hex characters, in the body and unquoted in the header', async () => {
    const { json, headers } = await world.client({ path: PIPELINE });
    expect(json.etag).toMatch(/^[0-9a-f]{16}$/);
    expect(headers.etag).toBe(json.etag);
  });

  test('is the same in lists and changes with the pipeline only', async () => {
    const before = (await world.client({ path: PIPELINE })).json.etag;
    expect((await world.client({ path: '/orgs/acme/pipelines' })).json[0].etag).toBe(before);
    const updated = await world.client({ method: 'PATCH', path: PIPELINE, headers: YAML, body: smallPipeline() });
    expect(updated.json.etag).not.toBe(before);
    expect((await world.client({ path: PIPELINE })).json.etag).toBe(updated.json.etag);
  });

  test.each([(etag: string) => etag, (etag: string) => `"${etag}"`])('allows one change', async quote => {
    const { etag } = (await world.client({ path: PIPELINE })).json;
    const call = { path: PIPELINE, headers: { ...YAML, 'if-match': quote(etag) } };
    const first = await world.client({ ...call, method: 'PATCH', body: smallPipeline() });
    expect(first.status).toBe(200);
    expect((await world.client({ ...call, method: 'PATCH', body: smallPipeline('deploy') })).status).toBe(412);
    expect((await world.client({ ...call, method: 'DELETE' })).status).toBe(412);
    const remove = { method: 'DELETE', path: PIPELINE, headers: { 'if-match': quote(first.json.etag) } };
    expect((await world.client(remove)).status).toBe(204);
  });
});

describe('the etag of a run', () => {
  test('answers 304 until the run changes', async () => {
    const run = await world.addRun();
    const path = `${PIPELINE}/runs/${run.run}`;
    const { etag } = (await world.client({ path })).json;
    const again = await world.client({ path, headers: { 'if-none-match': `"${etag}"` } });
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
    await world.endRun(run);
    const changed = await world.client({ path, headers: { 'if-none-match': etag } });
    expect(changed).toMatchObject({ status: 200, json: { status: 'succeeded' } });
    expect(changed.json.etag).not.toBe(etag);
    expect((await world.client({ path: `${PIPELINE}/runs` })).json[0].etag).toBe(changed.json.etag);
  });

  test('covers the inputs', async () => {
    const made = { run: '01900000-0000-7000-8000-000000000001', version: 'x' };
    const one = await world.addRun({ ...made, inputs: { a: 1 } });
    const two = await world.addRun({ ...made, pipeline: 'other', inputs: { a: 2 } });
    const etags = (await world.client({ path: '/orgs/acme/pipeline-runs' })).json.map(
      (run: { etag: string }) => run.etag,
    );
    expect(one.run).toBe(two.run);
    expect(new Set(etags).size).toBe(2);
  });
});
