import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/json.ts';
import { MAX_RESULT } from '../../src/language/expressions/bounds.ts';
import { compileTemplate } from '../../src/language/expressions/compile-template.ts';
import { evaluate } from '../../src/language/expressions/evaluate.ts';

const KIB_200 = 'x'.repeat(200 * 1024);

/** A list in which the same value stands again and again, as an alias of YAML makes it: 10^20 values, 20 objects. */
function laughs(): Json {
  let value: Json = 'ha';
  for (let level = 0; level < 20; level += 1) value = Array.from({ length: 10 }, () => value);
  return value;
}

const inputs: JsonObject = {
  big: KIB_200,
  list: Array.from({ length: 30_000 }, (_, index) => `item ${index}`),
  numbers: Array.from({ length: 100_000 }, (_, index) => index + 0.123456789),
  deep: JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`),
  wide: Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 1])),
  exact: 'x'.repeat(MAX_RESULT),
  over: 'x'.repeat(MAX_RESULT + 1),
  bytes: 'é'.repeat(MAX_RESULT / 2 + 1),
  laughs: laughs(),
};

function run(source: Json) {
  const { template, problems } = compileTemplate(source, { contexts: ['inputs'], status: false, step: true });
  expect(problems).toEqual([]);
  return evaluate(template, { contexts: { inputs } });
}

/** Each ends with a clear message; none takes more work than the meter allows. */
const BOMBS: readonly (readonly [name: string, source: Json, words: string])[] = [
  ['a text of more than 256 KiB', '${{ inputs.over }}', '256 KiB'],
  ['a text of more than 256 KiB in UTF-8', '${{ inputs.bytes }}', '256 KiB'],
  ['a text that grows beyond it', '${{ inputs.big }}${{ inputs.big }}', '256 KiB'],
  ['a list of more than 256 KiB', '${{ inputs.numbers }}', '256 KiB'],
  ['the same as text', 'x${{ inputs.numbers }}', '256 KiB'],
  ['a map of many keys', '${{ inputs.wide }}', '256 KiB'],
  ['many values of a map', '${{ inputs.wide.* }}', 'too large'],
  ['values that share parts', '${{ inputs.laughs }}', '256 KiB'],
  ['the same, printed', '${{ toJSON(inputs.laughs) }}', '256 KiB'],
  ['a value nested too deeply', '${{ inputs.deep }}', 'levels deep'],
  ['the same, printed', '${{ toJSON(inputs.deep) }}', 'levels deep'],
  ['the same, as text', 'x${{ inputs.deep }}', 'levels deep'],
  ['a list made of texts', ['${{ inputs.big }}', '${{ inputs.big }}'], '256 KiB'],
  ['format that copies', `\${{ format('${'{0}'.repeat(1000)}', inputs.big) }}`, '256 KiB'],
  [
    'format of format of format',
    `\${{ ${"format('{0}{0}{0}{0}{0}{0}{0}{0}', ".repeat(20)}'x'${')'.repeat(20)} }}`,
    '256 KiB',
  ],
  ['join with a large separator', '${{ join(inputs.list, inputs.big) }}', '256 KiB'],
  ['join of much', '${{ join(inputs.numbers) }}', '256 KiB'],
  ['toJSON of toJSON', `\${{ ${'toJSON('.repeat(20)}'"'${')'.repeat(20)} }}`, '256 KiB'],
  ['fromJSON of a deep text', `\${{ fromJSON('${'['.repeat(9000)}${']'.repeat(9000)}') }}`, 'levels deep'],
  ['fromJSON of a deep text that never ends', `\${{ fromJSON('${'{"a":'.repeat(3000)}') }}`, 'levels deep'],
  ['contains that compares large texts', '${{ contains(inputs.list, inputs.big) }}', 'too much work'],
  ['large texts compared again and again', `\${{ ${'inputs.big == inputs.list || '.repeat(600)}1 }}`, 'too much work'],
  ['base64 of a large text', '${{ base64(inputs.big) }}', '256 KiB'],
  ['base64 of base64', `\${{ ${'base64('.repeat(40)}'x'${')'.repeat(40)} }}`, '256 KiB'],
  ['base64 of values that share parts', '${{ base64(inputs.laughs) }}', '256 KiB'],
  ['sha256 of a value nested too deeply', '${{ sha256(inputs.deep) }}', 'levels deep'],
  ['large texts hashed again and again', `\${{ ${"sha256(inputs.big) == '' || ".repeat(600)}1 }}`, 'too much work'],
  ['a list of 33,000 hashes', Array.from({ length: 33_000 }, () => "${{ sha256('') }}"), 'too much work'],
  ['large texts searched again and again', `\${{ ${"contains(inputs.big, 'y') || ".repeat(600)}1 }}`, 'too much work'],
  ['lists unpacked again and again', `\${{ ${'inputs.numbers.*.x && '.repeat(600)}1 }}`, 'too much work'],
];

describe('bounds of expressions', () => {
  test.each(BOMBS)('%s', (_, source, words) => {
    const evaluated = run(source);
    const message = evaluated.ok ? 'it came to an end' : evaluated.message;
    expect(message).toContain(words);
    expect(message.length).toBeLessThan(700);
  });

  test('a result of exactly 256 KiB', () => {
    expect(run('${{ inputs.exact }}').ok).toBe(true);
  });

  test('a literal is not looked at', () => {
    const value = { list: [1, { a: 'b' }] };
    const { template } = compileTemplate(value, { contexts: [], status: false, step: true });
    expect(template).toEqual({ kind: 'literal', value });
    const evaluated = evaluate(template, { contexts: {} });
    expect(evaluated.ok && evaluated.value).toBe(value);
  });
});
