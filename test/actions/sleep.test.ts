import { expect, test } from 'vitest';
import { sleep } from '../../src/actions/sleep.ts';
import { sleeps } from '../fixtures/actions/sleep.ts';
import { createContext } from './context.ts';

test.each(sleeps.map(row => [JSON.stringify([row.inputs, row.state, row.at]), row] as const))(
  '%s',
  async (_name, row) => {
    const { slept = [], code, parked, ...options } = row;
    const context = createContext(options);
    const answer = await sleep.run(context);
    if (code !== undefined) expect(answer).toEqual({ status: 'failed', code, message: expect.any(String) });
    else if (parked === undefined) expect(answer).toEqual({ status: 'succeeded', outputs: {} });
    else expect(answer).toEqual({ status: 'waiting', ...parked, state: { until: parked.until } });
    expect(context.recorded.slept).toEqual(slept);
  },
);

test('an abort ends the sleep in place', async () => {
  const controller = new AbortController();
  const context = createContext({
    inputs: { seconds: 3 },
    signal: controller.signal,
    onSleep: () => controller.abort(),
  });
  expect(await sleep.run(context)).toMatchObject({ status: 'failed', code: 'ABORTED' });
});

test('an aborted step does not park', async () => {
  const context = createContext({ inputs: { seconds: 60 }, signal: AbortSignal.abort() });
  expect(await sleep.run(context)).toMatchObject({ status: 'failed', code: 'ABORTED' });
});
