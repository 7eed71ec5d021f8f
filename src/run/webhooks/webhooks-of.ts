import type { Clock } from '../../ports/clock.ts';
import type { Table } from '../../ports/table.ts';
import type { AppPath } from '../../store/keys.ts';
import { listWebhooks, type WebhookRecord } from '../../store/webhooks.ts';

/** Whom an app tells of its events. */
export type WebhooksOf = (path: AppPath) => Promise<readonly WebhookRecord[]>;

type Reading = {
  readonly table: Table;
  readonly clock: Clock;
  readonly report: (message: string, error: unknown) => void;
};

/**
 * Milliseconds for which a process of Lambda takes an app without webhooks for one: a run that nobody wants to hear of has
 * three events, and costs one read.
 */
export const NONE_FOR = 5_000;

/** Apps that are remembered. */
const MOST = 10_000;

/** `noneFor`: for how long the answer that there are none holds; 0: what is read is what there is now. */
export function createWebhooksOf({ table, clock, report }: Reading, noneFor: number): WebhooksOf {
  const read: WebhooksOf = path =>
    listWebhooks(table, path, error => report('a webhook cannot be read and is told of nothing', error), noneFor === 0);
  if (noneFor === 0) return read;
  const known = new Map<string, { readonly until: number; readonly found: Promise<readonly WebhookRecord[]> }>();
  return path => {
    const name = `${path.org}/${path.app}`;
    const before = known.get(name);
    if (before !== undefined && clock.now() < before.until) return before.found;
    if (known.size >= MOST) known.clear();
    const found = read(path);
    const entry = { until: clock.now() + noneFor, found };
    known.set(name, entry);
    const forget = () => {
      if (known.get(name) === entry) known.delete(name);
    };
    // Events that come together share what is read; only that there are none is kept.
    found.then(webhooks => webhooks.length > 0 && forget(), forget);
    return found;
  };
}
