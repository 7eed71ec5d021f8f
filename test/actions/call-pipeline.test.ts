import { expect, test } from 'vitest';
import type { ActionContext, CalledRun, JsonObject, RunCall, RunRefusal, Runs } from '../../src/actions/action.ts';
import { callPipeline } from '../../src/actions/call-pipeline.ts';
import { callCases } from '../fixtures/actions/call-pipeline.ts';
import { createContext } from './context.ts';

type FakeRuns = Runs & { readonly started: Map<string, RunCall>; readonly cancelled: string[] };

/** One run a key, as the engine has it. */
function createRuns(looks: readonly (CalledRun | undefined)[] = [], refusal?: RunRefusal): FakeRuns {
  const started = new Map<string, RunCall>();
  const cancelled: string[] = [];
  let looked = 0;
  return {
    started,
    cancelled,
    start: async call => {
      if (refusal !== undefined) return refusal;
      started.set(call.key, started.get(call.key) ?? call);
      return { ok: true, run: 'r2' };
    },
    find: async key => (started.has(key) ? 'r2' : undefined),
    look: async () => looks[Math.min(looked++, looks.length - 1)],
    cancel: async run => void cancelled.push(run),
  };
}

function contextOf(runs: Runs, inputs: JsonObject = {}, state?: JsonObject): ActionContext {
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
    expect(answer).toMatchObject({ for: 'pipeline.run(r2)', state: { run: 'r2' } });
    answer = await callPipeline.run(contextOf(runs, inputs, answer.state));
  }
  expect(answer).toMatchObject(code === undefined ? { status: 'succeeded' } : { status: 'failed', code });
  if (code !== undefined) expect(Object.keys(callPipeline.errors)).toContain(code);
  if (message !== undefined) expect(answer).toMatchObject({ message });
  if (outputs !== undefined) expect(answer).toMatchObject({ outputs });
  expect(runs.started.size).toBe(refusal === undefined ? 1 : 0);
  if (call !== undefined) expect([...runs.started.values()]).toEqual([call]);
});

test('a crash before the state is durable starts no second run', async () => {
  const runs = createRuns([{ over: false }]);
  await callPipeline.run(contextOf(runs));
  await callPipeline.run(contextOf(runs));
  expect(runs.started.size).toBe(1);
});

test.each([
  ['while it is waited for', { run: 'r2' }],
  ['before its id was durable', undefined],
])('cut off %s, the called run is cancelled', async (_name, state) => {
  const runs = createRuns([{ over: false }]);
  await callPipeline.run(contextOf(runs));
  await callPipeline.abandon?.(contextOf(runs, {}, state), 'Cancelled on request.');
  expect(runs.cancelled).toEqual(['r2']);
});

test('cut off before the start, no run is started or cancelled', async () => {
  const runs = createRuns();
  await callPipeline.abandon?.(contextOf(runs), 'Cancelled on request.');
  expect([runs.cancelled, runs.started.size]).toEqual([[], 0]);
});

test('a deployment without runs says so', async () => {
  const context = createContext({ inputs: { pipeline: 'deploy' } });
  expect(await callPipeline.run(context)).toMatchObject({ status: 'failed', code: 'NOT_OFFERED' });
  await callPipeline.abandon?.(context, 'Cancelled on request.');
});
