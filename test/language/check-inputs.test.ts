import { expect, test } from 'vitest';
import type { Json, JsonSchema } from '../../src/json.ts';
import { checkInputs } from '../../src/language/check-inputs.ts';
import { actions } from './fixtures.ts';

function schemaOf(action: string): JsonSchema {
  const found = actions.get(action);
  if (found === undefined) throw new Error(`the fixture has no action ${action}`);
  return found.inputs;
}

const http = schemaOf('actions/humanitec/http@v1');
const sleep = schemaOf('actions/humanitec/sleep@v1');

type Row = {
  readonly schema: JsonSchema;
  readonly value: Json;
  readonly problems?: readonly (readonly [path: string, words: string])[];
};

const ROWS: readonly Row[] = [
  { schema: http, value: { url: 'https://example.com' } },
  { schema: http, value: { url: 'https://example.com', headers: { a: 'b', c: 1 }, data: [1] } },
  { schema: http, value: {}, problems: [['url', '`url` is required but not given']] },
  { schema: http, value: { url: null }, problems: [['url', '`url` must be a string, not null']] },
  { schema: http, value: { url: 'x', verb: 1 }, problems: [['verb', '`verb` is not known']] },
  {
    schema: http,
    value: { method: 'PUT', success_codes: [200, '2xx'] },
    problems: [
      ['url', 'is required'],
      ['method', 'must be "GET" or "POST", not "PUT"'],
      ['success_codes[1]', 'must be an integer, not a string'],
    ],
  },
  {
    schema: http,
    value: { url: 'x', headers: { 'X-A': [] } },
    problems: [['headers.X-A', 'must be a string or a number, not a list']],
  },
  { schema: http, value: 'x', problems: [['', '`with` must be a map, not a string']] },
  { schema: sleep, value: { seconds: 1 } },
  { schema: sleep, value: {}, problems: [['', '`with` needs exactly one of `seconds`, `until`']] },
  { schema: sleep, value: { seconds: 1, until: '2026-01-01T00:00:00Z' }, problems: [['', 'needs exactly one of']] },
];

test.each(ROWS)('checkInputs: $value', ({ schema, value, problems = [] }) => {
  const expected = problems.map(([path, words]) => ({ path, message: expect.stringContaining(words) }));
  expect(checkInputs(schema, value, 'all')).toEqual(expected);
});

test('a long list of mistakes is cut', () => {
  expect(checkInputs(http, { url: 'x', success_codes: Array.from({ length: 1000 }, () => 'x') }, 'all')).toHaveLength(
    20,
  );
});

test('a property may be called like a keyword', () => {
  const schema = { type: 'object', properties: { not: { type: 'string' }, if: { type: 'string' } } };
  expect(checkInputs(schema, { not: 1, if: 1 }, 'all').map(({ path }) => path)).toEqual(['not', 'if']);
});

test('what users brought names one mistake, however many there are', () => {
  const items = { anyOf: Array.from({ length: 900 }, (_, index) => ({ const: index })) };
  const value = { got: Array.from({ length: 60_000 }, (_, index) => -1 - index) };
  expect(checkInputs({ type: 'object', properties: { got: { type: 'array', items } } }, value)).toHaveLength(1);
});
