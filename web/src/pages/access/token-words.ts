import { exactTime, relativeTime } from '../../ui/time-words.ts';

/** Milliseconds between two notes of the server that a token is used. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `at`: when a use was noted. Others may have followed within the hour, so no words say more than is known. */
export function lastUseWords(at: string, now: number): string {
  const hours = Math.ceil((now - Date.parse(at)) / HOUR);
  if (hours > 24) return relativeTime(at, now);
  return hours <= 1 ? 'Within the last hour' : `Within the last ${hours} hours`;
}

export const lastUseExact = (at: string): string =>
  `Noted once an hour: between ${exactTime(at)} and ${exactTime(new Date(Date.parse(at) + HOUR).toISOString())}`;

/** In days as far as one plans by them: the 90 days of a new token are not "2 months" a second later. */
export function endWords(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left <= 0) return `Ended ${relativeTime(at, now)}`;
  return left > DAY && left < 100 * DAY ? `in ${Math.max(2, Math.round(left / DAY))} days` : relativeTime(at, now);
}
