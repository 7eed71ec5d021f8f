import type { Json, JsonSchema } from '../../json.ts';
import { kindOf, show } from '../json-kind.ts';
import { nameOf } from '../path.ts';
import { type Place, report, type Shape } from './shape.ts';

export type TextRule = {
  readonly min?: number;
  readonly max?: number;
  readonly form?: { readonly pattern: RegExp /** Goes on after "takes". */; readonly words: string };
};

/** A string that takes no expressions. */
export function text(rule: TextRule = {}): Shape<string | undefined> {
  const { min, max, form } = rule;
  const schema: JsonSchema = {
    type: 'string',
    ...(min === undefined ? {} : { minLength: min }),
    ...(max === undefined ? {} : { maxLength: max }),
    ...(form === undefined ? {} : { pattern: form.pattern.source }),
  };
  const read = (value: Json | undefined, place: Place): string | undefined => {
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return wrongType(value, 'a string', place);
    if (value.includes('${{')) return wrongType(value, 'the text itself', place);
    if (min !== undefined && value.length < min) {
      report(place, {
        code: 'INVALID_VALUE',
        message: `${nameOf(place.path)} must have at least ${min} character${min === 1 ? '' : 's'}`,
      });
    } else if (max !== undefined && value.length > max) {
      report(place, {
        code: 'INVALID_VALUE',
        message: `${nameOf(place.path)} must have at most ${max} characters; it has ${value.length}`,
      });
    } else if (form !== undefined && !form.pattern.test(value)) {
      report(place, {
        code: 'INVALID_ID',
        message: `${show(value)} cannot be ${nameOf(place.path)}: it takes ${form.words}`,
      });
    }
    return value;
  };
  return { schema, read };
}

/** `above`: the value must be more than that; `minimum`: that or more. */
export type NumberRule = {
  readonly above?: number;
  readonly minimum?: number;
  readonly maximum: number;
  readonly whole?: boolean;
};

export function number({ above, minimum, maximum, whole = false }: NumberRule): Shape<number | undefined> {
  const from = above === undefined ? `from ${minimum}` : `more than ${above} and up`;
  const least = above === undefined ? { minimum: minimum ?? 0 } : { exclusiveMinimum: above };
  const read = (value: Json | undefined, place: Place): number | undefined => {
    if (value === undefined) return undefined;
    if (typeof value !== 'number') return wrongType(value, 'a number', place);
    const tooLow = above === undefined ? value < (minimum ?? 0) : value <= above;
    if (tooLow || value > maximum) {
      const message = `${nameOf(place.path)} must be ${from} to ${maximum}; it is ${value}`;
      report(place, { code: 'INVALID_VALUE', message });
    } else if (whole && !Number.isInteger(value)) {
      report(place, { code: 'INVALID_VALUE', message: `${nameOf(place.path)} must be a whole number; it is ${value}` });
    }
    return value;
  };
  return { schema: { type: whole ? 'integer' : 'number', ...least, maximum }, read };
}

export const flag: Shape<boolean | undefined> = {
  schema: { type: 'boolean' },
  read: (value, place) => {
    return value === undefined || typeof value === 'boolean' ? value : wrongType(value, 'true or false', place);
  },
};

/** Reports and stands in for the value. */
export function wrongType(value: Json, wanted: string, place: Place): undefined {
  const expression = typeof value === 'string' ? value.indexOf('${{') : -1;
  if (expression >= 0) {
    const message = `${nameOf(place.path)} takes no expressions; write ${wanted}`;
    report(place, { code: 'EXPRESSION_NOT_ALLOWED', message, at: expression });
    return;
  }
  const advice = typeof value === 'string' || value === null ? '' : quoteAdvice(value, wanted);
  report(place, {
    code: 'INVALID_TYPE',
    message: `${nameOf(place.path)} must be ${wanted}, not ${kindOf(value)}${advice}`,
  });
}

/** `version: 1.10` is a number to YAML, `enabled: no` a string. */
function quoteAdvice(value: Json, wanted: string): string {
  return wanted === 'a string' && typeof value !== 'object' ? `; put it in quotes: "${String(value)}"` : '';
}
