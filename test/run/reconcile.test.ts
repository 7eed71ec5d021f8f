import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import type { ExecutionStatus, Executions } from '../../src/ports/executions.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import { createEngine, type Engine } from '../kit/engine.ts';

let table: LocalTable;
let engine: Engine;

beforeEach(() => {
  table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
  engine = createEngine(table);
});

afterEach(() => table.close());

const TEXT = `
name: Test
on: { pipeline_call: {} }
jobs:
  a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: hi } }] }`;

function executionsThat(status: ExecutionStatus | 'broken'): { readonly port: Executions; readonly started: string[] } {
  const started: string[] = [];
  const unexpected = (): never => {
    throw new Error('reconcile has no business with this');
  };
  return {
    started,
    port: {
      async start(name) {
        started.push(name);
        return 'started';
      },
      async look() {
        if (status === 'broken') throw new Error('Step Functions does not answer');
        return status;
      },
      wake: unexpected,
      stop: unexpected,
      ended: unexpected,
    },
  };
}

const reported: string[] = [];
const run = (port: Executions) =>
  reconcile({
    table,
    executions: port,
    clock: engine.clock,
    retentionDays: 90,
    report: message => reported.push(message),
  });

it.each([
  { status: 'running', started: false, ended: undefined },
  { status: 'missing', started: true, ended: undefined },
  { status: 'succeeded', started: false, ended: 'The execution of this run ended without it; no job goes on.' },
  { status: 'failed', started: false, ended: 'The execution of this run failed; no job goes on.' },
  { status: 'timed-out', started: false, ended: 'The execution of this run timed out; no job goes on.' },
  { status: 'stopped', started: false, ended: 'The execution of this run was stopped; no job goes on.' },
] as const)('a run whose execution is $status', async ({ status, started, ended }) => {
  const path = await engine.start(TEXT);
  const executions = executionsThat(status);
  expect(await run(executions.port)).toEqual({
    started: started ? 1 : 0,
    ended: ended === undefined ? 0 : 1,
    failed: 0,
  });
  expect(executions.started).toEqual(started ? [path.run] : []);
  const after = await engine.run(path);
  expect(after).toMatchObject(
    ended === undefined ? { status: 'queued' } : { status: 'failed', message: ended, epoch: 1 },
  );
  // What was ended is out of the index and is not looked at again.
  if (ended !== undefined) expect(await run(executions.port)).toEqual({ started: 0, ended: 0, failed: 0 });
});

it('leaves runs that are over alone', async () => {
  const path = await engine.start(TEXT);
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(await run(executionsThat('missing').port)).toEqual({ started: 0, ended: 0, failed: 0 });
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
});

it('shuts out the worker of a run that it ended', async () => {
  const path = await engine.start(
    TEXT.replace('actions/humanitec/log@v1, with: { message: hi }', 'actions/pipecall/probe@v1'),
  );
  const invocation = engine.invoke(path);
  for (let turn = 0; turn < 100 && engine.calls.length === 0; turn += 1) await engine.clock.flush();
  await run(executionsThat('stopped').port);
  engine.calls[0]?.answer({ status: 'succeeded', outputs: {} });
  expect(await invocation).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({
    status: 'failed',
    message: 'The execution of this run was stopped; no job goes on.',
  });
});

it('looks at every run, many of them, though one is in trouble', async () => {
  for (let count = 0; count < 50; count += 1) await engine.start(TEXT);
  expect(await run(executionsThat('missing').port)).toEqual({ started: 50, ended: 0, failed: 0 });
  reported.length = 0;
  expect(await run(executionsThat('broken').port)).toEqual({ started: 0, ended: 0, failed: 50 });
  expect(reported.length).toBe(50);
});
