import type { Table } from '../ports/table.ts';
import { text } from './fields.ts';
import { dueDeliveries, duePosition, duePrefix, dueShardOf, type WebhookPath, webhookOfPosition } from './keys.ts';

export type DueDelivery = { readonly id: string; readonly due: number };

/** Of one webhook, the oldest first. An index is read: what stands there may be a moment old. */
export async function* dueOf(table: Table, path: WebhookPath, until: number): AsyncGenerator<DueDelivery> {
  const query = { index: 'gsi2', pk: dueDeliveries(dueShardOf(path)), limit: AT_ONCE } as const;
  const bounds = { from: duePrefix(path), to: `${duePosition(path, until)}~` };
  let after: Readonly<Record<string, string>> | undefined;
  do {
    const page = await table.query({ ...query, ...bounds, ...(after === undefined ? {} : { after }) });
    for (const item of page.items) {
      const found = webhookOfPosition(text(item, 'gsi2sk'));
      if (found !== undefined) yield { id: found.delivery, due: found.due };
    }
    after = page.next;
  } while (after !== undefined);
}

/**
 * The webhooks of a shard that something waits for, due or not: from each to the next one with one read, so that the many of
 * one are not in the way of the others.
 */
export async function* webhooksWithDue(table: Table, shard: number): AsyncGenerator<WebhookPath> {
  let from = '';
  for (;;) {
    const query = { index: 'gsi2', pk: dueDeliveries(shard), limit: 1 } as const;
    const { items } = await table.query({ ...query, ...(from === '' ? {} : { from }) });
    const [item] = items;
    if (item === undefined) return;
    const position = text(item, 'gsi2sk');
    const found = webhookOfPosition(position);
    if (found !== undefined) yield found.path;
    // What is none of ours is passed by itself. `0` is what comes behind `/`.
    from = found === undefined ? `${position}\u0000` : duePrefix(found.path).replace(/\/$/, '0');
  }
}

/** Items of one read. */
const AT_ONCE = 100;
