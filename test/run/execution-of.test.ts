import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import { executionName, INVOCATIONS_PER_EXECUTION } from '../../src/run/execution-of.ts';
import { type RunPath, runKey } from '../../src/store/keys.ts';
import { define, LOG, type OwnEngine, openEngine } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(() => {
  engine = openEngine();
});

afterEach(() => engine.close());

/** A run that parked nearly as often as one execution can bear. */
async function nearTheEnd(): Promise<RunPath> {
  const path = await engine.start(
    define(
      `  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 600 } }, { uses: ${LOG}, with: { message: awake } }] }`,
    ),
  );
  await engine.invoke(path);
  const epoch = INVOCATIONS_PER_EXECUTION - 2;
  await engine.table.write({ update: runKey(path), set: { epoch, released: epoch } });
  return path;
}

it('a run goes on in another execution before the history of the first is full', async () => {
  const path = await nearTheEnd();
  expect(await engine.invoke(path)).toMatchObject({ next: 'park' });
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'executing', execution: 1 });
  expect(engine.executions.started).toEqual([{ name: `${path.run}-1`, input: { ...path, execution: 1 } }]);
  const next = { ...path, execution: 1 };
  expect(await engine.invoke(next)).toMatchObject({ next: 'park' });
  await engine.clock.advance(600_000);
  expect(await engine.invoke(next)).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  expect(await engine.log(path, 0)).toEqual(['awake']);
});

it.each(['before', 'after'])(
  'whoever dies %s the step into another execution is followed by one who makes it',
  async when => {
    const path = await nearTheEnd();
    await engine.invoke(path);
    const dying: Table = {
      ...engine.table,
      async write(write) {
        if (!('update' in write) || write.set?.execution === undefined) return engine.table.write(write);
        if (when === 'after') await engine.table.write(write);
        throw new Error('the worker dies');
      },
    };
    await expect(engine.invoke(path, { table: dying })).rejects.toThrow('dies');
    expect(engine.executions.started).toEqual([]);
    // The state machine invokes RunJobs again, in the first execution.
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(engine.executions.started.map(({ name }) => name)).toEqual([`${path.run}-1`]);
    expect(await engine.invoke({ ...path, execution: 1 })).toMatchObject({ next: 'park' });
  },
);

it('names are those of the run, with a number behind them', () => {
  expect(executionName({ run: 'r', execution: 0 })).toBe('r');
  expect(executionName({ run: 'r', execution: 12 })).toBe('r-12');
});
