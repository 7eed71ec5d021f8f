import { afterEach, beforeEach, expect, it } from 'vitest';
import { failed, succeeded } from '../../src/actions/action.ts';
import { copyJobs } from '../../src/store/copy-jobs.ts';
import { runKey } from '../../src/store/keys.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(() => {
  engine = openEngine();
});

afterEach(() => engine.close());

const TEXT = define(`
  a: { outputs: { v: "\${{ steps.s.outputs.v }}" }, steps: [{ id: s, uses: ${PROBE} }] }
  b: { needs: a, steps: [{ uses: ${PROBE}, with: { key: "\${{ needs.a.outputs.v }}" } }] }
  c: { needs: [a, b], steps: [{ uses: ${LOG}, with: { message: "\${{ needs.a.outputs.v }} and \${{ needs.b.status }}" } }] }`);

it('a run that keeps jobs of another one does the rest', async () => {
  const before = await engine.start(TEXT);
  const first = engine.invoke(before);
  await engine.untilCalls(1);
  engine.call(0).answer(succeeded({ v: `five ${'x'.repeat(5_000)}` }));
  await engine.untilCalls(2);
  engine.call(1).answer(failed('BROKEN', 'The test said so.'));
  expect(await first).toEqual({ next: 'done' });
  expect(await engine.run(before)).toMatchObject({ status: 'failed' });

  const path = await engine.start(TEXT);
  await copyJobs(
    engine.table,
    before.run,
    { run: path.run, epoch: 0, expiresAt: 4_000_000_000 },
    () => new Set([0, 1]),
  );
  await engine.table.write({ update: runKey(path), set: { kept: true } });
  const second = engine.invoke(path);
  await engine.untilCalls(3);
  expect(engine.call(2).context.inputs.key).toMatch(/^five xxx/);
  expect(engine.call(2).context.stepId).toBe(`${path.run}/b/0/1`);
  engine.call(2).answer(succeeded());
  expect(await second).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded', message: '3 jobs succeeded.' });
  const jobs = await engine.jobs(path);
  expect(jobs.get(0)).toMatchObject({ status: 'succeeded', message: `Kept from run ${before.run}.` });
  expect(jobs.get(1)).toMatchObject({ status: 'succeeded', message: 'Succeeded.' });
  expect(await engine.log(path, 0)).toEqual([]);
  // In a chain of runs it is named who has the logs.
  const chained = { run: 'r3', epoch: 0, expiresAt: 4_000_000_000 };
  await copyJobs(engine.table, path.run, chained, all => all);
  const third = await engine.jobs({ ...path, run: 'r3' });
  expect([third.get(0)?.message, third.get(1)?.message]).toEqual([
    `Kept from run ${before.run}.`,
    `Kept from run ${path.run}.`,
  ]);
  expect((await engine.log(path, 2))[0]).toMatch(/^five x+ and succeeded$/);
});
