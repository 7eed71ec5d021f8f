import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/api/error-codes.ts';
import { isPathParameter } from '../../src/api/path-parameters.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';

const rows = Object.entries<Route>(routes);

/** What names an object in a path, where it is not called as the object is. */
const LOADED_BY: Readonly<Record<string, string>> = { value: 'key' };

// @ts-expect-error: a route that names no permission does not compile
const unguarded: Route = {
  method: 'GET',
  path: '/',
  summary: '',
  load: 'nothing',
  query: [],
  headers: [],
  responses: {},
  errors: [],
};

test('a route without a permission is open to nobody by accident', () => {
  expect(unguarded.permission).toBeUndefined();
  expect(rows.filter(([, route]) => route.permission === 'none').map(([id]) => id)).toEqual([
    'getHealth',
    'getOpenApi',
    // The path is the key: one use, a time limit, 256 random bits.
    'postCallback',
  ]);
});

test.each(rows)('%s fits together', (_id, route) => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  for (const name of names) expect(() => isPathParameter(name, 'x')).not.toThrow();
  // Nothing is loaded, and nothing is allowed, without an org that a role can be held in.
  const finds = route.judged !== undefined;
  expect(names[0] === 'org').toBe(route.permission !== 'none' && !finds);
  if (finds) expect(route.load).toBe('nothing');
  if (route.load !== 'nothing') expect(names).toContain(LOADED_BY[route.load] ?? route.load);
  const promised = Object.keys(route.responses).map(Number);
  for (const status of promised) expect(status).toBeLessThan(400);
  for (const code of route.errors) expect(ERROR_CODES[code].status).toBeGreaterThanOrEqual(400);
});
