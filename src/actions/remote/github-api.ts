import type { HttpResult } from '../action.ts';
import { type Provider, textOf } from './provider.ts';

export function githubProvider(base: string, token: string): Provider {
  return {
    name: 'GitHub',
    base,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    limited,
    explain: body => textOf(body ?? null, 'message'),
    codeOf,
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function limited({ status, headers, body }: Extract<HttpResult, { ok: true }>): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return 'retry-after' in headers || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(body);
}

function codeOf(status: number, message: string): string {
  switch (status) {
    case 401:
      return 'AUTHENTICATION_FAILED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return 'CONFLICT';
    case 422:
      if (/no ref found/i.test(message)) return 'INVALID_REF';
      return /workflow_dispatch|disabled/i.test(message) ? 'NOT_DISPATCHABLE' : 'INPUTS_REFUSED';
    default:
      return 'PROVIDER_ERROR';
  }
}
