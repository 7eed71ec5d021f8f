import { expect, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { keptJobs } from '../../src/run/kept-jobs.ts';
import { define, LOG } from '../kit/engine.ts';

const log = (needs = ''): string => `{ ${needs}steps: [{ uses: ${LOG}, with: { message: m } }] }`;
const ask = (needs = ''): string =>
  `{ ${needs}steps: [{ uses: ${LOG}, with: { message: m } }, { uses: actions/humanitec/approve@v1, with: { message: m, env_id: e } }] }`;

test.each([
  ['what comes after one that is done again', [1, 2], [2]],
  ['all that succeeded', [0, 1, 2], [0, 1, 2]],
] as const)('what is kept of jobs that succeeded: %s', (_, succeeded, kept) => {
  const jobs = [`  build: ${log()}`, `  teardown: ${log('needs: build, if: always(), ')}`, `  other: ${log()}`];
  const read = readPipeline(define(jobs.join('\n')), { actions });
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  expect([...keptJobs(read.pipeline, new Set(succeeded))]).toEqual(kept);
});

test.each([
  [
    'no approval',
    [
      ['a', log()],
      ['b', log('needs: a, ')],
    ],
    [0, 1],
  ],
  [
    'a job that asks',
    [
      ['a', log()],
      ['b', ask('needs: a, ')],
    ],
    [0],
  ],
  [
    'jobs that need it',
    [
      ['a', ask()],
      ['b', log('needs: a, ')],
      ['c', log('needs: [b], ')],
      ['d', log()],
    ],
    [3],
  ],
  [
    'one that stands before what it needs',
    [
      ['c', log('needs: b, ')],
      ['b', log('needs: a, ')],
      ['a', ask()],
      ['d', log()],
    ],
    [3],
  ],
] as const)('what is kept: %s', (_, jobs, kept) => {
  const read = readPipeline(define(jobs.map(([id, job]) => `  ${id}: ${job}`).join('\n')), { actions });
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  const all = new Set(read.pipeline.jobs.map(({ index }) => index));
  expect([...keptJobs(read.pipeline, all)]).toEqual(kept);
});
