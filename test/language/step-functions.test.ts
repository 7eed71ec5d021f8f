import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/json.ts';
import { compileTemplate } from '../../src/language/expressions/compile-template.ts';
import { evaluate } from '../../src/language/expressions/evaluate.ts';
import type { Path } from '../../src/language/path.ts';

const SEED = 'run-1/deploy/0';

function answerOf(source: Json, path: Path = ['with', 'id'], seed: string | undefined = SEED): Json {
  const { template, problems } = compileTemplate(source, { contexts: [], status: false, step: true }, path);
  expect(problems).toEqual([]);
  const evaluated = evaluate(template, { contexts: {}, seed });
  if (!evaluated.ok) throw new Error(evaluated.message);
  return evaluated.value;
}

describe('uuid', () => {
  test('is a UUID of version 8', () => {
    expect(answerOf('${{ uuid() }}')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('is the same whenever it is asked, and whenever the definition is read', () => {
    expect(answerOf('${{ uuid() }}')).toBe(answerOf('${{ uuid() }}'));
  });

  test('differs by call, by place and by step', () => {
    const source = ['${{ uuid() }}', { a: '${{ uuid() }}-${{ uuid() }}' }, "${{ format('{0} {1}', uuid(), uuid()) }}"];
    const here = JSON.stringify(answerOf(source));
    const elsewhere = JSON.stringify(answerOf(source, ['with', 'other']));
    const later = JSON.stringify(answerOf(source, ['with', 'id'], 'run-1/deploy/1'));
    const all = `${here}${elsewhere}${later}`.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
    expect(all).toHaveLength(15);
    expect(new Set(all).size).toBe(15);
  });

  test('differs between calls behind texts with line breaks', () => {
    const [a, b] = String(answerOf("${{ format('{0}{2} {1}', uuid(), '\n\n', \n uuid()) }}")).split(/\s+/);
    expect(a).not.toBe(b);
  });
});

test.each(['now', 'uuid'])('%s() without a step says so', called => {
  const { template } = compileTemplate(`\${{ ${called}() }}`, { contexts: [], status: false, step: true });
  const message = `\`\${{ ${called}() }}\`: ${called}() has no answer here: it is known to steps only`;
  expect(evaluate(template, { contexts: {} })).toEqual({ ok: false, message });
});

test.each(['now', 'uuid'])('%s() is refused outside of steps', called => {
  const { problems } = compileTemplate(`\${{ ${called}() }}`, { contexts: [], status: false, step: false });
  expect(problems).toMatchObject([{ code: 'FUNCTION_NOT_ALLOWED', offset: 4 }]);
});
