import type { Json } from '../../api/types.ts';

/** What a value must be; it stands under the label of its field. `rule`: what the keyword says. */
export function problemWords(keyword: string, rule: Json | undefined, value: Json | undefined): string {
  const words = Object.hasOwn(WORDS, keyword) ? WORDS[keyword] : undefined;
  return words?.(rule, value) ?? 'does not fit what the pipeline declares';
}

type Words = (rule: Json | undefined, value: Json | undefined) => string;

const WORDS: Readonly<Record<string, Words>> = {
  required: () => 'is required',
  type: (rule, value) => `must be ${either(rule, name)}, not ${kindOf(value)}`,
  enum: rule => `must be ${either(rule, shown)}`,
  const: rule => `must be ${shown(rule)}`,
  minLength: (rule, value) => `must have at least ${count(rule, 'character')}; it has ${length(value)}`,
  maxLength: (rule, value) => `must have at most ${count(rule, 'character')}; it has ${length(value)}`,
  pattern: rule => `must match the pattern ${String(rule)}`,
  format: rule => `must be ${FORMATS[String(rule)] ?? `of the form ${String(rule)}`}`,
  minimum: rule => `must be ${String(rule)} or more`,
  maximum: rule => `must be ${String(rule)} or less`,
  exclusiveMinimum: rule => `must be more than ${String(rule)}`,
  exclusiveMaximum: rule => `must be less than ${String(rule)}`,
  multipleOf: rule => `must be a multiple of ${String(rule)}`,
  minItems: rule => `must have at least ${count(rule, 'item')}`,
  maxItems: rule => `must have at most ${count(rule, 'item')}`,
  uniqueItems: () => 'must not have the same item twice',
  contains: () => 'has no item of the kind that must be there',
  minProperties: rule => `must have at least ${count(rule, 'member')}`,
  maxProperties: rule => `must have at most ${count(rule, 'member')}`,
  additionalProperties: () => 'has a member that is not known',
  false: () => 'is not known here; remove it',
  anyOf: () => 'fits none of the forms that are allowed',
  oneOf: () => 'must fit exactly one of the forms that are allowed',
  not: () => 'has a form that is not allowed',
  dependentRequired: () => 'needs another member, too',
};

const FORMATS: Readonly<Record<string, string>> = {
  date: 'a date such as 2026-01-31',
  time: 'a time such as 12:30:00Z',
  'date-time': 'a time such as 2026-01-31T12:30:00Z',
  email: 'an e-mail address',
  uri: 'an address such as https://example.com',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'the name of a host',
};

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
};

function name(type: Json): string {
  return NAMES[String(type)] ?? String(type);
}

function kindOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a number with a fraction';
  return name(Array.isArray(value) ? 'array' : typeof value);
}

function either(rule: Json | undefined, words: (one: Json) => string): string {
  const [last, ...others] = (Array.isArray(rule) ? rule : [rule ?? null]).map(words).reverse();
  return others.length === 0 ? (last ?? '') : `${others.reverse().join(', ')} or ${last}`;
}

function shown(value: Json | undefined): string {
  return JSON.stringify(value ?? null);
}

function count(rule: Json | undefined, noun: string): string {
  return rule === 1 ? `1 ${noun}` : `${String(rule)} ${noun}s`;
}

/** As JSON Schema counts: code points. */
function length(value: Json | undefined): number {
  return [...String(value)].length;
}
