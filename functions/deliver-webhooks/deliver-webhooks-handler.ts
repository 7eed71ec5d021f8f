import { OWN_SOURCE } from '../../src/events/delivered-event.ts';
import type { Json } from '../../src/json.ts';
import { hear } from '../../src/run/webhooks/hear.ts';
import { sendEverythingDue } from '../../src/run/webhooks/round.ts';
import { sendHeard } from '../../src/run/webhooks/send.ts';
import type { Webhooks } from '../../src/run/webhooks/webhooks.ts';

/** Milliseconds of a round in which attempts begin; the next one goes on. */
const ROUND = 50_000;

/**
 * `event`: one of ours, for the webhooks of its app; anything else: a round over all that is due. What it
 * rejects is tried again by the platform, and comes to the dead-letter queue in the end.
 */
export type DeliverWebhooksHandler = (event: Json) => Promise<void>;

export function createDeliverWebhooksHandler(deps: Webhooks): DeliverWebhooksHandler {
  return async event => {
    if (!isOurs(event)) return sendEverythingDue(deps, { deadline: deps.clock.now() + ROUND });
    const heard = await hear(deps, event, true);
    await Promise.all(heard.map(each => sendHeard(deps, each)));
  };
}

const isOurs = (event: Json): boolean =>
  typeof event === 'object' && event !== null && 'source' in event && event.source === OWN_SOURCE;
