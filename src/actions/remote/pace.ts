/** Milliseconds between two looks at something that is still going on: 5 s, growing by half to 60 s. */
export function pause(looks: number): number {
  return Math.min(FIRST * 1.5 ** looks, LAST);
}

const FIRST = 5_000;
const LAST = 60_000;

/** What a provider without a word about it is given: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api */
const UNSAID = 60_000;

/** No limit of a provider is counted by more than the hour; a longer wait is a mistake of somebody's clock. */
const MOST = 3_600_000;

type Headers = Readonly<Record<string, string>>;

/**
 * When a provider that refused for the number of requests may be asked again, in milliseconds since the epoch.
 * GitHub says `x-ratelimit-reset`, GitLab `RateLimit-Reset`, both in seconds since the epoch; both may say `Retry-After`.
 */
export function retryAt(headers: Headers, now: number): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  const asked = Number.isFinite(seconds) ? now + seconds * 1_000 : reset(headers);
  return asked === undefined ? now + UNSAID : Math.min(Math.max(asked, now + 1_000), now + MOST);
}

/** After the last request of the budget: when there are some again. Undefined: there are. */
export function exhaustedUntil(headers: Headers, now: number): number | undefined {
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  if (remaining !== '0') return undefined;
  const at = reset(headers);
  return at === undefined || at <= now ? undefined : Math.min(at, now + MOST);
}

function reset(headers: Headers): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
