import { describe, expect, test } from 'vitest';
import { readJsonObject } from '../../src/api/body.ts';
import { refuseAll } from '../../src/api/body-problems.ts';
import { readBody } from '../../src/api/read-body.ts';
import { readIdField, readTextField } from '../../src/api/text-field.ts';
import { readValueBody } from '../../src/api/value-body.ts';
import { readWebhookBody } from '../../src/api/webhook-body.ts';

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

describe('all that is wrong with a body is said at once', () => {
  const request = (body: unknown) =>
    ({ method: 'POST', path: '/', query: new Map(), headers: {}, body: JSON.stringify(body), requestId: 'r' }) as const;
  const flag = { kind: 'flag', description: '' } as const;
  const name = { kind: 'text', maxLength: 3, description: '' } as const;

  test('unknown, missing and wrong keys of a table of fields', () => {
    expect(readBody(request({ x: 1, y: 2, name: 'CANARY' }), { name, on: flag })).toEqual({
      refused: 'UNKNOWN_BODY_KEYS',
      message:
        "The body has unknown keys: 'x', 'y'. Known: name, on. The body lacks 'on'. Body: 'name' must be a string of 0 to 3 characters.",
      details: {
        fields: [
          { name: 'x', message: "The body has an unknown key 'x'." },
          { name: 'y', message: "The body has an unknown key 'y'." },
          { name: 'on', message: "The body lacks 'on'." },
          { name: 'name', message: "Body: 'name' must be a string of 0 to 3 characters." },
        ],
      },
    });
    expect(readBody(request({ name: 'CANARY', on: 1 }), { name, on: flag })).toMatchObject({ refused: 'INVALID_BODY' });
    expect(readBody(request({ name: 'abc', on: true }), { name, on: flag })).toEqual({
      value: { name: 'abc', on: true },
    });
  });

  test('fields that are read one by one', () => {
    const body = { id: 'NO', name: '', fine: 'x' };
    const read = [
      readIdField(body, 'id', 'app'),
      readTextField(body, 'fine', { most: 1 }),
      readTextField(body, 'name', { most: 1 }),
    ];
    expect(refuseAll(...read).details).toEqual({
      fields: [
        { name: 'id', message: expect.stringContaining("'id' has to be") },
        { name: 'name', message: "'name' has to be a text of 1 to 1 characters." },
      ],
    });
  });

  test('values and webhooks', () => {
    const value = readValueBody(
      request({ key: '-', value: 1, is_secret: 2, description: 3 }),
      [],
      ['key', 'value', 'is_secret', 'description'],
    );
    const webhook = readWebhookBody(
      request({ id: 'A', url: 'x', disabled: 1, triggers: 2, description: null }),
      [],
      ['id', 'url', 'description', 'triggers', 'disabled'],
    );
    const names = (read: object) => ('details' in read ? read.details : undefined);
    const fields = (...all: readonly string[]) => ({ fields: all.map(one => expect.objectContaining({ name: one })) });
    expect(names(value)).toEqual(fields('key', 'value', 'is_secret', 'description'));
    expect(names(webhook)).toEqual(fields('id', 'url', 'description', 'disabled', 'triggers'));
  });

  test('of thousands of unknown keys some', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 1]));
    const refused = readBody(request(many), { name });
    expect('details' in refused && refused.details?.fields).toHaveLength(50);
  });
});
