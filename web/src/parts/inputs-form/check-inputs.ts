import { type OutputUnit, Validator } from '@cfworker/json-schema';
import type { Json } from '../../api/types.ts';
import { type InputSchema, isMap } from './field-kind.ts';
import { problemWords } from './problem-words.ts';

/** `path`: where, from the inputs down; empty: all of them together. */
export type InputProblem = { readonly path: readonly string[]; readonly message: string };

/** They only say that something inside of them is wrong, which is reported itself. */
const OUTER: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'items',
  'prefixItems',
  'additionalProperties',
  'allOf',
  '$ref',
  'if',
  'then',
  'else',
  'dependentSchemas',
]);

/** What a person has to change before the server would take the inputs; in the order of the schema. */
export function checkInputs(schema: InputSchema, inputs: Json): readonly InputProblem[] {
  const { errors } = new Validator(forBrowser(schema), '2020-12', false).validate(inputs);
  const problems: InputProblem[] = [];
  const seen = new Set<string>();
  for (const unit of errors) {
    // Alternatives that failed are the reasons of the failure of `anyOf`, not mistakes of their own.
    if (OUTER.has(unit.keyword) || /\/(?:anyOf|oneOf|not|if|contains)\/|\/(?:not|if|contains)$/.test(above(unit)))
      continue;
    const at = steps(unit.instanceLocation);
    const found =
      unit.keyword === 'required'
        ? missing(schema, inputs, unit, at)
        : [{ path: at, message: words(schema, inputs, unit) }];
    for (const problem of found) {
      // One rule at a time is enough to read.
      const key = JSON.stringify(problem.path);
      if (!seen.has(key)) problems.push(problem);
      seen.add(key);
    }
  }
  return problems;
}

/** Without the last step, which is the keyword itself. */
function above({ keywordLocation }: OutputUnit): string {
  return keywordLocation.slice(0, keywordLocation.lastIndexOf('/') + 1);
}

function missing(schema: InputSchema, inputs: Json, unit: OutputUnit, at: readonly string[]): readonly InputProblem[] {
  const required = memberAt(schema, steps(unit.keywordLocation));
  const value = memberAt(inputs, at);
  const names = Array.isArray(required) ? required.filter(name => typeof name === 'string') : [];
  return names
    .filter(name => !isMap(value) || !Object.hasOwn(value, name))
    .map(name => ({ path: [...at, name], message: 'is required' }));
}

function words(schema: InputSchema, inputs: Json, { keyword, keywordLocation, instanceLocation }: OutputUnit): string {
  return problemWords(keyword, memberAt(schema, steps(keywordLocation)), memberAt(inputs, steps(instanceLocation)));
}

/** `#/a/b~1c` → `a`, `b/c`. */
function steps(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(step => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function memberAt(value: Json, path: readonly string[]): Json | undefined {
  let here: Json | undefined = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.entries(here).find(([key]) => key === step)?.[1];
  }
  return here;
}

/** A repetition inside of a repetition: JavaScript may need for ever where the server, which runs RE2, does not. */
const HEAVY = /[*+}][^()]*\)[*+{]|\|[^()]*\)[*+{]/;

/** The schema without the patterns that this browser cannot or should not run: the server checks them. */
function forBrowser(schema: InputSchema): InputSchema {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
      if (key === 'pattern' && typeof value === 'string') return isRunnable(value) ? [[key, value]] : [];
      if (key === 'default' || key === 'const' || key === 'enum') return [[key, value]];
      if (Array.isArray(value)) return [[key, value.map(one => (isMap(one) ? forBrowser(one) : one))]];
      return [[key, isMap(value) ? forBrowser(value) : value]];
    }),
  );
}

function isRunnable(pattern: string): boolean {
  if (HEAVY.test(pattern)) return false;
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch (error) {
    // RE2 knows forms that JavaScript does not, such as `(?i)`.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
