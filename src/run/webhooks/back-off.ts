const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Milliseconds from a failed attempt to the next one: what Standard Webhooks recommends. In AWS somebody looks once a minute,
 * so the first of them is a minute at the most.
 */
export const PAUSES: readonly number[] = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2, 5, 10, 14, 20, 24].map(hours => hours * HOUR),
];

/** Attempts in all. */
export const MOST_TRIES = PAUSES.length + 1;

/** Of a pause: what failed together does not come back together. */
const JITTER = 0.2;

/** When to try again after so many attempts; undefined: no more. `random`: four bytes. */
export function nextTry(tries: number, now: number, random: Uint8Array): number | undefined {
  const pause = PAUSES[tries - 1];
  if (pause === undefined) return undefined;
  const share = Buffer.from(random).readUInt32BE() / 2 ** 32;
  return now + Math.round(pause * (1 - JITTER / 2 + JITTER * share));
}
