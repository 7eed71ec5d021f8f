import { expect, test } from 'vitest';
import type { ActionContext, CalledRun, CallsRun, JsonObject, RunCall, RunRefusal } from '../../src/actions/action.ts';
import { callPipeline } from '../../src/actions/call-pipeline.ts';
import { callCases } from '../fixtures/actions/call-pipeline.ts';
import { createContext } from './context.ts';

type FakeRuns = CallsRun & { readonly started: RunCall[]; readonly cancelled: RunCall[] };

/** One run for the step, as the engine has it. */
function createRuns(looks: readonly (CalledRun | undefined)[] = [], refusal?: RunRefusal): FakeRuns {
  const started: RunCall[] = [];
  const cancelled: RunCall[] = [];
  let looked = 0;
  return {
    started,
    cancelled,
    start: async call => {
      if (refusal !== undefined) return refusal;
      if (started.length === 0) started.push(call);
      return { ok: true, run: 'r2' };
    },
    look: async () => looks[Math.min(looked++, looks.length - 1)],
    cancel: async call => void cancelled.push(call),
  };
}

function contextOf(runs: CallsRun, inputs: JsonObject = {}, state?: JsonObject): ActionContext {
  const context = createContext({
    inputs: { pipeline: 'deploy', ...inputs },
    ...(state === undefined ? {} : { state }),
  });
  return { ...context, runs };
}

test.each(callCases)('$name', async ({ inputs, refusal, looks, code, message, outputs, call }) => {
  const runs = createRuns(looks, refusal);
  let answer = await callPipeline.run(contextOf(runs, inputs));
  for (let turn = 0; answer.status === 'waiting'; turn++) {
    expect(turn).toBeLessThan(10);
    expect(answer).toMatchObject({
      for: 'run(r2)',
      state: { run: 'r2', app: inputs?.app ?? 'shop', pipeline: 'deploy' },
    });
    answer = await callPipeline.run(contextOf(runs, inputs, answer.state));
  }
  expect(answer).toMatchObject(code === undefined ? { status: 'succeeded' } : { status: 'failed', code });
  if (code !== undefined) expect(Object.keys(callPipeline.errors)).toContain(code);
  if (message !== undefined) expect(answer).toMatchObject({ message });
  if (outputs !== undefined) expect(answer).toMatchObject({ outputs });
  expect(runs.started).toHaveLength(refusal === undefined ? 1 : 0);
  if (call !== undefined) expect(runs.started).toEqual([call]);
});

test('a crash before the state is durable starts no second run', async () => {
  const runs = createRuns([{ over: false }]);
  await callPipeline.run(contextOf(runs));
  await callPipeline.run(contextOf(runs));
  expect(runs.started).toHaveLength(1);
});

test.each([undefined, { run: 'r2', app: 'shop', pipeline: 'deploy' }])(
  'cut off with the state %j, the called run is cancelled',
  async state => {
    const runs = createRuns([{ over: false }]);
    await callPipeline.abandon?.(contextOf(runs, { app: 'blog' }, state), 'Cancelled on request.');
    expect(runs.cancelled).toEqual([{ app: 'blog', pipeline: 'deploy', inputs: {} }]);
  },
);
