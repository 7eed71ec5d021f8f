import { expect, test } from 'vitest';
import { createRedactor } from '../../src/run/redactor.ts';
import { createRelated } from '../../src/run/related.ts';
import type { StepRecord } from '../../src/store/jobs.ts';

const begun: StepRecord = { status: 'executing', message: '', createdAt: 1 };
const redactor = createRedactor(['hunter2-hunter2']);

test('a step that names nothing has the record that it had', () => {
  expect(createRelated(begun, redactor).of(begun)).toBe(begun);
});

test('what a step named before it waited stays, and is named anew', () => {
  const related = createRelated({ ...begun, related: { set: 's1', delta: 'd1' } }, redactor);
  related.add('set', 's2');
  expect(related.of(begun).related).toEqual({ set: 's2', delta: 'd1' });
});

test('secrets are masked, long ids are cut, and few are kept', () => {
  const related = createRelated(begun, redactor);
  related.add('a', 'x hunter2-hunter2');
  related.add('b', 'é'.repeat(500));
  for (const name of ['c', 'd', 'e', 'f']) related.add(name, name);
  const { a, b = '', ...others } = related.of(begun).related ?? {};
  expect(a).toBe('x ***');
  expect(Buffer.byteLength(b)).toBeLessThanOrEqual(128);
  expect(others).toEqual({ c: 'c', d: 'd', e: 'e' });
});
