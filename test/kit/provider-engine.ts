import type { Clients } from '../../src/actions/action.ts';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import { type OwnEngine, openEngine } from './engine.ts';
import { createInFlight } from './in-flight.ts';
import { createMoving, type Moving } from './moving-engine.ts';

const real = createHttpClient({ allowEgress: ['127.0.0.1/32'] });

export type ProviderEngine = OwnEngine &
  Moving & {
    /** Told of each exchange when it was answered; the worker hears of the answer when this is done. */
    onAnswer: (url: string) => void | Promise<void>;
  };

/** An engine whose steps speak real HTTP with stand-ins on loopback, on a clock that runs only while nobody speaks. */
export function openProviderEngine(): ProviderEngine {
  const http: Clients['http'] = async exchange => {
    const answer = await inFlight.track(real(exchange));
    await provider.onAnswer(exchange.url);
    return answer;
  };
  const engine = openEngine({ clients: { http } });
  const inFlight = createInFlight(engine.clock);
  const provider: ProviderEngine = { ...engine, ...createMoving(engine, inFlight), onAnswer: () => undefined };
  return provider;
}
