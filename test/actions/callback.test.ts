import { expect, test } from 'vitest';
import type { Callback, Callbacks, JsonObject } from '../../src/actions/action.ts';
import { callback } from '../../src/actions/callback.ts';
import { createContext, NOW } from './context.ts';

const MINUTE = 60_000;

function createCallbacks(known: Readonly<Record<string, Callback>> = {}): Callbacks {
  const announced = new Map<string, number>();
  return {
    announce: async (key, wanted) => {
      const expiresAt = announced.get(key) ?? wanted;
      announced.set(key, expiresAt);
      return { id: `c-${key}`, url: 'https://pipecall.test/callbacks/x', expiresAt };
    },
    look: async id => known[id],
  };
}

const run = (inputs: JsonObject, callbacks: Callbacks, at = 0) =>
  callback.run({ ...createContext({ inputs, at }), callbacks });

test.each([
  [{}, '2030-01-01T01:00:00Z'],
  [{ timeout_minutes: 1.5 }, '2030-01-01T00:01:30Z'],
  [{ timeout_minutes: 43_200 }, '2030-01-31T00:00:00Z'],
])('with %j a URL is given out until %s', async (inputs, expires_at) => {
  const id = 'c-run-1/build/notify/1';
  const outputs = { id, url: 'https://pipecall.test/callbacks/x', expires_at };
  expect(await run(inputs, createCallbacks())).toEqual({ status: 'succeeded', outputs });
});

test('announced again after a crash, it is the same', async () => {
  const callbacks = createCallbacks();
  const first = await run({}, callbacks);
  expect(await run({}, callbacks, 5 * MINUTE)).toEqual(first);
});

const expiresAt = NOW + 60 * MINUTE;

test.each<readonly [string, Callback | undefined, number, JsonObject]>([
  ['not yet posted', { expiresAt }, 0, { status: 'waiting', for: 'callback(c)', until: NOW + 5 * MINUTE }],
  ['not yet posted, near the end', { expiresAt }, 58, { status: 'waiting', until: expiresAt }],
  ['never posted', { expiresAt }, 60, { status: 'failed', code: 'NOT_POSTED' }],
  ['posted', { expiresAt, posted: { payload: { a: 1 } } }, 1, { status: 'succeeded', outputs: { payload: { a: 1 } } }],
  ['posted null', { expiresAt, posted: { payload: null } }, 1, { status: 'succeeded', outputs: { payload: null } }],
  ['posted in time, seen late', { expiresAt, posted: { payload: 'x' } }, 90, { status: 'succeeded' }],
  ['of another run', undefined, 0, { status: 'failed', code: 'UNKNOWN_CALLBACK' }],
])('%s', async (_name, known, minutes, answer) => {
  const callbacks = createCallbacks(known === undefined ? {} : { c: known });
  expect(await run({ wait_for: 'c' }, callbacks, minutes * MINUTE)).toMatchObject(answer);
});

test('a deployment without callbacks says so', async () => {
  expect(await callback.run(createContext({ inputs: {} }))).toMatchObject({ status: 'failed', code: 'NOT_OFFERED' });
});
