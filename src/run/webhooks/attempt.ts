import type { Clients, HttpResult } from '../../actions/action.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Measure } from '../../ports/measure.ts';
import type { Opens } from '../../ports/vault.ts';
import type { Delivery, Tried } from '../../store/deliveries.ts';
import type { WebhookRecord } from '../../store/webhooks.ts';
import { MOST_TRIES, nextTry } from './back-off.ts';
import { signatureHeaders } from './sign.ts';

/** Milliseconds for everything: connecting, sending, and the whole answer. */
export const ATTEMPT_TIMEOUT = 15_000;

/** Bytes of the answer that are read; nothing of it is kept. */
const MOST_BYTES = 64 * 1_024;

const GONE = 410;

const NEVER = new AbortController().signal;

export type Attempting = {
  readonly http: Clients['http'];
  readonly vault: Opens;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'random'>;
  readonly report: (message: string, error: unknown) => void;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
  /** Milliseconds, instead of `ATTEMPT_TIMEOUT`. */
  readonly timeout?: number;
  /** Nothing is begun any more, and what is under way is left to whoever comes next. */
  readonly signal?: AbortSignal;
};

/** `gone`: the receiver says that it wants nothing any more. */
export type Attempted = Tried & { readonly gone: boolean };

/**
 * Sends it once and says what is to be noted. Never rejects: what went wrong on our side is tried again like any failure.
 * Undefined: it was broken off, and nobody knows whether it arrived.
 */
export async function attempt(
  deps: Attempting,
  webhook: WebhookRecord,
  delivery: Delivery,
): Promise<Attempted | undefined> {
  // Whoever died between the last attempt and its outcome.
  if (delivery.tries > MOST_TRIES) {
    const message = 'Attempts began and nobody knows what came of them; there are no more.';
    return { status: 'failed', error: 'ATTEMPTS_LOST', message, gone: false };
  }
  let answered: HttpResult;
  try {
    answered = await send(deps, webhook, delivery);
  } catch (error) {
    deps.report(`delivery ${delivery.id} to webhook '${webhook.id}' of app '${webhook.app}' could not be sent`, error);
    return failed(deps, delivery, 'NOT_SENT', 'Trouble on this side, not of the receiver: it is in the log.');
  }
  if (!answered.ok && answered.code === 'ABORTED') return undefined;
  if (!answered.ok) return failed(deps, delivery, answered.code, withoutPath(answered.message, webhook.url));
  const { status: statusCode } = answered;
  if (statusCode >= 200 && statusCode < 300) return { status: 'delivered', statusCode, gone: false };
  if (statusCode === GONE) {
    const message = 'The receiver answered 410: it wants no more. The webhook is disabled.';
    return { status: 'failed', statusCode, error: 'GONE', message, gone: true };
  }
  const redirect = statusCode >= 300 && statusCode < 400 ? ' Redirects are not followed.' : '';
  return {
    ...failed(deps, delivery, 'UNEXPECTED_STATUS', `The receiver answered ${statusCode}.${redirect}`),
    statusCode,
  };
}

async function send(
  { http, vault, clock, timeout = ATTEMPT_TIMEOUT, signal = NEVER }: Attempting,
  { url, secrets, org, app }: WebhookRecord,
  { eventId, body }: Delivery,
): Promise<HttpResult> {
  const at = clock.now();
  const good = secrets.filter(({ until }) => until === undefined || until > at);
  const opened = await Promise.all(good.map(({ sealed }) => vault.open({ org, app }, sealed)));
  return http({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      // Nobody looks at what comes back.
      'accept-encoding': 'identity',
      'user-agent': 'pipecall-webhooks',
      ...signatureHeaders({ id: eventId, at, body }, opened),
    },
    body,
    timeout,
    followRedirects: false,
    maxBytes: MOST_BYTES,
    signal,
  });
}

function failed({ clock, ids }: Attempting, { tries }: Delivery, error: string, message: string): Attempted {
  const due = nextTry(tries, clock.now(), ids.random(4));
  return {
    status: due === undefined ? 'failed' : 'pending',
    error,
    message,
    ...(due === undefined ? {} : { due }),
    gone: false,
  };
}

/** More people read what came of a delivery than may read the whole URL (docs/access.md). */
function withoutPath(message: string, url: string): string {
  const { origin, pathname } = new URL(url);
  return pathname === '/' ? message : message.replaceAll(origin + pathname, `${origin}/…`);
}
