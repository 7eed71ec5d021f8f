import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import { approvalsOfRun } from '../../src/store/approvals.ts';
import { putNewEnvironment } from '../../src/store/environments.ts';
import { runKey } from '../../src/store/keys.ts';
import { openRunPaths } from '../../src/store/run-lists.ts';
import { writeSignal } from '../../src/store/run-writes.ts';
import { define, type OwnEngine, openEngine } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(async () => {
  engine = openEngine();
  const environment = { id: 'production', name: 'P', type: 'production', createdAt: 1, createdBy: 'u' };
  await putNewEnvironment(engine.table, { org: 'demo', app: 'hello' }, environment);
});

afterEach(() => engine.close());

/** Parked on an approval; its secrets do not open any more. */
async function spoiltRun() {
  const text = define(
    '  a: { steps: [{ uses: actions/humanitec/approve@v1, with: { message: "Go?", env_id: production } }] }',
  );
  const path = await engine.start(text, {}, 3_600, { group: { name: 'g', limit: 1 } });
  await engine.invoke(path);
  await engine.table.write({ update: runKey(path), set: { sealed_inputs: JSON.stringify({ text: 'garbage' }) } });
  return path;
}

it('a run whose secrets do not open asks nobody any more', async () => {
  const path = await spoiltRun();
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'failed' });
  expect(await approvalsOfRun(engine.table, path.run)).toMatchObject([{ status: 'cancelled' }]);
  for await (const open of openRunPaths(engine.table)) expect(open).toBeUndefined();
});

it('and is tidied by reconcile when its worker dies behind its end', async () => {
  const path = await spoiltRun();
  const dying: Table = {
    ...engine.table,
    query: query => (query.prefix === 'APPROVAL#' ? Promise.reject(new Error('it died')) : engine.table.query(query)),
  };
  await expect(engine.invoke(path, { table: dying })).rejects.toThrow('it died');
  const { table, executions, clock } = engine;
  await reconcile({ table, executions, clock, retentionDays: 90, report: () => undefined });
  expect(await approvalsOfRun(table, path.run)).toMatchObject([{ status: 'cancelled' }]);
});

it('one that was asked to end ends as cancelled', async () => {
  const path = await spoiltRun();
  await writeSignal(engine.table, path, { cancel: { at: engine.clock.now() } });
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
});
