import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import type { ExecutionStatus } from '../../src/ports/executions.ts';
import type { Measured } from '../../src/ports/measure.ts';
import { cancelRun } from '../../src/run/cancel-run.ts';
import { countedCode } from '../../src/run/failure-code.ts';
import { endLateRun } from '../../src/run/groups.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import { getRun } from '../../src/store/runs.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE } from '../kit/engine.ts';

let engine: OwnEngine;
let measured: Measured[];

beforeEach(() => {
  measured = [];
  engine = openEngine({ measure: one => void measured.push(one) });
});
afterEach(() => engine.close());

const LOGS = define(`  a: { steps: [{ uses: ${LOG}, with: { message: hi } }] }`);
const GROUP = { org: 'demo', app: 'hello', name: 'production' };

/** Short: `RunsEnded failed 1`. */
const told = () =>
  measured.map(({ metric, of, value }) => [metric, of, value].filter(part => part !== undefined).join(' '));

const deps = (status: ExecutionStatus = 'failed') => ({
  ...engine,
  executions: { ...engine.executions, look: async () => status },
  retentionDays: 90,
  report: () => undefined,
  measure: (one: Measured) => void measured.push(one),
});

describe('what is measured of a run', () => {
  it('is how long it waited, how it ended and how long it took', async () => {
    const path = await engine.start(LOGS);
    await engine.clock.advance(2_500);
    await engine.invoke(path);
    expect(told()).toEqual(['QueueWait start 2.5', 'RunsEnded succeeded 1', 'RunDuration 0']);
  });

  it('is not measured again by an invocation once too often', async () => {
    const path = await engine.start(LOGS);
    await engine.invoke(path);
    measured.length = 0;
    await engine.invoke(path);
    expect(told()).toEqual([]);
  });

  it('tells the wait for a group apart', async () => {
    const path = await engine.start(LOGS, {}, 3_600, { group: { name: 'production', limit: 1 } });
    await engine.clock.advance(10_000);
    await engine.invoke(path);
    expect(told()).toContain('QueueWait group 10');
  });

  it('is that it was cancelled before it began: it took no time', async () => {
    const path = await engine.start(LOGS);
    expect(await cancelRun(deps(), path)).toBe('ended');
    expect(await cancelRun(deps(), path)).toBe('over');
    expect(told()).toEqual(['RunsEnded cancelled 1']);
  });

  it('is that it waited for its group too long', async () => {
    const path = await engine.start(LOGS, {}, 60, { group: { name: 'production', limit: 1 } });
    const run = await engine.run(path);
    expect(await endLateRun(deps(), GROUP, run)).toBe(true);
    expect(await endLateRun(deps(), GROUP, run)).toBe(false);
    expect(told()).toEqual(['RunsEnded cancelled 1']);
  });

  it('is that reconcile ended it', async () => {
    const path = await engine.start(LOGS);
    await reconcile(deps());
    expect(await getRun(engine.table, path)).toMatchObject({ status: 'failed' });
    expect(told()).toContain('RunsEnded failed 1');
    measured.length = 0;
    await reconcile(deps());
    expect(told()).toEqual(['OpenRuns 0', 'ApprovalsWaiting 0', 'StuckRunAge 0']);
  });
});

it('every round of reconcile says how many runs are open and how overdue the worst is', async () => {
  await engine.start(LOGS);
  await engine.clock.advance(90_000);
  await engine.start(LOGS);
  await reconcile(deps('running'));
  expect(told()).toEqual(['OpenRuns 2', 'ApprovalsWaiting 0', 'StuckRunAge 90']);
});

describe('failures of steps', () => {
  const failures = () => told().filter(each => each.startsWith('StepFailures'));

  it('are counted when they are for good, by code', async () => {
    const step = `{ uses: ${PROBE}, retry: { max-attempts: 2, delay-seconds: 1 } }`;
    const path = await engine.start(define(`  a: { steps: [${step}] }`));
    const invoked = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer({ status: 'failed', code: 'BROKEN', message: 'no' });
    await engine.clock.advance(1_000);
    expect(failures()).toEqual([]);
    await engine.untilCalls(2);
    engine.call(1).answer({ status: 'failed', code: 'BROKEN', message: 'no' });
    await invoked;
    expect(failures()).toEqual(['StepFailures BROKEN 1']);
  });

  it('that an action made up are one code', async () => {
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
    const invoked = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer({ status: 'failed', code: 'X-1234', message: 'no' });
    await invoked;
    expect(failures()).toEqual(['StepFailures CUSTOM 1']);
  });

  it('that take too long are TIMEOUT', async () => {
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE}, timeout-minutes: 1 }] }`));
    const invoked = engine.invoke(path);
    await engine.untilCalls(1);
    await engine.clock.advance(70_000);
    await invoked;
    expect(failures()).toEqual(['StepFailures TIMEOUT 1']);
  });

  it('that no action was asked for are NOT_BEGUN', async () => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: ${LOG}, if: "\${{ fromJSON('{') }}", with: { message: hi } }] }`),
    );
    await engine.invoke(path);
    expect(failures()).toEqual(['StepFailures NOT_BEGUN 1']);
  });
});

it("codes are counted by name where they are the platform's or of an action of ours, and there are few", () => {
  const http = actions.get('actions/humanitec/http@v1');
  expect(countedCode(http, 'INTERNAL_ERROR')).toBe('INTERNAL_ERROR');
  expect(countedCode(http, 'toString')).toBe('CUSTOM');
  expect(countedCode(undefined, 'UNKNOWN_ACTION')).toBe('UNKNOWN_ACTION');
  if (http !== undefined)
    expect(countedCode({ ...http, registered: true }, Object.keys(http.errors)[0] ?? '')).toBe('CUSTOM');
  // Each is a metric that is paid for.
  expect(new Set([...actions.values()].flatMap(({ errors }) => Object.keys(errors))).size).toBeLessThan(80);
});
