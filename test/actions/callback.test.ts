import { expect, test } from 'vitest';
import type { Callback, Callbacks, JsonObject } from '../../src/actions/action.ts';
import { announceCallback } from '../../src/actions/announce-callback.ts';
import { callback } from '../../src/actions/callback.ts';
import { createContext, NOW } from './context.ts';

const MINUTE = 60_000;

function createCallbacks(known: Readonly<Record<string, Callback>> = {}): Callbacks {
  let expiresAt: number | undefined;
  return {
    announce: async wanted => {
      expiresAt ??= wanted;
      return { id: 'c', url: 'https://pipecall.test/callbacks/x', expiresAt };
    },
    look: async id => known[id],
    list: async () => Object.keys(known),
  };
}

const announce = (inputs: JsonObject, callbacks: Callbacks, at = 0) =>
  announceCallback.run({ ...createContext({ inputs, at }), callbacks });

const wait = (inputs: JsonObject, callbacks: Callbacks, at = 0, state?: JsonObject) =>
  callback.run({ ...createContext({ inputs, at, ...(state === undefined ? {} : { state }) }), callbacks });

test.each([
  [{}, '2030-01-01T01:00:00Z'],
  [{ timeout_minutes: 1.5 }, '2030-01-01T00:01:30Z'],
  [{ timeout_minutes: 43_200 }, '2030-01-31T00:00:00Z'],
])('with %j a URL is given out until %s', async (inputs, expires_at) => {
  const outputs = { callback: 'c', url: 'https://pipecall.test/callbacks/x', expires_at };
  expect(await announce(inputs, createCallbacks())).toEqual({ status: 'succeeded', outputs });
});

test('announced again after a crash, it has the same end', async () => {
  const callbacks = createCallbacks();
  const first = await announce({}, callbacks);
  expect(await announce({}, callbacks, 5 * MINUTE)).toEqual(first);
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
  expect(await wait({ callback: 'c' }, callbacks, minutes * MINUTE)).toMatchObject(answer);
});

test('its own time-out counts from its first look', async () => {
  const callbacks = createCallbacks({ c: { expiresAt } });
  const inputs = { callback: 'c', timeout_minutes: 7 };
  const first = await wait(inputs, callbacks, MINUTE);
  expect(first).toMatchObject({ status: 'waiting', until: NOW + 6 * MINUTE });
  const state = first.status === 'waiting' ? first.state : {};
  expect(await wait(inputs, callbacks, 6 * MINUTE, state)).toMatchObject({ until: NOW + 8 * MINUTE });
  expect(await wait(inputs, callbacks, 8 * MINUTE, state)).toMatchObject({ code: 'NOT_POSTED' });
});

test('without a name it is the only one of the run, or none', async () => {
  const one = { expiresAt };
  expect(await wait({}, createCallbacks({ c: one }))).toMatchObject({ for: 'callback(c)' });
  for (const known of [{}, { c: one, d: one }]) {
    expect(await wait({}, createCallbacks(known))).toMatchObject({ status: 'failed', code: 'UNKNOWN_CALLBACK' });
  }
});
