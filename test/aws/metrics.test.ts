import { beforeEach, expect, test } from 'vitest';
import { beginInvocation } from '../../src/aws/log.ts';
import { createMetrics } from '../../src/aws/metrics.ts';

const lines: string[] = [];
const { measure, flush } = createMetrics('Prod', line => lines.push(line));

beforeEach(() => {
  lines.length = 0;
  beginInvocation({ service: 'Prod', about: {} });
});

/** Without the time, which is that of the flush. */
const written = () =>
  lines.map(line => {
    const { _aws, ...fields } = JSON.parse(line) as {
      readonly _aws: { readonly CloudWatchMetrics: readonly unknown[] };
    };
    return { definition: _aws.CloudWatchMetrics, fields };
  });

test('measurements without a dimension are one line, those with one a line for each value', async () => {
  beginInvocation({
    service: 'Prod',
    function_request_id: 'r-1',
    cold_start: false,
    about: { run: 'run-1', org: 'demo' },
  });
  measure({ metric: 'RunsStarted', value: 1 });
  measure({ metric: 'RunDuration', value: 2.5 });
  measure({ metric: 'StepFailures', value: 1, of: 'TIMEOUT' });
  measure({ metric: 'StepFailures', value: 1, of: 'CUSTOM' });
  measure({ metric: 'StepFailures', value: 1, of: 'TIMEOUT' });
  expect(lines).toEqual([]);
  await flush();
  const about = { function_request_id: 'r-1', cold_start: 'false', run: 'run-1', org: 'demo', service: 'Prod' };
  const failures = (code: string, count: unknown) => ({
    definition: [
      {
        Namespace: 'Pipecall',
        Dimensions: [['service', 'code']],
        Metrics: [{ Name: 'StepFailures', Unit: 'Count' }],
      },
    ],
    fields: { ...about, code, StepFailures: count },
  });
  expect(written()).toEqual([
    {
      definition: [
        {
          Namespace: 'Pipecall',
          Dimensions: [['service']],
          Metrics: [
            { Name: 'RunsStarted', Unit: 'Count' },
            { Name: 'RunDuration', Unit: 'Seconds' },
          ],
        },
      ],
      fields: { ...about, RunsStarted: 1, RunDuration: 2.5 },
    },
    failures('TIMEOUT', [1, 1]),
    failures('CUSTOM', 1),
  ]);
});

test('what was written is not written again', async () => {
  measure({ metric: 'RunsStarted', value: 1 });
  await flush();
  await flush();
  expect(lines).toHaveLength(1);
});

test('two metrics may have the same dimension', async () => {
  measure({ metric: 'StepFailures', value: 1, of: 'FORBIDDEN' });
  measure({ metric: 'RefusedStarts', value: 1, of: 'FORBIDDEN' });
  await flush();
  expect(written()).toMatchObject([{ fields: { code: 'FORBIDDEN', StepFailures: 1, RefusedStarts: 1 } }]);
});

test('more than a hundred values of one metric all arrive', async () => {
  for (let count = 0; count < 250; count += 1) measure({ metric: 'RunsStarted', value: 1 });
  await flush();
  const values = written().flatMap(
    ({ fields }) => (fields as { readonly RunsStarted?: number | number[] }).RunsStarted,
  );
  expect(values).toHaveLength(250);
  for (const line of lines) expect(JSON.parse(line).RunsStarted.length ?? 1).toBeLessThanOrEqual(100);
});
