import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRouter } from '../../src/api/router.ts';
import { type RouteId, routes } from '../../src/api/routes.ts';
import { blocksOf, sectionsOf } from './page.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [fetching, using] = blocksOf(sectionsOf(readme, 2).get('Write one with completion') ?? '');

test('the README fetches the schema of the language from where it is', () => {
  const [, path = ''] = /\$URL(\S+)/.exec(fetching?.text ?? '') ?? [];
  expect(createRouter<RouteId>(routes)(path)?.routes.get('GET')).toBe('getLanguageSchema');
});

test('the README names the file that it fetched', () => {
  const [, file = 'none'] = /> (\S+)$/m.exec(fetching?.text ?? '') ?? [];
  expect(using?.text.split('\n')[0]).toBe(`# yaml-language-server: $schema=./${file}`);
});
