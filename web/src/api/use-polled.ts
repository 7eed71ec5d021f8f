import { useEffect, useRef, useState } from 'react';
import { client, type Read } from './api.ts';
import type { ApiError, CallOptions, OperationName } from './client.ts';
import { startPolling } from './poll.ts';
import type { Operations } from './types.ts';

export type PollOptions<Name extends OperationName> = Omit<CallOptions<Name>, 'signal' | 'body' | 'headers'> & {
  readonly enabled?: boolean;
  /** True: it never changes any more, so nobody looks again. */
  readonly over: (value: NonNullable<Operations[Name]['answer']>) => boolean;
};

/**
 * Reads one object and looks at it again while it may change: at most once a second, ever more seldom (10 s) while it stays the
 * same, not at all while the tab is hidden, and never again once it is `over`. Sends `If-None-Match` where the server gave an
 * ETag, so an unchanged object costs no body.
 */
export function usePolled<Name extends OperationName>(
  name: Name,
  options: PollOptions<Name>,
): Read<NonNullable<Operations[Name]['answer']>> & { readonly stale: boolean } {
  type Value = NonNullable<Operations[Name]['answer']>;
  const { enabled = true } = options;
  const key = JSON.stringify([name, options.params ?? {}, options.query ?? {}]);
  const [seen, setSeen] = useState<{ readonly key: string; readonly data?: Value; readonly error?: ApiError }>({ key });
  const [round, setRound] = useState(0);
  const newest = useRef(options);
  newest.current = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is `name` and `options`; `round` starts it anew
  useEffect(() => {
    if (!enabled) return;
    const aborting = new AbortController();
    let etag: string | undefined;
    let text: string | undefined;
    const look = async (): Promise<'changed' | 'same' | 'over'> => {
      const { params, query, over } = newest.current;
      const headers = etag === undefined ? {} : { 'if-none-match': etag };
      // as: the body is left out; operations that read take none
      const call = { params, query, headers, signal: aborting.signal } as unknown as CallOptions<Name>;
      const answer = await client.call(name, call).catch((error: unknown) => {
        if (aborting.signal.aborted) return undefined;
        throw error;
      });
      if (answer === undefined) return 'over';
      if (!answer.ok) {
        const gone = [401, 403, 404].includes(answer.error.status);
        // What was seen stays on the page, marked as stale: an outage of a moment takes nothing away.
        setSeen(before => ({ ...(before.key === key && !gone ? before : { key }), error: answer.error }));
        return gone ? 'over' : 'same';
      }
      const fresh = answer.status !== 304;
      etag = answer.etag ?? etag;
      setSeen(before => {
        const data = fresh ? (answer.value as Value) : before.data; // as: neither 204 nor 304, so there is a value
        return before.error === undefined && before.data === data && before.key === key
          ? before
          : { key, ...(data === undefined ? {} : { data }) };
      });
      if (!fresh) return 'same';
      if (over(answer.value as Value)) return 'over'; // as above
      const now = JSON.stringify(answer.value);
      const changed = now !== text;
      text = now;
      return changed ? 'changed' : 'same';
    };
    const stop = startPolling({
      look,
      hidden: () => document.hidden,
      onVisibility: listener => {
        document.addEventListener('visibilitychange', listener);
        return () => document.removeEventListener('visibilitychange', listener);
      },
      timer: { set: (run, wait) => setTimeout(run, wait), clear: timer => clearTimeout(timer as number) }, // as: set() gave it
    });
    return () => {
      aborting.abort();
      stop();
    };
  }, [key, enabled, round]);
  const current = seen.key === key ? seen : { key };
  const data = 'data' in current ? current.data : undefined;
  const error = 'error' in current ? current.error : undefined;
  return {
    data,
    error: data === undefined ? error : undefined,
    pending: data === undefined && error === undefined,
    stale: data !== undefined && error !== undefined,
    again: () => setRound(before => before + 1),
  };
}
