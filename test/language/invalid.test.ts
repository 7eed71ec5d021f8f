import { describe, expect, test } from 'vitest';
import { CODES } from '../../src/language/codes.ts';
import type { Diagnostic } from '../../src/language/diagnostic.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { actions, loadFolder } from './fixtures.ts';

type Case = {
  readonly name: string;
  readonly text: string;
  readonly expect: readonly Omit<Diagnostic, 'message'>[];
};

const tables = loadFolder<readonly Case[]>('invalid');

describe.each(tables)('invalid definitions: %s', (_, cases) => {
  test.each(cases)('$name', ({ text, expect: expected }) => {
    const read = readPipeline(text, { actions });
    const diagnostics = read.ok ? [] : read.diagnostics;
    expect(diagnostics.map(({ message: _message, ...rest }) => rest)).toEqual(expected);
    for (const { message } of diagnostics) expect(message).toMatch(/^[^\n]{8,700}$/s);
  });
});

/** Found in text that is too large for a table: see hostile.test.ts. */
const ELSEWHERE = [
  'TEXT_TOO_LARGE',
  'YAML_TOO_DEEP',
  'YAML_TOO_MANY_ALIASES',
  'YAML_ALIASES_TOO_LARGE',
  'TOO_MANY_PROBLEMS',
  'EXPRESSION_TOO_LONG',
];

test('every code has a case', () => {
  const seen = tables.flatMap(([, cases]) => cases.flatMap(({ expect: found }) => found.map(({ code }) => code)));
  expect(new Set([...seen, ...ELSEWHERE])).toEqual(new Set(Object.keys(CODES)));
});
