import type { Bus } from '../src/ports/bus.ts';

/** The client of EventBridge is loaded with the first event that is put: a cold start does without. */
export function lazyBus(busName: string): Bus {
  let loading: Promise<Bus> | undefined;
  return {
    async put(events) {
      loading ??= import('./open-bus.ts').then(({ openBus }) => openBus(busName));
      return (await loading).put(events);
    },
  };
}
