import { describe, expect, test } from 'vitest';
import { createRouter } from '../../src/api/router.ts';
import { found, lost, table } from '../fixtures/api/paths.ts';

const route = createRouter<keyof typeof table>(table);

describe('the router', () => {
  test.each(found)('leads %s to %j', (path, ids, params) => {
    const match = route(path);
    expect([...(match?.routes.values() ?? [])]).toEqual(ids);
    expect({ ...match?.params }).toEqual(params);
  });

  test.each(lost)('leads %j nowhere', path => {
    expect(route(path)).toBeUndefined();
  });

  test('refuses two routes of one method and path', () => {
    expect(() => createRouter({ a: { method: 'GET', path: '/x' }, b: { method: 'GET', path: '/x' } })).toThrow(
      'two routes for GET /x',
    );
  });

  test('refuses two names for one place', () => {
    expect(() => createRouter({ a: { method: 'GET', path: '/{x}' }, b: { method: 'GET', path: '/{y}/z' } })).toThrow(
      "'{y}' and '{x}'",
    );
  });
});
