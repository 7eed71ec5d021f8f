import { ERROR, type Failure, matches } from './errors.ts';
import type { Fields } from './fields.ts';

/** https://states-language.net/spec.html#retrying-after-error */
export type Retrier = {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
};

/** Of one visit to a state: how often each retrier has retried, by its place in the list. */
export type RetryCounts = number[];

export function readRetriers(fields: Fields): readonly Retrier[] {
  const retriers = fields.objects('Retry').map(retrier => {
    const jitter = retrier.json('JitterStrategy') ?? 'NONE';
    if (jitter !== 'NONE' && jitter !== 'FULL') retrier.problem('JitterStrategy', 'must be "FULL" or "NONE"');
    const read: Retrier = {
      errorEquals: retrier.texts('ErrorEquals'),
      intervalSeconds: retrier.number('IntervalSeconds', { min: 1, whole: true, otherwise: 1 }),
      maxAttempts: retrier.number('MaxAttempts', { min: 0, whole: true, otherwise: 3 }),
      backoffRate: retrier.number('BackoffRate', { min: 1, whole: false, otherwise: 2 }),
      maxDelaySeconds: retrier.number('MaxDelaySeconds', { min: 1, whole: true, otherwise: Number.POSITIVE_INFINITY }),
      fullJitter: jitter === 'FULL',
    };
    retrier.end();
    return read;
  });
  refuseMisplacedWildcard(fields, 'Retry', retriers);
  return retriers;
}

/** `States.ALL` stands alone and last. */
export function refuseMisplacedWildcard(
  fields: Fields,
  name: string,
  list: readonly { readonly errorEquals: readonly string[] }[],
): void {
  list.forEach(({ errorEquals }, index) => {
    if (!errorEquals.includes(ERROR.all)) return;
    if (errorEquals.length === 1 && index === list.length - 1) return;
    fields.problem(`${name}[${index}].ErrorEquals`, `must have "${ERROR.all}" alone and in the last entry of ${name}`);
  });
}

/**
 * How long to wait before the next attempt (milliseconds), counting it; undefined: no more of them. The first retrier that
 * matches decides: when its attempts are used up, no later one is asked.
 */
export function nextRetry(
  retriers: readonly Retrier[],
  counts: RetryCounts,
  { error }: Failure,
  random: () => number,
): number | undefined {
  const index = retriers.findIndex(retrier => matches(retrier.errorEquals, error));
  const retrier = retriers[index];
  const done = counts[index] ?? 0;
  if (retrier === undefined || done >= retrier.maxAttempts) return undefined;
  counts[index] = done + 1;
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** done, retrier.maxDelaySeconds);
  return seconds * 1000 * (retrier.fullJitter ? random() : 1);
}
