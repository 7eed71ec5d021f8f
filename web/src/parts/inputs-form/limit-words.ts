import { fieldKind, type InputSchema } from './field-kind.ts';

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list, as JSON',
  object: 'map, as JSON',
};

/** Type and limits in a few words, each after a comma: what one would otherwise find out by trying. */
export function limitWords(schema: InputSchema): string {
  const { type, minimum, maximum, minLength, maxLength, pattern, format, writeOnly } = schema;
  const words = [
    fieldKind(schema) === 'choice'
      ? 'one of a list'
      : typeof type === 'string'
        ? (TYPES[type] ?? type)
        : 'any value, as JSON',
    writeOnly === true ? 'secret' : undefined,
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' characters'),
    typeof format === 'string' ? format : undefined,
    typeof pattern === 'string' ? `pattern ${pattern}` : undefined,
  ];
  return words.flatMap(word => (word === undefined ? [] : [`, ${word}`])).join('');
}

function range(least: unknown, most: unknown, noun: string): string | undefined {
  if (typeof least === 'number' && typeof most === 'number') return `${least} to ${most}${noun}`;
  if (typeof least === 'number') return `at least ${least}${noun}`;
  return typeof most === 'number' ? `at most ${most}${noun}` : undefined;
}
