import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTable } from '../../local/table/open-table.ts';
import { failed, succeeded } from '../../src/actions/action.ts';
import type { Table, Write } from '../../src/ports/table.ts';
import { parkRun } from '../../src/run/park-run.ts';
import { createEngine, define, LOG, type OwnEngine, openEngine, PROBE, visible } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(() => {
  engine = openEngine();
});

afterEach(() => engine.close());

describe('a worker that was given up on', () => {
  const text = define(`
  a:
    outputs: { who: "\${{ steps.p.outputs.who }}" }
    steps:
      - { uses: ${LOG}, with: { message: begins } }
      - { id: p, uses: ${PROBE} }
      - { uses: ${LOG}, with: { message: "by \${{ steps.p.outputs.who }}" } }
  b:
    needs: a
    steps:
      - { uses: ${LOG}, with: { message: "after \${{ needs.a.outputs.who }}" } }`);

  it('cannot change the records once another invocation has ended the run', async () => {
    const path = await engine.start(text);
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    engine.call(1).answer(succeeded({ who: 'second' }));
    expect(await second).toEqual({ next: 'done' });
    const after = await visible(engine, path);
    engine.call(0).answer(succeeded({ who: 'first' }));
    expect(await first).toEqual({ next: 'done' });
    expect(await visible(engine, path)).toEqual(after);
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded', epoch: 2 });
    expect((await engine.jobs(path)).get(0)?.outputs).toEqual({ who: 'second' });
    expect(await engine.log(path, 0)).toEqual(['begins', 'by second']);
    expect(await engine.log(path, 1)).toEqual(['after second']);
  });

  it('cannot change the records while the other one is at work', async () => {
    const path = await engine.start(text);
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    const before = await visible(engine, path);
    engine.call(0).answer(succeeded({ who: 'first' }));
    const next = await first;
    expect(next).toMatchObject({ next: 'park', seconds: 60 });
    expect(await visible(engine, path)).toEqual(before);
    engine.call(1).answer(succeeded({ who: 'second' }));
    expect(await second).toEqual({ next: 'done' });
    expect(await engine.log(path, 1)).toEqual(['after second']);
  });

  it('finds out by itself while its steps are still in flight', async () => {
    const path = await engine.start(text);
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    await engine.clock.advance(2_000);
    expect(await first).toMatchObject({ next: 'park' });
    expect(engine.call(0).context.signal.aborted).toBe(true);
    engine.call(1).answer(succeeded({ who: 'second' }));
    expect(await second).toEqual({ next: 'done' });
  });

  it('does nothing when the run is over', async () => {
    const path = await engine.start(text);
    const only = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer(succeeded({ who: 'only' }));
    expect(await only).toEqual({ next: 'done' });
    const after = await visible(engine, path);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(await visible(engine, path)).toEqual(after);
    expect(engine.calls.length).toBe(1);
  });
});

describe('records', () => {
  it('of pure steps are written three times in all: created, claimed, ended', async () => {
    const writes: string[] = [];
    const counted: Table = {
      ...engine.table,
      write: write => {
        writes.push('write');
        return engine.table.write(write);
      },
      writeInOrder: groups => {
        writes.push('writeInOrder');
        return engine.table.writeInOrder(groups);
      },
    };
    const path = await engine.start(
      define(`
  a: { steps: [{ uses: ${LOG}, with: { message: one } }, { uses: ${LOG}, with: { message: two } }] }
  b: { needs: a, steps: [{ uses: ${LOG}, with: { message: three } }] }
  c: { needs: b, steps: [{ uses: ${LOG}, with: { message: four } }] }`),
    );
    expect(await engine.invoke(path, { table: counted })).toEqual({ next: 'done' });
    expect(writes).toEqual(['write', 'writeInOrder']);
  });

  it('of a result are durable before an effect that depends on it starts', async () => {
    const path = await engine.start(
      define(`
  a: { outputs: { x: "\${{ steps.s.outputs.v }}" }, steps: [{ id: s, uses: ${PROBE} }] }
  b: { needs: a, steps: [{ uses: ${LOG}, with: { message: hi } }, { uses: ${PROBE} }] }`),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer(succeeded({ v: 7 }));
    await engine.untilCalls(2);
    const jobs = await engine.jobs(path);
    expect(jobs.get(0)).toMatchObject({ status: 'succeeded', outputs: { x: 7 } });
    expect(jobs.get(1)?.steps[0]).toMatchObject({ status: 'succeeded' });
    expect(await engine.log(path, 1)).toEqual(['hi']);
    engine.call(1).answer(succeeded());
    expect(await invocation).toEqual({ next: 'done' });
  });

  it('of progress become visible within a second', async () => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: ${LOG}, with: { message: hi } }, { uses: actions/pipecall/pure-probe@v1 }] }`),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    expect((await engine.jobs(path)).size).toBe(0);
    await engine.clock.advance(1_000);
    expect((await engine.jobs(path)).get(0)).toMatchObject({
      status: 'executing',
      steps: [{ status: 'succeeded' }, { status: 'executing' }],
    });
    expect(await engine.log(path, 0)).toEqual(['hi']);
    engine.call(0).answer(succeeded());
    await invocation;
  });

  it('keep large outputs of steps for the next invocation', async () => {
    const big = 'x'.repeat(700_000);
    const path = await engine.start(
      define(`
  a:
    steps:
      - { id: big, uses: ${PROBE} }
      - { uses: ${PROBE} }
      - { uses: ${LOG}, with: { message: "\${{ startsWith(steps.big.outputs.text, 'xxx') }}" } }`),
    );
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer(succeeded({ text: big }));
    await engine.untilCalls(2);
    const second = engine.invoke(path);
    await engine.untilCalls(3);
    engine.call(2).answer(succeeded());
    expect(await second).toEqual({ next: 'done' });
    expect(await engine.log(path, 0)).toEqual(['true']);
    engine.call(1).answer(succeeded());
    await first;
  });

  it('end equal wherever the worker dies, and no recorded effect happens twice', async () => {
    const text = define(`
  a: { outputs: { v: "\${{ steps.s.outputs.v }}" }, steps: [{ uses: ${LOG}, with: { message: a1 } }, { id: s, uses: ${PROBE}, with: { key: a } }] }
  b: { needs: a, steps: [{ uses: ${PROBE}, with: { key: b } }, { uses: ${LOG}, with: { message: "b \${{ needs.a.outputs.v }}" } }] }
  c: { needs: a, continue-on-error: true, steps: [{ uses: ${PROBE}, with: { key: c } }] }
  d: { needs: [b, c], steps: [{ uses: ${LOG}, with: { message: "d \${{ needs.c.status }}" } }] }`);
    const outcome = async (
      dieAt: number,
    ): Promise<{ readonly died: boolean; readonly state: unknown; readonly twice: readonly string[] }> => {
      const own = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
      const happened: string[] = [];
      const dying = createEngine(own, {
        onProbe: ({ context, answer }) => {
          happened.push(context.stepId);
          answer(context.inputs.key === 'c' ? failed('BROKEN', 'c is broken') : succeeded({ v: 5 }));
        },
      });
      let writes = 0;
      let died = false;
      const recordedAtDeath: string[] = [];
      const step = async <T>(work: () => Promise<T>): Promise<T> => {
        if (died) return new Promise<T>(() => undefined);
        writes += 1;
        if (writes === dieAt) {
          died = true;
          throw new Error('the worker dies');
        }
        return work();
      };
      const mortal: Table = {
        ...own,
        write: write => step(() => own.write(write)),
        writeInOrder: groups => step(() => own.writeInOrder(groups)),
      };
      const path = await dying.start(text);
      try {
        await dying.invoke(path, { table: mortal });
      } catch (error) {
        expect(String(error)).toContain('the worker dies');
        for (const [index, job] of await dying.jobs(path)) {
          for (const [place, one] of job.steps.entries())
            if (one?.completedAt !== undefined) recordedAtDeath.push(`${index}/${place}`);
        }
      }
      const before = [...happened];
      if (died) expect(await dying.invoke(path)).toEqual({ next: 'done' });
      const again = happened.slice(before.length);
      const places: Readonly<Record<string, string>> = { 'a/s': '0/1', 'b/0': '1/0', 'c/0': '2/0' };
      const twice = again.filter(id => recordedAtDeath.includes(places[id.split('/').slice(1, 3).join('/')] ?? ''));
      const run = await dying.run(path);
      const jobs = [...(await dying.jobs(path))].map(([index, job]) => ({
        index,
        status: job.status,
        message: job.message,
        outputs: job.outputs,
        steps: job.steps.map(one => ({ status: one?.status, message: one?.message })),
      }));
      const logs = await Promise.all([0, 1, 2, 3].map(index => dying.log(path, index)));
      await own.close();
      return { died, state: { status: run.status, message: run.message, jobs, logs }, twice };
    };
    const undisturbed = await outcome(0);
    expect(undisturbed.state).toMatchObject({ status: 'succeeded', logs: [['a1'], ['b 5'], [], ['d failed']] });
    let deaths = 0;
    for (let dieAt = 1; ; dieAt += 1) {
      const { died, state, twice } = await outcome(dieAt);
      if (!died) break;
      deaths += 1;
      expect(state, `died at write ${dieAt}`).toEqual(undisturbed.state);
      expect(twice, `died at write ${dieAt}`).toEqual([]);
    }
    expect(deaths).toBeGreaterThanOrEqual(4);
  });
});

describe('time', () => {
  it('parks a long sleep and goes on when its time has come', async () => {
    const path = await engine.start(
      define(
        `  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 600 } }, { uses: ${LOG}, with: { message: awake } }] }`,
      ),
    );
    expect(await engine.invoke(path)).toEqual({ next: 'park', epoch: expect.any(Number), signal: 0, seconds: 600 });
    expect((await engine.run(path)).waitingFor).toEqual({ a: 'time(2030-01-01T00:10:00Z)' });
    await engine.clock.advance(100_000);
    expect(await engine.invoke(path)).toEqual({ next: 'park', epoch: expect.any(Number), signal: 0, seconds: 500 });
    await engine.clock.advance(500_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(await engine.log(path, 0)).toEqual(['awake']);
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded', waitingFor: {}, epoch: 3 });
  });

  it('does not park while another job is at work, and wakes the sleeper in place', async () => {
    const path = await engine.start(
      define(`
  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 30 } }, { uses: ${LOG}, with: { message: awake } }] }
  b: { steps: [{ uses: ${PROBE} }] }`),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await engine.clock.advance(31_000);
    expect((await engine.jobs(path)).get(0)).toMatchObject({ status: 'succeeded' });
    engine.call(0).answer(succeeded());
    expect(await invocation).toEqual({ next: 'done' });
  });

  it('cancels a run that takes longer than its time-out; clean-up jobs run', async () => {
    const path = await engine.start(
      define(`
  a: { steps: [{ uses: ${PROBE} }, { uses: ${LOG}, with: { message: never } }, { if: always(), uses: ${LOG}, with: { message: tidy } }] }
  b: { needs: a, steps: [{ uses: ${LOG}, with: { message: never } }] }
  c: { needs: a, if: always(), steps: [{ uses: ${LOG}, with: { message: clean } }] }`),
      {},
      120,
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await engine.clock.advance(120_000);
    expect(engine.call(0).context.signal.aborted).toBe(true);
    await engine.clock.advance(5_000);
    expect(await invocation).toEqual({ next: 'done' });
    expect(await engine.run(path)).toMatchObject({
      status: 'cancelled',
      message: 'Cancelled: the run took longer than its time-out of 2 minutes.',
    });
    const jobs = await engine.jobs(path);
    expect(jobs.get(0)).toMatchObject({
      status: 'cancelled',
      steps: [{ status: 'cancelled' }, { status: 'skipped' }, { status: 'succeeded' }],
    });
    expect(jobs.get(1)).toMatchObject({ status: 'skipped', message: 'Skipped: the run was cancelled.' });
    expect(jobs.get(2)).toMatchObject({ status: 'succeeded' });
    expect(await engine.log(path, 2)).toEqual(['clean']);
  });

  it('cancels a run that is parked when its time-out comes', async () => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 9000 } }] }`),
      {},
      60,
    );
    expect(await engine.invoke(path)).toEqual({ next: 'park', epoch: expect.any(Number), signal: 0, seconds: 60 });
    await engine.clock.advance(60_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
    expect((await engine.jobs(path)).get(0)).toMatchObject({ status: 'cancelled', steps: [{ status: 'cancelled' }] });
  });

  it('fails a job that takes longer than its time-out', async () => {
    const path = await engine.start(
      define(`
  a: { timeout-minutes: 1, steps: [{ uses: ${PROBE} }, { if: always(), uses: ${LOG}, with: { message: never } }] }
  b: { needs: a, if: failure(), steps: [{ uses: ${LOG}, with: { message: told } }] }`),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await engine.clock.advance(60_000);
    engine.call(0).answer(failed('ABORTED', 'stopped'));
    expect(await invocation).toEqual({ next: 'done' });
    const jobs = await engine.jobs(path);
    expect(jobs.get(0)).toMatchObject({
      status: 'failed',
      message: 'The job took longer than its time-out of 1 minute.',
      steps: [{ status: 'cancelled' }, { status: 'skipped' }],
    });
    expect(await engine.log(path, 1)).toEqual(['told']);
    expect(await engine.run(path)).toMatchObject({ status: 'failed' });
  });

  it('fails a step that takes longer than its time-out, waiting or not', async () => {
    const path = await engine.start(
      define(`
  a: { steps: [{ timeout-minutes: 0.5, continue-on-error: true, uses: ${PROBE} }, { timeout-minutes: 1, uses: actions/humanitec/sleep@v1, with: { seconds: 9000 } }] }`),
    );
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    await engine.clock.advance(30_000);
    await engine.clock.advance(5_000);
    expect(await invocation).toEqual({ next: 'park', epoch: expect.any(Number), signal: 0, seconds: 60 });
    await engine.clock.advance(60_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect((await engine.jobs(path)).get(0)?.steps).toMatchObject([
      { status: 'failed', message: 'TIMEOUT: Timed out after 0.5 minutes.', continued: true },
      { status: 'failed', message: 'TIMEOUT: Timed out after 1 minute.' },
    ]);
  });

  it('hands the run on before the platform ends the invocation', async () => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: ${PROBE} }, { uses: ${LOG}, with: { message: done } }] }`),
    );
    const end = engine.clock.now() + 900_000;
    const first = engine.invoke(path, { remaining: () => end - engine.clock.now() });
    await engine.untilCalls(1);
    await engine.clock.advance(885_000);
    expect(engine.call(0).context.signal.aborted).toBe(true);
    await engine.clock.advance(5_000);
    expect(await first).toEqual({ next: 'again' });
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    expect(engine.call(1).context.stepId).toBe(engine.call(0).context.stepId);
    engine.call(1).answer(succeeded());
    expect(await second).toEqual({ next: 'done' });
    expect(await engine.log(path, 0)).toEqual(['done']);
  });

  it('begins no step while it drains', async () => {
    const path = await engine.start(
      define(
        `  a: { steps: [{ uses: ${PROBE} }, { uses: ${LOG}, with: { message: done } }] }\n  b: { needs: a, steps: [{ uses: ${PROBE} }] }`,
      ),
    );
    const end = engine.clock.now() + 900_000;
    const first = engine.invoke(path, { remaining: () => end - engine.clock.now() });
    await engine.untilCalls(1);
    await engine.clock.advance(600_000);
    engine.call(0).answer(succeeded());
    expect(await first).toEqual({ next: 'again' });
    expect(engine.calls.length).toBe(1);
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    engine.call(1).answer(succeeded());
    expect(await second).toEqual({ next: 'done' });
  });
});

describe('a step', () => {
  it('whose action throws fails with INTERNAL_ERROR and is reported in full', async () => {
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
    const invocation = engine.invoke(path);
    await engine.untilCalls(1);
    const bug = new Error('secret details');
    engine.call(0).crash(bug);
    expect(await invocation).toEqual({ next: 'done' });
    expect(engine.reports).toEqual([{ message: `action ${PROBE} threw`, error: bug }]);
    const run = await engine.run(path);
    expect(run.status).toBe('failed');
    expect(run.message).toContain('INTERNAL_ERROR');
    expect(JSON.stringify(await visible(engine, path))).not.toContain('secret details');
  });

  it('with inputs that turn out wrong fails and says which', async () => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: "\${{ inputs.text }}" } }] }`),
      { text: 'much' },
    );
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect((await engine.jobs(path)).get(0)?.steps[0]?.message).toMatch(/^INVALID_INPUTS: .*seconds/);
  });

  it('runs beside those of other jobs, up to the limit', async () => {
    const jobs = Array.from({ length: 6 }, (_, index) => `  j${index}: { steps: [{ uses: ${PROBE} }] }`).join('\n');
    const path = await engine.start(define(jobs));
    const invocation = engine.invoke(path, { maxParallelJobs: 4 });
    await engine.untilCalls(4);
    engine.call(0).answer(succeeded());
    await engine.untilCalls(5);
    for (let index = 1; index < 5; index += 1) engine.call(index).answer(succeeded());
    await engine.untilCalls(6);
    engine.call(5).answer(succeeded());
    expect(await invocation).toEqual({ next: 'done' });
  });

  it('waits for a signal or a time and is called again with its state', async () => {
    const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    const until = engine.clock.now() + 3_600_000;
    engine.call(0).answer({ status: 'waiting', for: 'approval(x)', until, state: { asked: 1 } });
    expect(await first).toEqual({ next: 'park', epoch: expect.any(Number), signal: 0, seconds: 3_600 });
    expect((await engine.run(path)).waitingFor).toEqual({ a: 'approval(x)' });
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    expect(engine.call(1).context.state).toEqual({ asked: 1 });
    engine.call(1).answer(succeeded());
    expect(await second).toEqual({ next: 'done' });
  });
});

describe('now() and uuid()', () => {
  it('stay what they were when a step goes on in a later invocation', async () => {
    const path = await engine.start(
      define(`
  a: { steps: [{ uses: ${PROBE}, with: { key: "\${{ uuid() }} \${{ now() }}" } }, { uses: ${PROBE}, with: { key: "\${{ uuid() }}" } }] }`),
    );
    const first = engine.invoke(path);
    await engine.untilCalls(1);
    engine.call(0).answer({ status: 'waiting', for: 'callback', until: engine.clock.now() + 60_000, state: {} });
    expect(await first).toMatchObject({ next: 'park' });
    await engine.clock.advance(60_000);
    const second = engine.invoke(path);
    await engine.untilCalls(2);
    expect(engine.call(1).context.inputs).toEqual(engine.call(0).context.inputs);
    expect(engine.call(0).context.inputs.key).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27} 2030-01-01T00:00:00/);
    engine.call(1).answer(succeeded());
    await engine.untilCalls(3);
    expect(String(engine.call(0).context.inputs.key)).not.toContain(String(engine.call(2).context.inputs.key));
    engine.call(2).answer(succeeded());
    expect(await second).toEqual({ next: 'done' });
  });
});

describe('parking', () => {
  it.each([
    { title: 'before the worker looked', signalsBefore: 1, signalsSince: 0, woken: false },
    { title: 'after the worker looked', signalsBefore: 0, signalsSince: 1, woken: true },
  ])('a signal that came $title', async ({ signalsBefore, signalsSince, woken }) => {
    const path = await engine.start(
      define(`  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 600 } }] }`),
    );
    const signal: Write = { update: { pk: 'RUNS#demo/hello/p', sk: path.run }, add: { signal: 1 } };
    for (let n = 0; n < signalsBefore; n += 1) await engine.table.write(signal);
    const next = await engine.invoke(path);
    for (let n = 0; n < signalsSince; n += 1) await engine.table.write(signal);
    const wakes: string[] = [];
    const executions = {
      start: fail,
      stop: fail,
      look: fail,
      ended: fail,
      wake: async (token: string) => {
        wakes.push(token);
        return 'woken' as const;
      },
    };
    await parkRun(engine.table, executions, {
      token: 'token-1',
      input: path,
      ...(next.next === 'park' ? next : { epoch: -1, signal: -1 }),
    });
    expect(wakes).toEqual(woken ? ['token-1'] : []);
    expect((await engine.run(path)).token).toBe(woken ? undefined : 'token-1');
  });
});

function fail(): never {
  throw new Error('not expected to be called');
}
