import { derivedOrderedId } from '../../run/derived-id.ts';
import { MOST_TRIES } from '../../run/webhooks/back-off.ts';
import { deliveryRequested, TEST_TYPE } from '../../run/webhooks/types.ts';
import {
  cursorOfDelivery,
  DELIVERY_KEPT,
  type Delivery,
  dueAgain,
  getDelivery,
  listDeliveries,
  putNewDelivery,
} from '../../store/deliveries.ts';
import { pathOfWebhook, type WebhookRecord } from '../../store/webhooks.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderDelivery } from '../render/webhook.ts';
import { NOT_FOUND, type Refusal, refuse } from '../reply.ts';
import { formatTime } from '../time.ts';

export const listWebhookDeliveries =
  (dependencies: ApiDependencies): Operation<'listWebhookDeliveries'> =>
  call => {
    const { status } = call.query;
    return replyList(dependencies, call, {
      read: (limit, after) =>
        listDeliveries(
          dependencies.table,
          pathOfWebhook(call.loaded),
          limit,
          after,
          reportUnreadable(dependencies.log),
        ),
      cursorOf: cursorOfDelivery,
      ...(status === undefined ? {} : { keep: (delivery: Delivery) => delivery.status === status }),
      render: delivery => renderDelivery(delivery),
    });
  };

export const getWebhookDelivery =
  ({ table }: ApiDependencies): Operation<'getWebhookDelivery'> =>
  async ({ params, loaded }) => {
    const found = await getDelivery(table, pathOfWebhook(loaded), params.delivery);
    return found === undefined ? NOT_FOUND : { status: 200, body: renderDelivery(found) };
  };

/** Whoever delivers hears of it on the bus; where nobody does, the round of every minute finds it. */
export const testWebhook =
  (dependencies: ApiDependencies): Operation<'testWebhook'> =>
  async ({ request, caller, loaded, audit }) => {
    const { table, clock, ids, baseUrl = '' } = dependencies;
    if (loaded.disabled !== undefined) return disabled(loaded);
    const now = clock.now();
    const eventId = `test/${ids.uuid()}`;
    const path = pathOfWebhook(loaded);
    const id = derivedOrderedId(now, eventId);
    const place = { org_id: loaded.org, app_id: loaded.app, webhook_id: loaded.id, requested_by: caller.id };
    const body = JSON.stringify({ type: TEST_TYPE, timestamp: formatTime(now), data: { id: eventId, ...place } });
    const made = await putNewDelivery(
      table,
      { ...path, id, eventId, type: TEST_TYPE, body, createdAt: now },
      // Whoever tries it out looks at what came of it: there is one attempt.
      { mine: false, due: now, tries: MOST_TRIES - 1 },
      Math.ceil(now / 1_000) + DELIVERY_KEPT,
    );
    if (made === undefined) throw new Error(`delivery ${id} was there before`);
    audit({ delivery: id });
    await dependencies.tell?.([deliveryRequested(path, id, now)]);
    const location = `${baseUrl}${request.path.replace(/test$/, 'deliveries')}/${id}`;
    return { status: 202, headers: { location }, body: renderDelivery(made) };
  };

export const redeliverWebhookDelivery =
  (dependencies: ApiDependencies): Operation<'redeliverWebhookDelivery'> =>
  async ({ params, loaded }) => {
    const { table, clock } = dependencies;
    const path = pathOfWebhook(loaded);
    const found = await getDelivery(table, path, params.delivery);
    if (found === undefined) return NOT_FOUND;
    if (loaded.disabled !== undefined) return disabled(loaded);
    const now = clock.now();
    const due = await dueAgain(table, path, found.id, now);
    // It is being sent just now: that is what was asked for.
    if (due === undefined) return { status: 202, body: renderDelivery(found) };
    await dependencies.tell?.([deliveryRequested(path, found.id, now)]);
    return { status: 202, body: renderDelivery(due) };
  };

const disabled = ({ id }: WebhookRecord): Refusal =>
  refuse('WEBHOOK_DISABLED', `The webhook '${id}' is disabled; enable it first, with PATCH and {"disabled": false}.`);
