import { expect, test } from 'vitest';
import { nearName } from '../../src/language/near-name.ts';

const ROWS: readonly (readonly [name: string, candidates: readonly string[], near: string | undefined])[] = [
  ['deploy-to-dve', ['build', 'deploy-to-dev', 'deploy-to-prod'], 'deploy-to-dev'],
  ['mesage', ['message', 'level'], 'message'],
  ['Message', ['message'], 'message'],
  ['need', ['name', 'needs'], 'needs'],
  ['ab', ['ba'], 'ba'],
  ['a', ['b'], 'b'],
  ['a', ['bcd'], undefined],
  ['colour', ['message', 'level'], undefined],
  ['x', [], undefined],
  ['', ['a'], 'a'],
  ['first', ['First', 'first'], 'First'],
  ['abcdef', ['abcxyf', 'abcdxf'], 'abcdxf'],
  ['a'.repeat(61), ['a'.repeat(60)], undefined],
];

test.each(ROWS)('near to %j in %j is %j', (name, candidates, near) => {
  expect(nearName(name, candidates)).toBe(near);
});

test('of many candidates the first hundreds are compared', () => {
  const candidates = Array.from({ length: 1000 }, (_, index) => `candidate-${index}`);
  expect(nearName('candidate-999x', candidates)).not.toBe('candidate-999');
});
