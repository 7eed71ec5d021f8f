import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { statusEventsSchemas } from '../../src/api/schemas/status-events.ts';
import { systemIds } from '../../src/aws/ids.ts';
import type { Bus, BusEvent } from '../../src/ports/bus.ts';
import { cancelRun } from '../../src/run/cancel-run.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import { reconcileOne } from '../../src/run/reconcile-run.ts';
import { runEvents } from '../../src/run/status-events.ts';
import { createTell, tellKept } from '../../src/run/tell.ts';
import { changeApproval } from '../../src/store/approvals.ts';
import { putNewEnvironment } from '../../src/store/environments.ts';
import { deleteEventTriggers, putEventTriggers } from '../../src/store/event-triggers.ts';
import { OUTBOX, type RunPath } from '../../src/store/keys.ts';
import { putNewPipeline } from '../../src/store/pipelines.ts';
import { putRole } from '../../src/store/roles.ts';
import { openRunPaths } from '../../src/store/run-lists.ts';
import { putSubject } from '../../src/store/subjects.ts';
import { putPendingVersion } from '../../src/store/versions.ts';
import { putNewWebhook } from '../../src/store/webhooks.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE } from '../kit/engine.ts';

let put: BusEvent[] = [];
let down = false;
const bus: Bus = {
  async put(events) {
    if (down) throw new Error('the bus is down');
    put.push(...events);
    return events.map(() => ({ id: systemIds.uuid() }));
  },
};

let engine: OwnEngine;
beforeEach(async () => {
  put = [];
  down = false;
  engine = openEngine({ tell: events => createTell(telling())(events) });
  const environment = { id: 'production', name: 'P', type: 'production', createdAt: 1, createdBy: 'u' };
  await putNewEnvironment(engine.table, { org: 'demo', app: 'hello' }, environment);
});
// Whatever a test makes it tell is as it is published.
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const published = {
  'Pipeline Run Status Change': ajv.compile(statusEventsSchemas.PipelineRunStatusChange),
  'Approval Status Change': ajv.compile(statusEventsSchemas.ApprovalStatusChange),
};
afterEach(async () => {
  for (const { detailType, detail } of put) {
    // as: what the product tells has one of the two
    const matches = published[detailType as keyof typeof published];
    expect(matches(detail) || matches.errors).toBe(true);
  }
  await engine.close();
});

const telling = () => ({ bus, table: engine.table, clock: engine.clock, report: () => undefined });
const groups = () => ({ ...telling(), executions: engine.executions, retentionDays: 90, tell: createTell(telling()) });
const ids = (path: RunPath) => put.map(({ detail }) => String(detail.id).replace(path.run, 'run'));
const openRuns = async (): Promise<number> => {
  let count = 0;
  for await (const _ of openRunPaths(engine.table)) count += 1;
  return count;
};
const kept = async () => (await engine.table.query({ pk: OUTBOX })).items.length;

const LOGGING = define(`  a: { steps: [{ uses: '${LOG}', with: { message: hi } }] }`);

test('a run tells that it was created, began and ended, once each, with what it is', async () => {
  const path = await engine.start(LOGGING, {}, 3_600, { eventDepth: 2 });
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(ids(path)).toEqual(['run/queued', 'run/executing', 'run/succeeded']);
  expect(put.at(-1)).toEqual({
    source: 'pipecall',
    detailType: 'Pipeline Run Status Change',
    resources: [`/orgs/demo/apps/hello/pipelines/p/runs/${path.run}`],
    time: expect.any(Number),
    detail: {
      id: `${path.run}/succeeded`,
      org_id: 'demo',
      app_id: 'hello',
      pipeline_id: 'p',
      run_id: path.run,
      pipeline_version: expect.any(String),
      status: 'succeeded',
      status_message: expect.any(String),
      at: expect.stringMatching(/Z$/),
      trigger: 'pipeline_call',
      created_by: 'u',
      run_as: 'u',
      env_ids: [],
      event_depth: 2,
    },
  });
});

test.each([
  ['pipecall', true],
  [undefined, true],
  ['com.example.shop', undefined],
])(
  'where a pipeline has a trigger for events of %s, those of a run are marked for the rule of the bus: %s',
  async (source, marked) => {
    const trigger = { org: 'rival', app: 'shop', pipeline: 'p', version: 'v', createdAt: 1 };
    const marks = async () => {
      put = [];
      await engine.invoke(await engine.start(LOGGING));
      return put.map(({ detail }) => detail.pipelines_listen);
    };
    expect(await marks()).toEqual([undefined, undefined, undefined]);
    // It counts from then on: what was known before is not waited for.
    await putEventTriggers(engine.table, trigger, source === undefined ? 'any' : [source]);
    expect(await marks()).toEqual([marked, marked, marked]);
    await deleteEventTriggers(engine.table, trigger, source === undefined ? 'any' : [source]);
    await engine.clock.advance(1_000);
    expect(await marks()).toEqual([undefined, undefined, undefined]);
  },
);

test('events of an app with a webhook are marked for the rule of the bus, and those of other apps are not', async () => {
  const marks = async () => {
    put = [];
    await engine.invoke(await engine.start(LOGGING));
    return put.map(({ detail }) => detail.webhooks_listen);
  };
  expect(await marks()).toEqual([undefined, undefined, undefined]);
  await addWebhook('other');
  expect(await marks()).toEqual([undefined, undefined, undefined]);
  // It counts from then on: what was known before is not waited for.
  await addWebhook('hello');
  expect(await marks()).toEqual([true, true, true]);
});

test('a trigger that another process saved hears from a second later', async () => {
  const otherProcess = { ...engine.table };
  const tell = createTell(telling());
  const [event] = runEvents(await engine.run(await engine.start(LOGGING)));
  if (event === undefined) throw new Error('a run that is queued has an event');
  await tell([event]);
  await putEventTriggers(otherProcess, { org: 'o', app: 'a', pipeline: 'p', version: 'v', createdAt: 1 }, ['pipecall']);
  await engine.clock.advance(999);
  await tell([event]);
  await engine.clock.advance(1);
  await tell([event]);
  expect(put.map(({ detail }) => detail.pipelines_listen)).toEqual([undefined, undefined, true]);
});

test('where nobody knows whether a pipeline listens, events are marked as if one did, and the next look is a new one', async () => {
  let broken = true;
  const table = { ...engine.table };
  table.query = query => (broken ? Promise.reject(new Error('the table is down')) : engine.table.query(query));
  const tell = createTell({ ...telling(), table });
  const [event] = runEvents(await engine.run(await engine.start(LOGGING)));
  if (event === undefined) throw new Error('a run that is queued has an event');
  await tell([event]);
  broken = false;
  await tell([event]);
  expect(put.map(({ detail }) => detail.pipelines_listen)).toEqual([true, undefined]);
});

test('a run that parks tells its beginning once', async () => {
  const path = await engine.start(
    define(`  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 600 } }] }`),
  );
  const next = await engine.invoke(path);
  expect(next).toMatchObject({ next: 'park' });
  await engine.clock.advance(600_000);
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(ids(path)).toEqual(['run/queued', 'run/executing', 'run/succeeded']);
});

test('what a bus that is down does not take is kept and told by the next round; the run does not wait for it', async () => {
  down = true;
  const path = await engine.start(LOGGING);
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect([put, await kept()]).toEqual([[], 3]);
  await reconcile({ ...groups(), tellKept: () => tellKept(telling()) });
  expect([put, await kept()]).toEqual([[], 3]);
  down = false;
  await reconcile({ ...groups(), tellKept: () => tellKept(telling()) });
  expect(ids(path).toSorted()).toEqual(['run/executing', 'run/queued', 'run/succeeded']);
  expect(await kept()).toBe(0);
});

test.each([false, true])(
  'a worker that dies behind the end of the run (stays open: %s) loses no event',
  async closesWhenTold => {
    const path = await engine.start(LOGGING);
    const dying = { closesWhenTold, tell: (events: readonly BusEvent[]) => dieAtEnd(events) };
    await expect(engine.invoke(path, dying)).rejects.toThrow('the power is out');
    expect((await engine.run(path)).status).toBe('succeeded');
    expect(await openRuns()).toBe(closesWhenTold ? 1 : 0);
    put = [];
    // Step Functions invokes again; on one machine the next round finds the run.
    if (closesWhenTold) await reconcile(groups());
    else expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(ids(path)).toContain('run/succeeded');
    expect(await openRuns()).toBe(0);
  },
);

test('when no invocation comes any more, the event of the execution does it', async () => {
  const path = await engine.start(LOGGING);
  await expect(engine.invoke(path, { tell: dieAtEnd })).rejects.toThrow('the power is out');
  put = [];
  await reconcileOne(groups(), path);
  expect(ids(path)).toContain('run/succeeded');
});

test('a worker that dies at work is succeeded by one that tells the beginning again', async () => {
  const path = await engine.start(define(`  a: { steps: [{ uses: '${PROBE}' }] }`));
  const silent = engine.invoke(path, { tell: () => new Promise<void>(() => undefined) });
  await engine.untilCalls(1);
  const next = engine.invoke(path);
  await engine.untilCalls(2);
  engine.call(1).answer({ status: 'succeeded', outputs: {} });
  expect(await next).toEqual({ next: 'done' });
  expect(ids(path)).toEqual(['run/queued', 'run/executing', 'run/succeeded']);
  void silent.catch(() => undefined);
});

test('a run that a step calls is as many events deep as its caller', async () => {
  const app = { org: 'demo', app: 'hello' };
  await putSubject(engine.table, { id: 'u', type: 'user', name: 'U', createdAt: 0 });
  await putRole(engine.table, 'u', { scope: 'org', org: 'demo', role: 'member' }, 0);
  await putRole(engine.table, 'u', { scope: 'app', ...app, role: 'developer' }, 0);
  const version = systemIds.ordered();
  const of = { ...app, pipeline: 'called', version, createdAt: 0, createdBy: 'u' };
  await putPendingVersion(engine.table, { ...of, text: LOGGING });
  const called = { ...of, name: 'Called', triggers: ['pipeline_call'], metadata: {} };
  await putNewPipeline(engine.table, called);
  const calling = define(
    `  a: { steps: [{ uses: actions/pipecall/call-pipeline@v1, with: { pipeline: called, inputs: { text: x } } }] }`,
  );
  const path = await engine.start(calling, {}, 3_600, { eventDepth: 3 });
  expect(await engine.invoke(path)).toMatchObject({ next: 'park' });
  const id = /run\((.+)\)/.exec(JSON.stringify((await engine.run(path)).waitingFor))?.[1] ?? '';
  expect(await engine.run({ ...app, pipeline: 'called', run: id })).toMatchObject({
    eventDepth: 3,
    trigger: 'pipeline_call',
  });
});

test('a bus and a table that both fail are the invocation’s trouble, not the run’s', async () => {
  const path = await engine.start(LOGGING);
  const failing = engine.invoke(path, { tell: () => Promise.reject(new Error('nothing works')) });
  await expect(failing).rejects.toThrow('nothing works');
  expect((await engine.run(path)).status).toBe('succeeded');
});

test('a queued run that is cancelled tells both, and leaves the index of open runs', async () => {
  const path = await engine.start(LOGGING);
  expect(await cancelRun(groups(), path)).toBe('ended');
  expect(ids(path)).toEqual(['run/queued', 'run/cancelled']);
  expect(await openRuns()).toBe(0);
});

test('whoever cancels a queued run and dies before telling leaves it to the next round', async () => {
  const path = await engine.start(LOGGING);
  // It is cancelled, and that it could not be told is reported.
  expect(await cancelRun({ ...groups(), tell: dieAtEnd }, path)).toBe('ended');
  expect(await openRuns()).toBe(1);
  await reconcile(groups());
  expect(ids(path)).toEqual(['run/queued', 'run/cancelled']);
  expect(await openRuns()).toBe(0);
});

test.each(['approved', 'denied'] as const)('an approval tells that it waits and that it is %s', async status => {
  const path = await engine.start(
    define(`  a: { steps: [{ uses: actions/humanitec/approve@v1, with: { env_id: production, message: Sure? } }] }`),
  );
  expect(await engine.invoke(path)).toMatchObject({ next: 'park' });
  const id = /approval\((.+)\)/.exec(JSON.stringify((await engine.run(path)).waitingFor))?.[1] ?? '';
  const decision = { by: 'boss', at: engine.clock.now(), decision: status };
  await changeApproval(engine.table, { run: path.run, id }, () => ({ status, decisions: [decision] }));
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  const told = put.filter(({ detailType }) => detailType === 'Approval Status Change');
  expect(told.map(({ detail }) => detail)).toMatchObject([
    { id: `${id}/waiting`, approval_id: id, run_id: path.run, env_id: 'production', status: 'waiting', decided_by: [] },
    { id: `${id}/${status}`, status, decided_by: ['boss'], message: 'Sure?', job_id: 'a', event_depth: 0 },
  ]);
});

test('an approval of a run that is cancelled tells so', async () => {
  const path = await engine.start(
    define(`  a: { steps: [{ uses: actions/humanitec/approve@v1, with: { env_id: production, message: Sure? } }] }`),
  );
  await engine.invoke(path);
  await cancelRun(groups(), path);
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(put.map(({ detail }) => detail.status)).toEqual(['queued', 'executing', 'waiting', 'cancelled', 'cancelled']);
});

const dieAtEnd = (events: readonly BusEvent[]): Promise<void> => {
  const end = events.some(({ detail }) => detail.status === 'succeeded' || detail.status === 'cancelled');
  return end ? Promise.reject(new Error('the power is out')) : createTell(telling())(events);
};

const addWebhook = (app: string) =>
  putNewWebhook(engine.table, {
    ...{
      org: 'demo',
      app,
      id: 'hook',
      since: app,
      url: 'https://example.com/',
      description: '',
      types: [],
      secrets: [],
    },
    ...{ createdAt: 1, createdBy: 'u', updatedAt: 1, revision: 1, failures: 0 },
  });
