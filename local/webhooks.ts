import { hear } from '../src/run/webhooks/hear.ts';
import { sendOrReport } from '../src/run/webhooks/round.ts';
import { webhooksToLookAt } from '../src/run/webhooks/send.ts';
import type { Webhooks } from '../src/run/webhooks/webhooks.ts';
import type { WebhookPath } from '../src/store/keys.ts';
import type { BusTarget } from './bus.ts';

export type LocalWebhooks = {
  /** Records what the webhooks of an event's app are told of it; the bus does not wait until it is sent. */
  readonly target: BusTarget;
  /** Sends all that is due, what an earlier process began to send included. */
  round(): Promise<void>;
  /** Begins no more; what is under way is left as it is, for the next start. */
  close(): Promise<void>;
};

/** What `functions/deliver-webhooks` does, in one process: each webhook is served by itself. */
export function createLocalWebhooks(given: Omit<Webhooks, 'signal'>): LocalWebhooks {
  const closing = new AbortController();
  const deps: Webhooks = { ...given, signal: closing.signal };
  /** By the name of the webhook: what is under way, and whether something came meanwhile. */
  const atWork = new Map<string, { done: Promise<void>; again: boolean }>();

  function serve(path: WebhookPath): Promise<void> {
    const name = JSON.stringify(path);
    const before = atWork.get(name);
    if (before !== undefined) {
      before.again = true;
      return before.done;
    }
    const serving = { again: false, done: Promise.resolve() };
    atWork.set(name, serving);
    serving.done = (async () => {
      do {
        serving.again = false;
        // Nobody else sends to it: what is said to be under way was begun by a process that is gone.
        await sendOrReport(deps, path, { deadline: Number.POSITIVE_INFINITY, alone: true });
      } while (serving.again && !closing.signal.aborted);
      atWork.delete(name);
    })();
    return serving.done;
  }

  async function round(): Promise<void> {
    const served: Promise<void>[] = [];
    for await (const path of webhooksToLookAt(deps)) {
      if (closing.signal.aborted) break;
      served.push(serve(path));
    }
    await Promise.all(served);
  }

  return {
    async target(event) {
      for (const { path } of await hear(deps, event, false)) void serve(path);
    },
    round,
    async close() {
      closing.abort();
      await Promise.all([...atWork.values()].map(({ done }) => done));
    },
  };
}
