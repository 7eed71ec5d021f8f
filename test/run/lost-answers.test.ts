import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import type { Table } from '../../src/ports/table.ts';
import {
  deletePipeline,
  getPipeline,
  type PipelineRecord,
  putNewPipeline,
  replacePipeline,
} from '../../src/store/pipelines.ts';
import { claimRun } from '../../src/store/run-writes.ts';
import { createRun, getRun } from '../../src/store/runs.ts';
import { createEngine, type Engine } from '../kit/engine.ts';

/**
 * The SDK sends a request again when its answer was lost on the way: the write then meets what it wrote itself. Here every
 * write does.
 */
const twice = (table: Table): Table => ({
  ...table,
  async write(write) {
    await table.write(write);
    return table.write(write);
  },
  async writeInOrder(groups) {
    const answers = [];
    for (const write of groups.flat()) {
      await table.write(write);
      const answer = await table.write(write);
      answers.push(answer);
      if (!answer.done) break;
    }
    return answers;
  },
});

let table: LocalTable;
let engine: Engine;

beforeEach(() => {
  table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
  engine = createEngine(table);
});

afterEach(() => table.close());

it('a run goes through to its end, every record once', async () => {
  const path = await engine.start(`
name: Test
on: { pipeline_call: {} }
jobs:
  a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: one } }, { uses: actions/pipecall/probe@v1 }] }
  b: { needs: a, steps: [{ uses: actions/humanitec/log@v1, with: { message: two } }] }`);
  const invocation = engine.invoke(path, { table: twice(table) });
  for (let turn = 0; turn < 100 && engine.calls.length === 0; turn += 1) await engine.clock.flush();
  engine.calls[0]?.answer({ status: 'succeeded', outputs: {} });
  expect(await invocation).toEqual({ next: 'done' });
  expect(engine.calls.length).toBe(1);
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded', message: '2 jobs succeeded.' });
  expect(await engine.log(path, 0)).toEqual(['one']);
  expect(await engine.log(path, 1)).toEqual(['two']);
});

it('a run parks and goes on', async () => {
  const path = await engine.start(`
name: Test
on: { pipeline_call: {} }
jobs:
  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 60 } }, { uses: actions/humanitec/log@v1, with: { message: awake } }] }`);
  expect(await engine.invoke(path, { table: twice(table) })).toEqual({
    next: 'park',
    epoch: expect.any(Number),
    signal: 0,
    seconds: 60,
  });
  await engine.clock.advance(60_000);
  expect(await engine.invoke(path, { table: twice(table) })).toEqual({ next: 'done' });
  expect(await engine.log(path, 0)).toEqual(['awake']);
});

const RUN = {
  org: 'o',
  app: 'a',
  pipeline: 'p',
  run: '01a20404-e162-74c4-a9d6-60084de89214',
  version: 'v',
  trigger: 'pipeline_call',
  createdAt: 5,
  createdBy: 'u',
  runAs: 'u',
  timeoutSeconds: 60,
  inputs: {},
};

it('a run is created once, and a later one of the same id is answered as the first', async () => {
  await createRun(twice(table), RUN, 100);
  expect(await getRun(table, RUN)).toMatchObject({ status: 'queued' });
  expect(await createRun(table, { ...RUN, createdAt: 6 }, 100)).toMatchObject({
    outcome: 'exists',
    run: { createdAt: RUN.createdAt },
  });
  expect(await claimRun(twice(table), RUN, 7)).toMatchObject({ status: 'executing', executingAt: 7 });
});

it('a pipeline is created and changed, and the change of another one is not taken for it', async () => {
  const pipeline: PipelineRecord = {
    org: 'o',
    app: 'a',
    pipeline: 'p',
    name: 'P',
    version: 'v1',
    triggers: [],
    metadata: {},
    createdAt: 1,
    createdBy: 'u',
  };
  expect(await putNewPipeline(twice(table), pipeline)).toBe(true);
  expect(await putNewPipeline(table, { ...pipeline, version: 'x' })).toBe(false);
  expect(await replacePipeline(twice(table), { ...pipeline, version: 'v2' }, 'v1')).toBe(true);
  expect(await replacePipeline(table, { ...pipeline, version: 'v3' }, 'v1')).toBe(false);
  expect(await getPipeline(table, pipeline)).toMatchObject({ version: 'v2' });
  expect(await deletePipeline(table, { ...pipeline, version: 'v1' })).toBe(false);
  expect(await deletePipeline(twice(table), { ...pipeline, version: 'v2' })).toBe(true);
});
