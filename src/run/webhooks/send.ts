import { type Delivery, endDelivery, getDelivery, noteTried, takeDelivery } from '../../store/deliveries.ts';
import { dueOf, webhooksWithDue } from '../../store/due-deliveries.ts';
import { DUE_SHARDS, type WebhookPath } from '../../store/keys.ts';
import { findWebhook, noteFailure, noteSuccess, type WebhookRecord } from '../../store/webhooks.ts';
import { attempt } from './attempt.ts';
import { disableWebhook } from './disable.ts';
import { TEST_TYPE } from './types.ts';
import { type Heard, LEASE, type Webhooks } from './webhooks.ts';

/** Milliseconds without one attempt that went well, after which a webhook is disabled. */
const FAILING_FOR = 5 * 86_400_000;

/** Attempts at the same time for one webhook. */
const WIDTH = 8;

/** Sends what `hear` answered. Rejects never: what cannot be noted is taken for lost, and the next round sends it again. */
export async function sendHeard(deps: Webhooks, heard: Heard): Promise<void> {
  const { path, id } = heard;
  try {
    if (heard.delivery !== undefined) return await sendTaken(deps, { webhook: heard.webhook }, heard.delivery);
    const [webhook, delivery] = await Promise.all([findWebhook(deps.table, path), getDelivery(deps.table, path, id)]);
    if (webhook === undefined || delivery?.due === undefined || delivery.due > deps.clock.now()) return;
    await sendDue(deps, { webhook }, path, { id, due: delivery.due });
  } catch (error) {
    deps.report(`delivery ${id} to webhook '${path.webhook}' of app '${path.app}' is left to the next round`, error);
  }
}

/** Every webhook that something waits for. */
export async function* webhooksToLookAt({ table }: Pick<Webhooks, 'table'>): AsyncGenerator<WebhookPath> {
  for (let shard = 0; shard < DUE_SHARDS; shard += 1) yield* webhooksWithDue(table, shard);
}

export type Round = {
  /** Milliseconds since the epoch: no attempt begins after it. */
  readonly deadline: number;
  /** Whoever began an attempt and did not end it is dead: those are due at once. */
  readonly alone?: boolean;
};

/** Sends all that is due for one webhook, some at the same time. What cannot be read or noted keeps no other. */
export async function sendAllDue(deps: Webhooks, path: WebhookPath, { deadline, alone = false }: Round): Promise<void> {
  const { table, clock } = deps;
  const found = await findWebhook(table, path);
  const held = { webhook: found };
  const due = dueOf(table, path, alone ? deps.clock.now() + LEASE : clock.now());
  const work = async (): Promise<void> => {
    while (clock.now() < deadline && deps.signal?.aborted !== true) {
      const { value: next, done } = await due.next();
      if (done === true) return;
      try {
        if (next.due > clock.now() && !(await isLost(deps, path, next))) continue;
        await sendDue(deps, held, path, next);
      } catch (error) {
        deps.report(`delivery ${next.id} to webhook '${path.webhook}' of app '${path.app}' is left for later`, error);
      }
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
}

/** What is not due yet and is being sent: by nobody, for nobody else is there. */
async function isLost(
  { table }: Webhooks,
  path: WebhookPath,
  { id, due }: { readonly id: string; readonly due: number },
) {
  const delivery = await getDelivery(table, path, id);
  return delivery?.sending === true && delivery.due === due;
}

/** The webhook as it was read, or as it is since. Undefined: it is gone. */
type Held = { webhook: WebhookRecord | undefined };

async function sendDue(
  deps: Webhooks,
  held: Held,
  path: WebhookPath,
  { id, due }: { readonly id: string; readonly due: number },
): Promise<void> {
  const { table, clock } = deps;
  const { webhook } = held;
  if (webhook === undefined || webhook.disabled !== undefined) {
    const [error, message] =
      webhook === undefined
        ? ['WEBHOOK_DELETED', 'The webhook was deleted.']
        : ['WEBHOOK_DISABLED', 'The webhook was disabled; enable it and have this delivered again.'];
    return endDelivery(table, path, id, { due, error, message });
  }
  const now = clock.now();
  const delivery = await takeDelivery(table, path, id, { due, now, lease: now + LEASE });
  if (delivery !== undefined) await sendTaken(deps, held, delivery);
}

async function sendTaken(deps: Webhooks, held: Held, delivery: Delivery): Promise<void> {
  const { table, clock } = deps;
  const { webhook } = held;
  if (webhook === undefined) return;
  const attempted = await attempt(deps, webhook, delivery);
  if (attempted === undefined) return;
  const { gone, ...tried } = attempted;
  deps.measure?.({ metric: 'WebhookDeliveries', value: 1, of: tried.status === 'pending' ? 'retry' : tried.status });
  await noteTried(table, delivery, tried);
  if (tried.status === 'delivered') {
    if (webhook.failures > 0) {
      await noteSuccess(table, webhook);
      const { failingSince: _, ...fine } = webhook;
      held.webhook = { ...fine, failures: 0 };
    }
    return;
  }
  const now = clock.now();
  // What somebody tries out, and what is our own trouble, says nothing about the receiver.
  const counts = delivery.type !== TEST_TYPE && tried.error !== 'NOT_SENT';
  if (counts) {
    await noteFailure(table, webhook, now);
    held.webhook = { ...webhook, failingSince: webhook.failingSince ?? now, failures: webhook.failures + 1 };
  }
  const failing = counts && now - (webhook.failingSince ?? now) >= FAILING_FOR;
  if (!gone && !failing) return;
  held.webhook = (await disableWebhook(deps, webhook, gone ? 'gone' : 'failing')) ?? held.webhook;
}
