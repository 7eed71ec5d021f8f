import { expect, test } from 'vitest';
import { createApiHandler } from '../../functions/api/api-handler.ts';
import type { LogEntry } from '../../src/api/log.ts';
import { createApiClient } from '../kit/api-client.ts';
import { openWorld } from '../kit/api-world.ts';

test('what the API throws is a 500 with a fixed text, and everything is in the log', async () => {
  const world = await openWorld();
  const logged: LogEntry[] = [];
  const cause = new Error('the disk is full: secret-path');
  const handler = createApiHandler(
    () => Promise.reject(new Error('the table failed', { cause })),
    entry => logged.push(entry),
  );
  const answer = await createApiClient(handler)({ path: '/healthz' });
  expect(answer).toMatchObject({ status: 500, headers: { 'x-request-id': 'request-1' } });
  expect(answer.json).toEqual({
    error: 'INTERNAL_ERROR',
    message: expect.not.stringContaining('disk'),
    details: { request_id: 'request-1' },
  });
  expect(logged).toEqual([
    {
      level: 'error',
      message: 'request failed',
      requestId: 'request-1',
      method: 'GET',
      path: '/healthz',
      error: 'Error',
      stack: expect.stringMatching(/the table failed[\s\S]*caused by: [\s\S]*secret-path/),
    },
    expect.objectContaining({ level: 'info', message: 'request', requestId: 'request-1', status: 500 }),
  ]);
  await world.close();
});

test('every request has one line in the log, without its query, headers and body', async () => {
  const logged: LogEntry[] = [];
  const world = await openWorld({ log: entry => logged.push(entry) });
  logged.length = 0;
  const path = '/orgs/acme/apps/shop/pipelines/deploy/runs?status=failed';
  await world.client({ path });
  expect(logged).toEqual([
    {
      level: 'info',
      message: 'request',
      requestId: expect.any(String),
      method: 'GET',
      path: '/orgs/acme/apps/shop/pipelines/deploy/runs',
      status: 200,
      milliseconds: expect.any(Number),
    },
  ]);
  await world.close();
});

test('a body that is not UTF-8 is refused, not mended', async () => {
  const world = await openWorld();
  const { handler } = world;
  const event = {
    rawPath: '/orgs/acme/apps/shop/pipelines',
    rawQueryString: '',
    headers: { authorization: `Bearer ${world.tokens.admin}`, 'content-type': 'application/x-yaml' },
    requestContext: { requestId: '1', http: { method: 'POST' } },
    body: Buffer.from([0x6e, 0xff]).toString('base64'),
    isBase64Encoded: true,
  };
  const result = await handler(event as never, {} as never);
  expect(result.statusCode).toBe(400);
  expect(JSON.parse(result.body ?? '')).toMatchObject({
    error: 'MALFORMED_REQUEST',
    message: 'The body is not UTF-8.',
  });
  await world.close();
});
