import { RE2JS } from 're2js';
import { patternWeight } from './pattern-weight.ts';

/** Characters of one `pattern`; RE2 itself bounds repetition (1,000) and nesting. */
const MAX_CHARACTERS = 1000;

/** Matching takes at most this many steps per character. */
const MAX_WEIGHT = 2000;

/** `toString` tells patterns apart in the code that ajv generates. */
type Pattern = {
  readonly test: (text: string) => boolean;
  /** The pattern is all of the text, not a part of it. */
  readonly whole: (text: string) => boolean;
  readonly toString: () => string;
};

/** The same pattern is compiled when it is checked and again when its schema is. Limit: entries. */
const recent = new Map<string, Pattern>();
const MAX_RECENT = 100;

/**
 * The only place where a regular expression that users brought is compiled: RE2 matches in time linear in the text, so
 * `^(a+)+$` cannot stall the process. It has no look-around and no back references. Throws when it cannot take a pattern.
 */
export function linearPattern(pattern: string): Pattern {
  const known = recent.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > MAX_CHARACTERS) throw new Error(`it has more than ${MAX_CHARACTERS} characters`);
  if (patternWeight(pattern) > MAX_WEIGHT) throw new Error('it repeats too much; use `maxLength` to limit a length');
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  const made: Pattern = {
    test: text => compiled.test(text),
    whole: text => compiled.testExact(text),
    toString: () => pattern,
  };
  recent.set(pattern, made);
  const [oldest] = recent.keys();
  if (recent.size > MAX_RECENT && oldest !== undefined) recent.delete(oldest);
  return made;
}

/** Why a pattern cannot be used; absent when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    linearPattern(pattern);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message.replace('error parsing regexp: ', '') : 'it is malformed';
  }
}
