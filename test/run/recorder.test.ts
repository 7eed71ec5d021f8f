import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalTable, openTable } from '../../local/table/open-table.ts';
import type { Table } from '../../src/ports/table.ts';
import { createRecorder, type JobState, Superseded } from '../../src/run/recorder.ts';
import { getJob, type JobRecord } from '../../src/store/jobs.ts';
import { readChunks } from '../../src/store/logs.ts';

let table: LocalTable;

beforeEach(() => {
  table = openTable({ file: ':memory:', clock: { now: () => 0 }, sweepSeconds: 0 });
});

afterEach(() => table.close());

const FENCE = { run: 'r', epoch: 1, expiresAt: 4_000_000_000 };

const record = (index: number): JobRecord => ({
  index,
  status: 'executing',
  message: '',
  createdAt: 1,
  updatedAt: 1,
  steps: [],
});
const state = (index: number): JobState => ({ record: record(index), logChunks: 0 });
const line = (message: string) => ({ step: 0, at: 1, level: 'info', message });

/** Counts the calls that reach the table. */
function counted(): { readonly table: Table; calls(): number } {
  let calls = 0;
  return {
    calls: () => calls,
    table: {
      ...table,
      writeInOrder: groups => {
        calls += 1;
        return table.writeInOrder(groups);
      },
    },
  };
}

it('sends nothing when nothing changed', async () => {
  const through = counted();
  await createRecorder(through.table, FENCE, () => 5).flush();
  expect(through.calls()).toBe(0);
});

it('sends many changes of many jobs at once', async () => {
  const through = counted();
  const recorder = createRecorder(through.table, FENCE, () => 5);
  const states = Array.from({ length: 30 }, (_, index) => state(index));
  for (const one of states) recorder.changed(one);
  for (const one of states) recorder.log(one, line('hello'));
  expect(recorder.dirtySince()).toBe(5);
  await recorder.flush();
  expect(through.calls()).toBe(1);
  expect(recorder.dirtySince()).toBeUndefined();
  expect(await getJob(table, 'r', 29)).toMatchObject({ status: 'executing', logChunks: 1 });
});

it('keeps the few lines of a job that ended in its record', async () => {
  const recorder = createRecorder(table, FENCE, () => 5);
  const few = state(0);
  const many = state(1);
  few.record = { ...record(0), status: 'succeeded' };
  many.record = { ...record(1), status: 'succeeded' };
  recorder.log(few, line('hello'));
  recorder.log(few, line('bye'));
  for (let count = 0; count < 20; count += 1) recorder.log(many, line('hello'));
  await recorder.flush();
  const chunks = (await table.query({ pk: 'RUN#r', prefix: 'LOG#' })).items.map(({ sk }) => sk);
  expect(chunks).toEqual(['LOG#001#0000000']);
  const inRecord = [{ chunk: 0, lines: [line('hello'), line('bye')] }];
  expect(await readChunks(table, 'r', 0, 0, few.logChunks, 10)).toEqual(inRecord);
  expect((await readChunks(table, 'r', 1, 0, many.logChunks, 10))[0]?.lines).toHaveLength(20);
  // What comes later is a chunk behind it, and the record may be written again.
  recorder.log(few, line('late'));
  await recorder.flush();
  const later = [...inRecord, { chunk: 1, lines: [line('late')] }];
  expect(await readChunks(table, 'r', 0, 0, few.logChunks, 10)).toEqual(later);
  expect(await readChunks(table, 'r', 0, 1, few.logChunks, 10)).toEqual(later.slice(1));
});

it('shares the next flush among all who ask while one is on its way', async () => {
  const through = counted();
  const recorder = createRecorder(through.table, FENCE, () => 5);
  const one = state(0);
  recorder.changed(one);
  const flushes = [recorder.flush()];
  for (let count = 0; count < 10; count += 1) {
    one.record = { ...record(0), message: `${count}` };
    recorder.changed(one);
    flushes.push(recorder.flush());
  }
  await Promise.all(flushes);
  expect(through.calls()).toBe(2);
  expect(await getJob(table, 'r', 0)).toMatchObject({ message: '9' });
});

it('cuts a long log into chunks that an item can hold, and loses no line', async () => {
  const recorder = createRecorder(table, FENCE, () => 5);
  const one = state(0);
  const messages = Array.from({ length: 60 }, (_, index) => `${index} ${'€'.repeat(10_000)}`);
  for (const message of messages) recorder.log(one, line(message));
  await recorder.flush();
  expect(one.logChunks).toBeGreaterThan(10);
  const chunks = await readChunks(table, 'r', 0, 0, one.logChunks, 100);
  expect(chunks.flatMap(chunk => chunk.lines.map(read => read.message))).toEqual(messages);
});

it('is superseded when a later epoch has the job, and writes nothing of what follows', async () => {
  const later = createRecorder(table, { ...FENCE, epoch: 2 }, () => 5);
  later.changed(state(0));
  await later.flush();
  const recorder = createRecorder(table, FENCE, () => 5);
  recorder.changed(state(0));
  const closing = [[{ put: { pk: 'x', sk: 'x', closed: true } }]];
  await expect(recorder.close(closing)).rejects.toBeInstanceOf(Superseded);
  expect(await table.get({ pk: 'x', sk: 'x' })).toBeUndefined();
});

it('tells all who wait when the table is in trouble', async () => {
  const broken: Table = { ...table, writeInOrder: () => Promise.reject(new Error('no disk')) };
  const recorder = createRecorder(broken, FENCE, () => 5);
  recorder.changed(state(0));
  const first = recorder.flush();
  recorder.changed(state(1));
  const second = recorder.flush();
  await expect(first).rejects.toThrow('no disk');
  await expect(second).rejects.toThrow('no disk');
});
