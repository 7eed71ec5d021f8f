import { type Failure, matches, type Result } from './errors.ts';
import type { Fields } from './fields.ts';
import { evaluate, readTemplate, type States, type Template } from './jsonata.ts';
import { refuseMisplacedWildcard } from './retry.ts';

/** https://states-language.net/spec.html#fallback-states */
export type Catcher = {
  readonly errorEquals: readonly string[];
  readonly output: Template | undefined;
  readonly next: string;
};

export function readCatchers(fields: Fields): readonly Catcher[] {
  const catchers = fields.objects('Catch').map(catcher => {
    const output = catcher.json('Output');
    const read: Catcher = {
      errorEquals: catcher.texts('ErrorEquals'),
      output: output === undefined ? undefined : readTemplate(catcher, 'Output', output),
      next: catcher.text('Next'),
    };
    catcher.end();
    return read;
  });
  refuseMisplacedWildcard(fields, 'Catch', catchers);
  return catchers;
}

export function findCatcher(catchers: readonly Catcher[], { error }: Failure): Catcher | undefined {
  return catchers.find(catcher => matches(catcher.errorEquals, error));
}

/** What the next state gets: `Output`, or the Error Output where there is none. */
export async function caughtOutput(catcher: Catcher, failure: Failure, states: States): Promise<Result> {
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  return catcher.output === undefined ? { value: errorOutput } : evaluate(catcher.output, { ...states, errorOutput });
}
