import { afterEach, beforeEach, expect, it } from 'vitest';
import { failed, succeeded } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/registry.ts';
import type { Table } from '../../src/ports/table.ts';
import { createDefinitions } from '../../src/run/definitions.ts';
import { leaveToken } from '../../src/store/run-writes.ts';
import { putPendingVersion } from '../../src/store/versions.ts';
import { define, LOG, type OwnEngine, openEngine, PROBE, PURE } from '../kit/engine.ts';

let engine: OwnEngine;

beforeEach(() => {
  engine = openEngine();
});

afterEach(() => engine.close());

it('a job that lost steps to a cancellation did not succeed', async () => {
  const path = await engine.start(
    define(`
  a: { steps: [{ uses: ${PROBE} }, { uses: ${LOG}, with: { message: important } }] }
  b: { needs: a, if: "always()", steps: [{ uses: ${LOG}, with: { message: "a was \${{ needs.a.status }}" } }] }`),
    {},
    60,
  );
  const invocation = engine.invoke(path);
  await engine.untilCalls(1);
  await engine.clock.advance(60_000);
  engine.call(0).answer(succeeded());
  await invocation;
  expect((await engine.jobs(path)).get(0)).toMatchObject({ status: 'cancelled' });
  expect(await engine.log(path, 1)).toEqual(['a was cancelled']);
});

it('a clean-up step goes on in the next invocation', async () => {
  const path = await engine.start(
    define(`  a: { steps: [{ uses: ${PROBE} }, { if: always(), id: clean, uses: ${PROBE} }] }`),
    {},
    60,
  );
  const first = engine.invoke(path);
  await engine.untilCalls(1);
  await engine.clock.advance(60_000);
  engine.call(0).answer(failed('ABORTED', 'cut off'));
  await engine.untilCalls(2);
  const second = engine.invoke(path);
  await engine.untilCalls(3);
  expect(engine.call(2).context.signal.aborted).toBe(false);
  engine.call(2).answer(succeeded());
  expect(await second).toEqual({ next: 'done' });
  expect((await engine.jobs(path)).get(0)?.steps[1]).toMatchObject({ status: 'succeeded' });
  engine.call(1).answer(succeeded());
  await first;
});

it('no ordinary step begins in a resumed job whose run is out of time', async () => {
  const path = await engine.start(
    define(`  a: { steps: [{ uses: ${PROBE} }, { uses: ${LOG}, with: { message: late } }] }`),
    {},
    900,
  );
  const end = engine.clock.now() + 900_000;
  const first = engine.invoke(path, { remaining: () => end - engine.clock.now() });
  await engine.untilCalls(1);
  await engine.clock.advance(600_000);
  engine.call(0).answer(succeeded());
  expect(await first).toEqual({ next: 'again' });
  await engine.clock.advance(400_000);
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(await engine.log(path, 0)).toEqual([]);
  expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
});

it('nothing becomes durable behind a flush that failed', async () => {
  const text = define(
    `  a: { steps: [{ uses: ${LOG}, with: { message: one } }, { uses: ${PURE} }, { uses: ${LOG}, with: { message: two } }, { uses: ${PROBE} }] }`,
  );
  const path = await engine.start(text);
  let flushes = 0;
  let failFirst: (error: Error) => void = () => undefined;
  const flaky: Table = {
    ...engine.table,
    writeInOrder(groups) {
      flushes += 1;
      if (flushes > 1) return engine.table.writeInOrder(groups);
      return new Promise((_, reject) => {
        failFirst = reject;
      });
    },
  };
  const first = engine.invoke(path, { table: flaky }).catch(String);
  await engine.untilCalls(1);
  await engine.clock.advance(1_000);
  engine.call(0).answer(succeeded());
  await engine.clock.flush();
  failFirst(new Error('throttled'));
  expect(await first).toBe('Error: throttled');
  expect(flushes).toBe(1);
  const second = engine.invoke(path);
  await engine.untilCalls(2);
  engine.call(1).answer(succeeded());
  await engine.untilCalls(3);
  engine.call(2).answer(succeeded());
  expect(await second).toEqual({ next: 'done' });
  expect(await engine.log(path, 0)).toEqual(['one', 'two']);
});

it('the token of an older wait does not replace that of a newer one', async () => {
  const path = await engine.start(
    define(`  a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 600 } }] }`),
  );
  expect(await engine.invoke(path)).toMatchObject({ next: 'park', epoch: 1 });
  expect(await engine.invoke(path)).toMatchObject({ next: 'park', epoch: 2 });
  expect(await leaveToken(engine.table, path, 'newer', { epoch: 2, signal: 0 })).toBe(true);
  expect(await leaveToken(engine.table, path, 'older', { epoch: 1, signal: 0 })).toBe(false);
  expect((await engine.run(path)).token).toBe('newer');
});

it('a version that many ask for at once is read once and counted once', async () => {
  const path = { org: 'o', app: 'a', pipeline: 'p' };
  const text = `${define(`  a: { steps: [{ uses: ${LOG}, with: { message: hi } }] }`)}\n${'#'.repeat(200_000)}`;
  for (let version = 0; version < 12; version += 1) {
    await putPendingVersion(engine.table, { ...path, version: `v${version}`, text, createdAt: 1, createdBy: 'u' });
  }
  let reads = 0;
  const counting: Table = {
    ...engine.table,
    get(key, options) {
      reads += 1;
      return engine.table.get(key, options);
    },
  };
  const definitions = createDefinitions(counting, actions);
  await Promise.all(Array.from({ length: 32 }, () => definitions.load(path, 'v0')));
  expect(reads).toBe(1);
  for (let version = 0; version < 12; version += 1) await definitions.load(path, `v${version}`);
  expect(reads).toBe(12);
  for (let version = 0; version < 12; version += 1) await definitions.load(path, `v${version}`);
  expect(reads).toBe(12);
});

it('a large output is written once, however long its job goes on', async () => {
  let large = 0;
  const counting: Table = {
    ...engine.table,
    writeInOrder(groups) {
      for (const write of groups.flat()) {
        if ('put' in write && write.put.sk.startsWith('LARGE#')) large += JSON.stringify(write.put).length;
      }
      return engine.table.writeInOrder(groups);
    },
  };
  const rest = Array.from({ length: 20 }, () => `{ uses: ${PROBE} }`).join(', ');
  const path = await engine.start(define(`  a: { steps: [{ id: big, uses: ${PROBE} }, ${rest}] }`));
  const invocation = engine.invoke(path, { table: counting });
  await engine.untilCalls(1);
  engine.call(0).answer(succeeded({ text: 'x'.repeat(300_000) }));
  for (let index = 1; index <= 20; index += 1) {
    await engine.untilCalls(index + 1);
    engine.call(index).answer(succeeded());
  }
  expect(await invocation).toEqual({ next: 'done' });
  expect(large).toBeLessThan(310_000);
});

it('a record fits its item, whatever steps have to say', async () => {
  const steps = Array.from(
    { length: 99 },
    () =>
      `{ name: "\${{ inputs.text }}", continue-on-error: true, uses: actions/humanitec/fail@v1, with: { message: "\${{ inputs.text }}" } }`,
  ).join(', ');
  const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }, ${steps}] }`), {
    text: 'é€'.repeat(40_000),
  });
  const invocation = engine.invoke(path);
  await engine.untilCalls(1);
  engine.call(0).answer(succeeded());
  expect(await invocation).toEqual({ next: 'done' });
  expect(engine.calls.length).toBe(1);
  const job = (await engine.jobs(path)).get(0);
  expect(job).toMatchObject({ status: 'succeeded' });
  expect(job?.steps[50]?.message).toMatch(/^FAILED: é€é€.*… \(cut: 200008 bytes\)$/);
});

it('a job that keeps too much fails instead of filling the memory', async () => {
  const steps = Array.from({ length: 10 }, () => `{ uses: ${PROBE} }`).join(', ');
  const path = await engine.start(define(`  a: { steps: [${steps}] }`));
  const invocation = engine.invoke(path);
  for (let index = 0; index < 9; index += 1) {
    await engine.untilCalls(index + 1);
    engine.call(index).answer(succeeded({ text: 'x'.repeat(1_000_000) }));
  }
  expect(await invocation).toEqual({ next: 'done' });
  expect((await engine.run(path)).message).toContain('OUTPUTS_TOO_LARGE');
});

it('a worker that has thrown begins no effect any more', async () => {
  const path = await engine.start(
    define(`
  a: { steps: [{ uses: ${PROBE}, with: { key: a1 } }, { uses: ${PROBE}, with: { key: a2 } }] }
  b: { steps: [{ uses: ${PURE}, with: { key: b1 } }, { uses: ${PROBE}, with: { key: b2 } }] }`),
  );
  let broken = false;
  const flaky: Table = {
    ...engine.table,
    writeInOrder: groups => (broken ? Promise.reject(new Error('throttled')) : engine.table.writeInOrder(groups)),
  };
  const invocation = engine.invoke(path, { table: flaky }).catch(String);
  await engine.untilCalls(2);
  const pure = engine.calls.find(one => one.context.inputs.key === 'b1');
  const effect = engine.calls.find(one => one.context.inputs.key === 'a1');
  broken = true;
  effect?.answer(succeeded());
  expect(await invocation).toBe('Error: throttled');
  broken = false;
  pure?.answer(succeeded());
  for (let turn = 0; turn < 10; turn += 1) await engine.clock.flush();
  expect(engine.calls.length).toBe(2);
});

it('a look that fails is reported and ends nothing', async () => {
  const path = await engine.start(define(`  a: { steps: [{ uses: ${PROBE} }] }`));
  let looks = 0;
  const flaky: Table = {
    ...engine.table,
    get(key, options) {
      if (!key.pk.startsWith('RUNS#')) return engine.table.get(key, options);
      looks += 1;
      return looks === 1 ? Promise.reject(new Error('throttled')) : engine.table.get(key, options);
    },
  };
  const invocation = engine.invoke(path, { table: flaky });
  await engine.untilCalls(1);
  await engine.clock.advance(2_100);
  expect(engine.call(0).context.signal.aborted).toBe(false);
  expect(engine.reports.length).toBe(1);
  engine.call(0).answer(succeeded());
  expect(await invocation).toEqual({ next: 'done' });
});

it('a job whose condition cannot be evaluated may be continued like any other failure', async () => {
  const path = await engine.start(
    define(`
  a: { if: "fromJSON(inputs.text)", continue-on-error: true, steps: [{ uses: ${LOG}, with: { message: never } }] }
  b: { needs: a, steps: [{ uses: ${LOG}, with: { message: "a was \${{ needs.a.status }}" } }] }`),
    { text: '{' },
  );
  expect(await engine.invoke(path)).toEqual({ next: 'done' });
  expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  expect(await engine.log(path, 1)).toEqual(['a was failed']);
});
