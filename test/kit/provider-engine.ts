import type { Clients } from '../../src/actions/action.ts';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import { cancelRun } from '../../src/run/cancel-run.ts';
import type { Next } from '../../src/run/invocation.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { type OwnEngine, openEngine } from './engine.ts';

const real = createHttpClient({ allowEgress: ['127.0.0.1/32'] });

export type ProviderEngine = OwnEngine & {
  /** Told of each exchange when it was answered; the worker hears of the answer when this is done. */
  onAnswer: (url: string) => void | Promise<void>;
  /** Lets time pass, but not while an answer of a provider is on its way, until the promise is settled. */
  settled<T>(promise: Promise<T>): Promise<T>;
  /** Invokes again when what is waited for has come, as the state machine does. `between`: while the run is parked. */
  finish(path: RunPath, between?: (turn: number) => Promise<void>): Promise<void>;
  cancel(path: RunPath): Promise<void>;
};

/** An engine whose steps speak real HTTP with stand-ins on loopback, on a clock that runs only while nobody speaks. */
export function openProviderEngine(): ProviderEngine {
  const inFlight = new Set<Promise<unknown>>();
  const http: Clients['http'] = async exchange => {
    const exchanging = real(exchange);
    inFlight.add(exchanging);
    const answer = await exchanging;
    inFlight.delete(exchanging);
    await provider.onAnswer(exchange.url);
    return answer;
  };
  const engine = openEngine({ clients: { http } });
  const { clock, table, executions } = engine;

  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false;
    const mark = () => {
      done = true;
    };
    void promise.then(mark, mark);
    for (;;) {
      await clock.flush();
      if (inFlight.size > 0) await Promise.allSettled([...inFlight]);
      else if (done) return promise;
      else await clock.advance(Math.max(0, (clock.pendingUntil()[0] ?? 0) - clock.now()));
    }
  };
  const provider: ProviderEngine = {
    ...engine,
    onAnswer: () => undefined,
    settled,
    async finish(path, between = async () => undefined) {
      for (let turn = 0; turn < 50; turn++) {
        const next: Next = await settled(engine.invoke(path));
        if (next.next === 'done') return;
        await between(turn);
        // A run that was signalled meanwhile is not left waiting.
        if (next.next === 'park' && (await engine.run(path)).signal === next.signal) {
          await clock.advance(next.seconds * 1_000);
        }
      }
      throw new Error('The run never came to an end.');
    },
    cancel: async path =>
      void (await cancelRun({ table, executions, clock, retentionDays: 90, report: () => undefined }, path)),
  };
  return provider;
}
