import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReconcileHandler } from '../../functions/reconcile/reconcile-handler.ts';
import type { ExecutionStatus, Executions } from '../../src/ports/executions.ts';
import type { Table } from '../../src/ports/table.ts';
import { parkRun } from '../../src/run/park-run.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import { approvalsOfRun, changeApproval, getApproval } from '../../src/store/approvals.ts';
import { putNewEnvironment } from '../../src/store/environments.ts';
import { type RunPath, runKey } from '../../src/store/keys.ts';
import { writeSignal } from '../../src/store/run-writes.ts';
import { type OwnEngine, openEngine } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(() => {
  engine = openEngine();
});

afterEach(() => engine.close());

const TEXT = `
name: Test
on: { pipeline_call: {} }
jobs:
  a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: hi } }] }`;

type Told = { readonly port: Executions; readonly started: string[]; readonly woken: string[] };

function executionsThat(status: ExecutionStatus | 'broken', onLook: () => Promise<unknown> = async () => 0): Told {
  const started: string[] = [];
  const woken: string[] = [];
  const unexpected = (): never => {
    throw new Error('reconcile has no business with this');
  };
  return {
    started,
    woken,
    port: {
      async start(name) {
        started.push(name);
        return 'started';
      },
      async look() {
        await onLook();
        if (status === 'broken') throw new Error('Step Functions does not answer');
        return status;
      },
      async wake(token) {
        woken.push(token);
        return 'woken';
      },
      stop: unexpected,
      ended: unexpected,
    },
  };
}

const reported: string[] = [];
const run = (port: Executions) => reconcile(deps(port));

const deps = (port: Executions) => ({
  table: engine.table,
  executions: port,
  clock: engine.clock,
  retentionDays: 90,
  report: (message: string) => reported.push(message),
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
  await engine.untilCalls(1);
  await run(executionsThat('stopped').port);
  engine.call(0).answer({ status: 'succeeded', outputs: {} });
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

describe('a parked run', () => {
  async function parked(): Promise<RunPath> {
    const environment = { id: 'production', name: 'P', type: 'production', createdAt: 1, createdBy: 'u' };
    await putNewEnvironment(engine.table, { org: 'demo', app: 'hello' }, environment);
    const path = await engine.start(
      TEXT.replace('log@v1, with: { message: hi }', 'approve@v1, with: { message: hi, env_id: production }'),
    );
    const next = await engine.invoke(path);
    if (next.next !== 'park') throw new Error('it did not park');
    const parking = { token: 'token-1', input: path, epoch: next.epoch, signal: next.signal };
    await parkRun(engine.table, executionsThat('running').port, parking);
    return path;
  }
  const approvalOf = async ({ run }: RunPath) => ({ run, id: (await approvalsOfRun(engine.table, run))[0]?.id ?? '' });

  it('is left alone while nobody has decided', async () => {
    await parked();
    const executions = executionsThat('running');
    await run(executions.port);
    expect(executions.woken).toEqual([]);
  });

  it('is woken when somebody decided and died before it could say so', async () => {
    const path = await parked();
    await changeApproval(engine.table, await approvalOf(path), () => ({ status: 'approved' }));
    const executions = executionsThat('running');
    await run(executions.port);
    expect(executions.woken).toEqual(['token-1']);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
  });

  it('is woken when somebody counted a signal and died before the waking', async () => {
    const path = await parked();
    await writeSignal(engine.table, path, { cancel: { at: engine.clock.now() } });
    const executions = executionsThat('running');
    await run(executions.port);
    expect(executions.woken).toEqual(['token-1']);
  });

  it('asks nobody any more when its execution was stopped', async () => {
    const path = await parked();
    await run(executionsThat('stopped').port);
    expect(await getApproval(engine.table, await approvalOf(path))).toMatchObject({ status: 'cancelled' });
  });

  it.each([0, 1, 2, 3, 4, 5])('is ended in full though reconcile dies at its write %i', async dieAt => {
    const path = await parked();
    let writes = 0;
    const dying: Table = {
      ...engine.table,
      async write(write) {
        writes += 1;
        if (writes === dieAt) throw new Error('reconcile dies');
        return engine.table.write(write);
      },
    };
    await reconcile({ ...deps(executionsThat('stopped').port), table: dying });
    await run(executionsThat('stopped').port);
    expect(await engine.run(path)).toMatchObject({ status: 'failed', message: expect.stringContaining('was stopped') });
    expect(await getApproval(engine.table, await approvalOf(path))).toMatchObject({ status: 'cancelled' });
    expect(await run(executionsThat('broken').port)).toEqual({ started: 0, ended: 0, failed: 0 });
  });
});

describe('an execution that is over, of a run that was asked to end', () => {
  it('ends it as cancelled', async () => {
    const path = await engine.start(TEXT.replace('log@v1, with: { message: hi }', 'sleep@v1, with: { seconds: 600 }'));
    await engine.invoke(path);
    await writeSignal(engine.table, path, { cancel: { at: engine.clock.now() } });
    await run(executionsThat('failed').port);
    expect(await engine.run(path)).toMatchObject({
      status: 'cancelled',
      message: 'Cancelled on request. It may not have cleaned up: The execution of this run failed; no job goes on.',
    });
  });
});

describe('a round that is not a full one', () => {
  const handler = (port: Executions) => createReconcileHandler(deps(port));

  it('looks at no execution of a run that is parked and not due', async () => {
    const path = await engine.start(TEXT.replace('log@v1, with: { message: hi }', 'sleep@v1, with: { seconds: 600 }'));
    const next = await engine.invoke(path);
    if (next.next !== 'park') throw new Error('it did not park');
    await parkRun(engine.table, engine.executions, { token: 'token-1', input: path, ...next });
    let looks = 0;
    const executions = executionsThat('running', async () => {
      looks += 1;
    });
    const round = handler(executions.port);
    for (let rounds = 0; rounds < 13; rounds += 1) await round();
    // The first one and the thirteenth.
    expect(looks).toBe(2);
    await engine.clock.advance(600_000);
    await round();
    expect(looks).toBe(3);
  });

  it('wakes one for which something came', async () => {
    const path = await engine.start(TEXT.replace('log@v1, with: { message: hi }', 'sleep@v1, with: { seconds: 600 }'));
    const next = await engine.invoke(path);
    if (next.next !== 'park') throw new Error('it did not park');
    await parkRun(engine.table, engine.executions, { token: 'token-1', input: path, ...next });
    await writeSignal(engine.table, path, { cancel: { at: engine.clock.now() } });
    const executions = executionsThat('broken');
    expect(await reconcile(deps(executions.port), false)).toEqual({ started: 0, ended: 0, failed: 0 });
    expect(executions.woken).toEqual(['token-1']);
  });
});

it('does not end a run that somebody took since it was looked at', async () => {
  const path = await engine.start(
    TEXT.replace('actions/humanitec/log@v1, with: { message: hi }', 'actions/pipecall/probe@v1'),
  );
  const invocations: Promise<unknown>[] = [];
  const executions = executionsThat('succeeded', async () => {
    invocations.push(engine.invoke(path));
    await engine.untilCalls(1);
  });
  expect(await run(executions.port)).toEqual({ started: 0, ended: 0, failed: 0 });
  engine.call(0).answer({ status: 'succeeded', outputs: {} });
  await Promise.all(invocations);
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
});

describe('a change of the status of an execution', () => {
  const handler = (port: Executions) => createReconcileHandler(deps(port));
  const eventOf = (input: unknown) => ({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { name: 'whatever', status: 'ABORTED', input: JSON.stringify(input), inputDetails: { included: true } },
  });

  it('is about its run and no other', async () => {
    const path = await engine.start(TEXT);
    const other = await engine.start(TEXT);
    expect(await handler(executionsThat('stopped').port)(eventOf(path))).toEqual({ started: 0, ended: 1, failed: 0 });
    expect(await engine.run(path)).toMatchObject({ status: 'failed' });
    expect(await engine.run(other)).toMatchObject({ status: 'queued' });
  });

  it('looks at the execution that the run has now', async () => {
    const path = await engine.start(TEXT);
    await engine.table.write({ update: runKey(path), set: { execution: 3 } });
    const executions = executionsThat('missing');
    await handler(executions.port)(eventOf(path));
    expect(executions.started).toEqual([`${path.run}-3`]);
  });

  it('of a run that is over or gone does nothing', async () => {
    const path = await engine.start(TEXT);
    await engine.invoke(path);
    const { port } = executionsThat('broken');
    expect(await handler(port)(eventOf(path))).toEqual({ started: 0, ended: 0, failed: 0 });
    expect(await handler(port)(eventOf({ ...path, run: 'gone' }))).toEqual({ started: 0, ended: 0, failed: 0 });
  });

  it('that fails is left to be sent again', async () => {
    const path = await engine.start(TEXT);
    await expect(handler(executionsThat('broken').port)(eventOf(path))).rejects.toThrow('does not answer');
  });

  it.each([undefined, {}, { detail: {} }, { detail: { input: '{' } }, { detail: { input: '{"org":"o"}' } }])(
    'that names no run (%j) is a round over all',
    async event => {
      await engine.start(TEXT);
      await engine.start(TEXT);
      expect(await handler(executionsThat('missing').port)(event)).toEqual({ started: 2, ended: 0, failed: 0 });
    },
  );
});
