import type { Code } from '../codes.ts';
import { show } from '../json-kind.ts';
import { didYouMean } from '../near-name.ts';
import { joinWith } from '../words.ts';
import { report, type Shape } from './shape.ts';
import { wrongType } from './values.ts';

/** One of a few names. `what`: what they are, in a message: "type", "role that a run can have on an application". */
export function choice<N extends string>(
  names: readonly N[],
  what: string,
  code: Code = 'INVALID_VALUE',
): Shape<N | undefined> {
  return {
    schema: { enum: names },
    read: (value, place) => {
      if (value === undefined) return undefined;
      const wanted = joinWith(
        'or',
        names.map(name => `\`${name}\``),
      );
      if (typeof value !== 'string' || value.includes('${{')) return wrongType(value, wanted, place);
      const known = names.find(name => name === value);
      if (known !== undefined) return known;
      const message = `${show(value)} is no ${what}; write ${wanted}`;
      report(place, { code, message, hint: didYouMean(value, names) });
      return undefined;
    },
  };
}
