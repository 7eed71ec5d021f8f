import { didYouMean } from '../near-name.ts';
import type { Retry } from '../pipeline.ts';
import { listOf } from '../shape/collections.ts';
import { fieldsSchema, readFields } from '../shape/fields.ts';
import { inside, type Place, report, type Shape } from '../shape/shape.ts';
import { number, text } from '../shape/values.ts';
import { quoteAll } from '../words.ts';

/** As Step Functions has them: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const DELAY_SECONDS = 1;
const BACKOFF = 2;

/** A day. */
const MAX_DELAY = 86_400;

/** More than any action has. */
const MAX_CODES = 50;

/** What the platform can say of a step of any action. */
const COMMON_ERRORS = ['TIMEOUT', 'INTERNAL_ERROR'] as const;

const codes = listOf(text({ min: 1, max: 100 }), { min: 1, max: MAX_CODES, noun: 'code' });

const FIELDS = {
  'max-attempts': {
    shape: number({ minimum: 1, maximum: 10, whole: true }),
    required: true,
    description: 'How often the action is called at most, the first time included.',
  },
  'delay-seconds': {
    shape: number({ minimum: 0, maximum: MAX_DELAY }),
    description: `Seconds before the second attempt. Default: ${DELAY_SECONDS}.`,
  },
  backoff: {
    shape: number({ minimum: 1, maximum: 10 }),
    description: `What the delay is multiplied by after each attempt. Default: ${BACKOFF}.`,
  },
  on: {
    shape: codes,
    description: 'The error codes that are worth another attempt. Default: all.',
  },
} as const;

export const retry: Shape<Retry | undefined> = {
  schema: fieldsSchema(FIELDS),
  read: (value, place) => {
    if (value === undefined) return undefined;
    const fields = readFields(FIELDS, '`retry`', value, place);
    const on = fields.on.flatMap(code => code ?? []);
    return {
      maxAttempts: fields['max-attempts'] ?? 1,
      delaySeconds: fields['delay-seconds'] ?? DELAY_SECONDS,
      backoff: fields.backoff ?? BACKOFF,
      ...(on.length === 0 ? {} : { on }),
    };
  },
};

/** A mistyped code would never match, and nobody would notice. `place`: of `retry`. */
export function checkRetryCodes({ on = [] }: Retry, action: string, place: Place): void {
  const errors = place.reading.actions.get(action)?.errors;
  if (errors === undefined) return;
  const known = [...new Set([...Object.keys(errors), ...COMMON_ERRORS])];
  for (const [index, code] of on.entries()) {
    if (known.includes(code)) continue;
    const message = `\`${action}\` does not fail with \`${code}\`; there are ${quoteAll(known)}`;
    report(inside(inside(place, 'on'), index), { code: 'UNKNOWN_ERROR_CODE', message, hint: didYouMean(code, known) });
  }
}
