import { expect, test } from 'vitest';
import type { Waiting } from '../../../src/actions/action.ts';
import { endRemote } from '../../../src/actions/remote/end-remote.ts';
import { follow } from '../../../src/actions/remote/follow.ts';
import type { EndableRun } from '../../../src/actions/remote/remote-run.ts';
import { type ContextOptions, createContext, NOW } from '../context.ts';

const started = { id: 7, url: 'https://ci.test/7' };
const no = () => Promise.reject(new Error('not to be asked'));

function remoteRun(rest: Partial<EndableRun>): EndableRun {
  return { label: 'ci(acme)', noun: 'build', start: no, find: no, look: no, end: no, ...rest };
}

async function waitingOf(options: Partial<ContextOptions>, rest: Partial<EndableRun>): Promise<Waiting> {
  const answer = await follow(createContext({ inputs: {}, ...options }), remoteRun(rest));
  if (answer.status !== 'waiting') throw new Error(JSON.stringify(answer));
  return answer;
}

const going = { look: async () => ({ kind: 'ok', value: { over: false } }) as const };

test('it is armed, then started, then followed; what it waits for is shown', async () => {
  const armed = await waitingOf({}, {});
  expect(armed).toMatchObject({ for: 'ci(acme)', until: NOW });
  const asked: string[] = [];
  const start = async (uid: string) => {
    asked.push(uid);
    return { kind: 'ok', value: started } as const;
  };
  const following = await waitingOf({ state: armed.state }, { start });
  expect(asked).toEqual(['pipecall/run-1/build/notify/1']);
  expect(following).toMatchObject({ for: 'ci(acme)#7', until: NOW + 5_000 });
});

test('looks come later and later', async () => {
  let { state, until } = await waitingOf(
    { state: (await waitingOf({}, {})).state },
    { start: async () => ({ kind: 'ok', value: started }) },
  );
  const pauses: number[] = [];
  for (let turn = 0; turn < 9; turn++) {
    const at = until;
    ({ state, until } = await waitingOf({ state, at: at - NOW }, going));
    pauses.push((until - at) / 1_000);
  }
  expect(pauses.map(Math.round)).toEqual([8, 11, 17, 25, 38, 57, 60, 60, 60]);
});

test('woken too early it asks nobody, and goes on waiting for the same', async () => {
  const armed = await waitingOf({}, {});
  const waits = [
    await waitingOf({ state: armed.state }, { start: async () => ({ kind: 'ok', value: started }) }),
    await waitingOf(
      { state: armed.state },
      { start: async () => ({ kind: 'ok', value: started, notBefore: NOW + 90_000 }) },
    ),
    await waitingOf({ state: armed.state }, { start: async () => ({ kind: 'later', at: NOW + 90_000 }) }),
    await waitingOf({ state: armed.state }, { start: async () => ({ kind: 'unclear', message: 'Lost.' }) }),
  ];
  expect(waits.map(({ until }) => until - NOW)).toEqual([5_000, 90_000, 90_000, 5_000]);
  for (const wait of waits) expect(await waitingOf({ state: wait.state, at: 4_999 }, {})).toEqual(wait);
});

test('a step that was cut off starts nothing', async () => {
  const { state } = await waitingOf({}, {});
  const answer = await follow(createContext({ inputs: {}, state, signal: AbortSignal.abort() }), remoteRun({}));
  expect(answer).toMatchObject({ status: 'failed', code: 'ABORTED' });
});

test('nothing was started: nothing is ended', async () => {
  await endRemote(createContext({ inputs: {} }), remoteRun({}));
});

test('what cannot be ended in time is told with its URL', async () => {
  const { state } = await waitingOf(
    { state: (await waitingOf({}, {})).state },
    { start: async () => ({ kind: 'ok', value: started }) },
  );
  const ending = new AbortController();
  let tries = 0;
  const onSleep = () => tries === 2 && ending.abort();
  const context = createContext({ inputs: {}, state, signal: ending.signal, onSleep });
  const end = async () => {
    tries++;
    return { kind: 'unclear', message: 'CI answered 502.' } as const;
  };
  await endRemote(context, remoteRun({ end }));
  expect(tries).toBe(2);
  expect(context.recorded.lines).toEqual([
    ['warning', 'The build could not be cancelled: https://ci.test/7: CI answered 502.'],
  ]);
});

test.each([
  ['refused for good', undefined, 1],
  ['not known there yet', true, 2],
] as const)('what is %s (%j) is asked for so often: %i', async (_what, absent, times) => {
  const { state } = await waitingOf(
    { state: (await waitingOf({}, {})).state },
    { start: async () => ({ kind: 'ok', value: started }) },
  );
  const context = createContext({ inputs: {}, state });
  let tries = 0;
  const end = async () => {
    tries++;
    if (tries === 2) return { kind: 'ok', value: undefined } as const;
    const refusal = { kind: 'refused', code: 'NO', message: 'CI answered 4xx.' } as const;
    return absent === undefined ? refusal : { ...refusal, absent };
  };
  await endRemote(context, remoteRun({ end }));
  expect(tries).toBe(times);
});
