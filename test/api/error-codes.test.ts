import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/api/error-codes.ts';
import { CODES } from '../../src/language/codes.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

/** Cells of the rows below a heading whose first cell is a code. */
function rowsOf(heading: string): string[][] {
  const [, section = ''] = new RegExp(`\\n## ${heading}\\n([\\s\\S]*?)(?=\\n## |$)`).exec(page) ?? [];
  return [...section.matchAll(/^\| `(\w+)` +\| (.*) \|$/gm)].map(([, code = '', cells = '']) => [
    code,
    ...cells.split(' | ').map(cell => cell.trim()),
  ]);
}

test('docs/errors.md lists every code of the API with its status and meaning, and no others', () => {
  const codes = Object.entries(ERROR_CODES).map(([code, { status, meaning }]) => [code, String(status), meaning]);
  expect(rowsOf('Codes of the API')).toEqual(codes);
});

test('docs/errors.md lists every code of a diagnostic with its meaning, and no others', () => {
  expect(rowsOf('Codes of diagnostics')).toEqual(Object.entries(CODES));
});

test('codes are ordered by status', () => {
  const statuses = Object.values(ERROR_CODES).map(({ status }) => status);
  expect(statuses).toEqual(statuses.toSorted((a, b) => a - b));
});
