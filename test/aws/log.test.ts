import { afterEach, expect, test, vi } from 'vitest';
import { observed } from '../../functions/observed.ts';
import { beginInvocation, logEntry, reportError } from '../../src/aws/log.ts';
import { createMetrics } from '../../src/aws/metrics.ts';

const written: string[] = [];
vi.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0);

afterEach(() => {
  written.length = 0;
  vi.unstubAllEnvs();
  beginInvocation({ about: {} });
});

const lines = () => written.map(line => JSON.parse(line) as Readonly<Record<string, unknown>>);

const CONTEXT = { awsRequestId: 'lambda-1', functionName: 'run-jobs' } as Parameters<ReturnType<typeof observed>>[1];

test('every line says which invocation it is of, and what that is about', async () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1');
  const handler = observed({ metrics: createMetrics('Prod'), about: (run: string) => ({ run }) }, async () =>
    logEntry({ level: 'info', message: 'hello', job: 'build' }),
  );
  await handler('run-1', CONTEXT);
  await handler('run-2', CONTEXT);
  const common = {
    level: 'info',
    message: 'hello',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    service: 'Prod',
    function_name: 'run-jobs',
    function_request_id: 'lambda-1',
    xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
    job: 'build',
  };
  expect(lines()).toEqual([
    { ...common, cold_start: true, run: 'run-1' },
    { ...common, cold_start: false, run: 'run-2' },
  ]);
});

test('what a handler throws is a line with all its causes, and is thrown', async () => {
  const trouble = new Error('outside', { cause: new TypeError('inside') });
  const handler = observed({ metrics: createMetrics('Prod'), about: () => ({ run: 'run-1' }) }, () =>
    Promise.reject(trouble),
  );
  await expect(handler('event', CONTEXT)).rejects.toBe(trouble);
  expect(lines()).toMatchObject([
    {
      level: 'error',
      run: 'run-1',
      error: 'Error',
      stack: expect.stringMatching(/outside[\s\S]*caused by: TypeError: inside/),
    },
  ]);
});

test('what was measured before the trouble is written all the same', async () => {
  const metrics = createMetrics('Prod');
  const handler = observed({ metrics, about: () => ({}) }, async () => {
    metrics.measure({ metric: 'RunsStarted', value: 1 });
    throw new Error('late');
  });
  await expect(handler('event', CONTEXT)).rejects.toThrow('late');
  expect(lines()).toMatchObject([{ message: 'the invocation failed' }, { RunsStarted: 1, service: 'Prod' }]);
});

test.each([
  [undefined, ['info', 'warning', 'error']],
  ['debug', ['debug', 'info', 'warning', 'error']],
  ['warning', ['warning', 'error']],
  ['error', ['error']],
  ['loud', ['info', 'warning', 'error']],
])('at the level %s these are written: %j', (level, expected) => {
  if (level !== undefined) vi.stubEnv('LOG_LEVEL', level);
  for (const each of ['debug', 'info', 'warning', 'error'] as const) logEntry({ level: each, message: 'hello' });
  expect(lines().map(line => line.level)).toEqual(expected);
});

test('an error may say what was at work', () => {
  reportError('broken', new Error('why'), { run: 'run-1', job: 'build' });
  expect(lines()).toMatchObject([{ message: 'broken', run: 'run-1', job: 'build', error: 'Error' }]);
});
