import { describe, expect, test } from 'vitest';
import { readJsonObject } from '../../src/api/body.ts';

const read = (body: string) =>
  readJsonObject(
    { method: 'POST', path: '/', query: new Map(), headers: {}, body, requestId: 'r' },
    [],
    ['a', 'b', 'value'],
  );

describe('a body that is not JSON', () => {
  test.each([
    ['{"value": "CANARY}', 'The body is not JSON at position 18 (line 1 column 19).'],
    ['{"value": "CANARY" x}', 'The body is not JSON at position 19 (line 1 column 20).'],
    ['{"value": "CANARY",,', 'The body is not JSON at position 19 (line 1 column 20).'],
    ['CANARY', 'The body is not JSON.'],
    ['{"value": CANARY}', 'The body is not JSON.'],
    ['"x" CANARY', 'The body is not JSON at position 4 (line 1 column 5).'],
    ["{'value': 'CANARY in JSON at position 7'}", 'The body is not JSON at position 1 (line 1 column 2).'],
    ['"x" CANARY in JSON at position 7', 'The body is not JSON at position 4 (line 1 column 5).'],
    ['', 'The body is not JSON.'],
  ])('%s is answered with its place, and without a word of it', (body, message) => {
    expect(read(body)).toEqual({ refused: 'INVALID_BODY', message });
  });
});

describe('a key that stands twice in one object', () => {
  test.each([
    ['{"a": 1, "a": 2}', 9],
    ['{"a": 1, "\\u0061": 2}', 9],
    ['{"a": [{"x": {}, "y": [], "x": 1}]}', 26],
    ['{"a": {"b": {"c": 1}, "b": 2}}', 22],
    ['{"a": {"__proto__": 1, "__proto__": 2}}', 23],
  ])('is refused: %s', (body, position) => {
    expect(read(body)).toMatchObject({
      refused: 'INVALID_BODY',
      message: expect.stringContaining(`position ${position}.`),
    });
  });

  test.each([
    JSON.stringify({ a: '"a": {"a": ', b: { a: 'a' } }),
    '{"a": [{"x": 1}, {"x": 1}], "b": {"x": 1}}',
    '{"a": "x", "b": ["a", "a", "b"]}',
    `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "b": "${'x'.repeat(100_000)}"}`,
  ])('in different objects is none', body => {
    expect(read(body)).toHaveProperty('value');
  });
});
