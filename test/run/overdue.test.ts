import { expect, test } from 'vitest';
import { overdueBy } from '../../src/run/overdue.ts';
import type { RunRecord } from '../../src/store/runs.ts';

const MINUTE = 60_000;

/** An hour is its time; five minutes are there to clean up. */
const run = (more: Partial<RunRecord>): RunRecord => ({
  ...{ org: 'acme', app: 'shop', pipeline: 'deploy', run: 'r', version: 'v', trigger: 'pipeline_call' },
  ...{ status: 'executing', message: '', createdAt: 0, createdBy: 'u', runAs: 'u', timeoutSeconds: 3_600 },
  ...{
    waitingFor: {},
    epoch: 1,
    released: 0,
    execution: 0,
    signal: 0,
    inputs: { text: '{}' },
    kept: false,
    envIds: [],
  },
  ...more,
});

const at = (minutes: number) => minutes * MINUTE;
const group = { name: 'g', limit: 1 };

test.each<readonly [string, Partial<RunRecord>, number, number]>([
  ['one that was never started, since its request', { status: 'queued' }, at(40), 2_400],
  ['one that waits for its group is not', { status: 'queued', group }, at(40), 0],
  ['one that waited for its group as long as it may', { status: 'queued', group }, at(61), 60],
  ['one that is at work is not', { executingAt: at(10) }, at(60), 0],
  ['one whose time is over has five minutes more', { executingAt: at(10) }, at(75), 0],
  ['and is overdue then', { executingAt: at(10) }, at(76), 60],
  ['one that is parked is not', { executingAt: 0, released: 1, wakesAt: at(30) }, at(29), 0],
  ['one whose wait is over', { executingAt: 0, released: 1, wakesAt: at(30) }, at(32), 120],
  [
    'one that was woken is not, whatever its last alarm clock was',
    { epoch: 2, released: 1, wakesAt: at(30) },
    at(59),
    0,
  ],
  ['one that waits beyond its own end', { executingAt: 0, released: 1, wakesAt: at(600) }, at(66), 60],
  ['one that was cancelled and does not end', { executingAt: 0, cancellationRequestedAt: at(10) }, at(16), 60],
  [
    'one that cleans up has its time from when it was seen',
    { cancellationRequestedAt: at(1), cleanupSince: at(10) },
    at(15),
    0,
  ],
  ['one that is over and was not told', { status: 'failed', completedAt: at(10) }, at(11), 60],
])('%s', (_, more, now, expected) => {
  expect(overdueBy(run(more), now)).toBe(expected);
});
