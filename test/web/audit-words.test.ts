import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routes } from '../../src/api/routes.ts';
import { ACTION_GROUPS, actionWords } from '../../web/src/pages/access/audit-words.ts';

const known = Object.values(ACTION_GROUPS).flatMap(group => Object.keys(group));

/** What writes an entry without a request of its own names its action where it does. */
const beyondRoutes = globSync('src/**/*.ts')
  .map(file => readFileSync(file, 'utf8'))
  .filter(text => text.includes('putAuditEntry(') || text.includes('AuditEntry = {'))
  .flatMap(text => [...text.matchAll(/\baction: '(\w+)'/g)].map(([, action = '']) => action));

test('every action that can be in the audit log has words, once', () => {
  expect(beyondRoutes).toContain('runStep');
  expect(known.toSorted()).toEqual([...new Set([...Object.keys(routes), ...beyondRoutes])].toSorted());
});

test('no two actions have the same words', () => {
  const words = known.map(actionWords);
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});

test('an action of a later server is shown by its id', () => {
  expect(actionWords('paintItBlack')).toBe('paintItBlack');
});
