import { describe, expect, test } from 'vitest';
import type { Json, JsonObject, JsonSchema } from '../../src/json.ts';
import { checkRunInputs } from '../../src/language/check-run-inputs.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { actions, load } from './fixtures.ts';

type Case = {
  readonly name: string;
  readonly declared: JsonSchema;
  readonly given?: Json;
  readonly inputs?: JsonObject;
  readonly problems?: readonly (readonly [name: string, words: string])[];
};

const SAY = { uses: 'actions/humanitec/log@v1', with: { message: 'hi' } };

function callOf(declared: JsonSchema) {
  const definition = { name: 'x', on: { pipeline_call: { inputs: declared } }, jobs: { a: { steps: [SAY] } } };
  const read = readPipeline(JSON.stringify(definition), { actions });
  const call = read.ok ? read.pipeline.triggers.pipeline_call : undefined;
  if (call === undefined) throw new Error(JSON.stringify(read));
  return call;
}

describe('checkRunInputs', () => {
  test.each(load<readonly Case[]>('run-inputs.yaml'))('$name', ({ declared, given, inputs, problems = [] }) => {
    const checked = checkRunInputs(callOf(declared), given);
    if (checked.ok) {
      expect(checked.inputs).toEqual(inputs);
      expect(Object.keys(checked.inputs)).toEqual(Object.keys(inputs ?? {}));
    } else {
      const words = problems.map(([name, message]) => ({ name, message: expect.stringContaining(message) }));
      expect(checked.problems).toEqual(words);
    }
  });

  test('an input with the name of the prototype is unknown', () => {
    const given: Json = JSON.parse('{"__proto__": {"a": 1}}');
    expect(checkRunInputs(callOf({ a: { type: 'number' } }), given)).toMatchObject({ ok: false });
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });

  test('an input that is nested too deeply is refused, not walked', () => {
    const deep: Json = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(checkRunInputs(callOf({ a: {} }), { a: deep })).toEqual({
      ok: false,
      problems: [{ name: 'a', message: '`a` is nested more than 100 levels deep' }],
    });
  });

  test.each([
    ['^(a+)+$', `${'a'.repeat(200_000)}!`],
    ['^(a|a)*b', 'a'.repeat(200_000)],
    ['^[a-z0-9](?:-?[a-z0-9]+)+$', `${'a-a'.repeat(60_000)}-`],
  ])('the pattern %s takes linear time', (pattern, text) => {
    const checked = checkRunInputs(callOf({ a: { type: 'string', pattern } }), { a: text });
    expect(checked).toMatchObject({ ok: false, problems: [{ name: 'a' }] });
  });

  test.each(['email', 'uri', 'hostname', 'duration', 'date-time'])('a long text is no %s', format => {
    const checked = checkRunInputs(callOf({ a: { type: 'string', format } }), { a: `a@${'a'.repeat(250_000)}` });
    expect(checked).toMatchObject({ ok: false, problems: [{ name: 'a' }] });
  });

  test('many different items are compared with each other in linear time', () => {
    const items = Array.from({ length: 50_000 }, (_, index) => ({ index }));
    expect(checkRunInputs(callOf({ a: { uniqueItems: true } }), { a: items }).ok).toBe(true);
  });
});
