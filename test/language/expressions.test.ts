import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/json.ts';
import { compileCondition, compileTemplate } from '../../src/language/expressions/compile-template.ts';
import { CONTEXTS } from '../../src/language/expressions/contexts.ts';
import { evaluate, evaluateCondition } from '../../src/language/expressions/evaluate.ts';
import { load, loadFolder } from './fixtures.ts';

/** Rows of a file; each group may be absent. */
type Table = {
  /** A template and its value over `contexts.json`. */
  readonly values?: readonly (readonly [Json, Json])[];
  /** A template and words of the message that its evaluation ends with. */
  readonly errors?: readonly (readonly [Json, string])[];
  /** A template and what its compilation finds: code, offset, code, offset, … */
  readonly refused?: readonly (readonly [Json, ...(string | number)[]])[];
  /** An `if` and whether it holds when all went well, after a failure, after a cancellation. */
  readonly conditions?: readonly (readonly [string | boolean, boolean, boolean, boolean])[];
};

const contexts = load<JsonObject>('expression-contexts.json');
/** A step: its moment and its seed. */
const scope = { contexts, now: Date.UTC(2026, 0, 2, 3, 4, 5, 6), seed: 'run/job/step' };
const allowed = { contexts: CONTEXTS, status: false, step: true };

function run(source: Json) {
  const { template, problems } = compileTemplate(source, allowed);
  expect(problems).toEqual([]);
  return evaluate(template, scope);
}

describe.each(loadFolder<Table>('expressions'))('expressions: %s', (_, table) => {
  const { values = [], errors = [], refused = [], conditions = [] } = table;

  test.each(values)('%j is %j', (source, value) => {
    expect(run(source)).toEqual({ ok: true, value });
  });

  test.each(errors)('%j ends with %j', (source, words) => {
    expect(run(source)).toEqual({ ok: false, message: expect.stringContaining(words) });
  });

  test.each(refused)('%j is refused', (source, ...expected) => {
    const { problems } = compileTemplate(source, allowed);
    expect(problems.flatMap(({ code, offset }) => [code, offset])).toEqual(expected);
  });

  test.each(conditions)('if %j: %j, %j, %j', (source, ...expected) => {
    const { condition, problems } = compileCondition(source, allowed);
    expect(problems).toEqual([]);
    const answers = ['success', 'failure', 'cancelled'].map(which => {
      const status = { success: which === 'success', failure: which === 'failure', cancelled: which === 'cancelled' };
      return evaluateCondition(condition, { ...scope, status });
    });
    expect(answers).toEqual(expected.map(value => ({ ok: true, value })));
  });
});

test('without a status all went well', () => {
  const { condition } = compileCondition('success() && !failure() && !cancelled()', allowed);
  expect(evaluateCondition(condition, { contexts: {} })).toEqual({ ok: true, value: true });
});

test('a condition that cannot be evaluated says why', () => {
  const { condition } = compileCondition("fromJSON('')", allowed);
  expect(evaluateCondition(condition, { contexts: {} })).toEqual({
    ok: false,
    message: expect.stringContaining("`${{ fromJSON('') }}`"),
  });
});

test('a value of data is handed through, not copied', () => {
  const { template } = compileTemplate('${{ inputs.map.b }}', allowed);
  const b = { c: [1] };
  const evaluated = evaluate(template, { contexts: { inputs: { map: { b } } } });
  expect(evaluated.ok && evaluated.value).toBe(b);
});
