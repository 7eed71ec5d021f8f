import { expect, test } from 'vitest';
import { redirected } from '../../../src/actions/clients/redirect.ts';
import { headers, methods, ways } from '../../fixtures/actions/redirects.ts';

const start = { method: 'GET', url: new URL('http://a.test/'), headers: {} };

test.each(methods)('%i of %s goes on as %s, with the body: %s', (status, method, arrives, body) => {
  const given = { 'content-type': 'text/plain', 'idempotency-key': 'k', accept: '*/*' };
  const hop = { ...start, method, headers: given, ...(body || arrives !== method ? { body: 'text' } : {}) };
  const next = redirected(hop, status, '/next');
  const kept = method === arrives ? given : { accept: '*/*' };
  expect(next).toEqual({
    ok: true,
    hop: { method: arrives, url: new URL('http://a.test/next'), headers: kept, ...(body ? { body: 'text' } : {}) },
  });
});

test.each(headers)('%s crosses to another origin: %s', (name, crosses) => {
  const key = name.toLowerCase();
  for (const [location, stays] of [
    ['http://a.test/other', true],
    ['http://b.test/', crosses],
    ['http://a.test:8080/', crosses],
    ['https://a.test/', crosses],
  ] as const) {
    const next = redirected({ ...start, headers: { [key]: 'value' } }, 307, location);
    expect([location, next]).toMatchObject([location, { ok: true, hop: { headers: stays ? { [key]: 'value' } : {} } }]);
    expect(next?.ok && Object.keys(next.hop.headers)).toHaveLength(stays ? 1 : 0);
  }
});

test.each(ways)('from %s by %s: %s', (from, location, refused) => {
  const next = redirected({ ...start, url: new URL(from) }, 302, location);
  if (refused === undefined) expect(next).toMatchObject({ ok: true, hop: { url: new URL(location, from) } });
  else expect(next).toMatchObject({ ok: false, code: refused });
  expect(JSON.stringify(next)).not.toContain('password@');
});

test.each([
  [200, '/next'],
  [300, '/next'],
  [304, '/next'],
  [305, '/next'],
  [302, undefined],
])('%i with the location %s is an answer, not a redirect', (status, location) => {
  expect(redirected(start, status, location)).toBeUndefined();
});
