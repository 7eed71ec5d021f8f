import { PIPELINES_SYSTEM_USER } from '../../access/identity.ts';
import { putAuditEntry } from '../../store/audit.ts';
import { changeWebhook, type DisabledReason, type WebhookRecord } from '../../store/webhooks.ts';
import { derivedOrderedId } from '../derived-id.ts';
import type { Webhooks } from './webhooks.ts';

/** What the product itself disables a webhook for. */
type Failure = Exclude<DisabledReason, 'by_request'>;

const REASONS: Readonly<Record<Failure, string>> = {
  gone: 'its receiver answered 410: it wants no more',
  failing: 'no attempt went well for five days',
};

/** Undefined: somebody changed it meanwhile, perhaps to where it works, and it stays enabled. */
export async function disableWebhook(
  { table, clock, report }: Webhooks,
  webhook: WebhookRecord,
  disabled: Failure,
): Promise<WebhookRecord | undefined> {
  const now = clock.now();
  const changed = await changeWebhook(table, webhook, { disabled }, now);
  if (changed === undefined) return undefined;
  const { org, app, id, since, revision } = changed;
  try {
    await putAuditEntry(table, {
      org,
      id: derivedOrderedId(now, `${since} ${revision} disabled`),
      at: now,
      actor: PIPELINES_SYSTEM_USER,
      action: 'disableWebhook',
      permission: 'webhooks.write',
      method: 'DELIVERY',
      resource: `/orgs/${org}/apps/${app}/webhooks/${id}`,
      decision: 'allowed',
      reason: REASONS[disabled],
      status: 200,
      details: { webhook: id, disabled: 'true' },
    });
  } catch (error) {
    // It is disabled, and its record says why: what was delivered is noted all the same.
    report(`webhook '${id}' of app '${app}' was disabled, and its entry in the audit log could not be written`, error);
  }
  return changed;
}
