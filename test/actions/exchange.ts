import type { HttpExchange } from '../../src/actions/action.ts';

/** A plain GET with roomy limits, and what a test says about it. */
export function exchange(url: string, rest: Partial<HttpExchange> = {}): HttpExchange {
  return {
    method: 'GET',
    url,
    headers: {},
    timeout: 60_000,
    followRedirects: false,
    maxBytes: 1024 * 1024,
    signal: new AbortController().signal,
    ...rest,
  };
}
