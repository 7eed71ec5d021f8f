import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AREAS, PAGES } from './pages/index.ts';

test('each area of pages is walked by a file of tests', () => {
  const walked = readdirSync(import.meta.dirname).flatMap(file => /^pages-(.+)\.test\.ts$/.exec(file)?.[1] ?? []);
  expect(walked.sort()).toEqual(Object.keys(AREAS).sort());
});

test('each page has a name of its own', () => {
  const names = PAGES.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});
