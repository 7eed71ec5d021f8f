import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGateway, type Gateway } from '../../local/gateway.ts';
import { createWebSite } from '../../local/web-site.ts';
import { SECURITY_HEADERS } from '../../web/security-headers.ts';
import { temporaryFolder } from '../kit/local-server.ts';

const API = 'answered by the API';
const PAGE = '<!doctype html><title>Pipecall</title>';
const SCRIPT = 'export const one = 1;\n';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let built: Gateway;
let unbuilt: Gateway;

const serve = (web: string): Promise<Gateway> =>
  createGateway({ handler: async () => ({ statusCode: 418, body: API }), port: 0, site: createWebSite(web) });

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'dist', 'assets', 'deeper'), { recursive: true });
  await mkdir(join(folder.path, 'dist', '.vite'));
  await writeFile(join(folder.path, 'secret.txt'), 'a secret');
  await writeFile(join(folder.path, 'dist', 'index.html'), PAGE);
  await writeFile(join(folder.path, 'dist', '.vite', 'manifest.json'), '{}');
  await writeFile(join(folder.path, 'dist', 'assets', 'index-a1.js'), SCRIPT);
  await writeFile(join(folder.path, 'dist', 'assets', 'index-a1.css'), 'body{}');
  await writeFile(join(folder.path, 'dist', 'assets', 'icon-a1.svg'), '<svg/>');
  built = await serve(join(folder.path, 'dist'));
  unbuilt = await serve(join(folder.path, 'nothing'));
});
afterAll(async () => {
  await built.close();
  await unbuilt.close();
  await folder.remove();
});

const get = async (path: string, init: RequestInit = {}, gateway = built) => {
  const response = await fetch(`${gateway.url}${path}`, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** With the path as it is: `fetch` resolves `..`, escaped or not, before it sends it. */
async function getRaw(path: string) {
  const [answer] = (await once(request({ host: '127.0.0.1', port: built.port, path }).end(), 'response')) as [
    IncomingMessage,
  ];
  return { status: answer.statusCode, type: answer.headers['content-type'], text: await readText(answer) };
}

test('the root leads to the UI', async () => {
  for (const path of ['/', '/ui', '/?x=1']) {
    const { status, headers } = await get(path);
    expect([status, headers.get('location')]).toEqual([302, '/ui/']);
  }
});

describe('every address below /ui/ is the page', () => {
  test.each(['/ui/', '/ui/me', '/ui/orgs/a/apps/b/pipelines?x=/ui/assets/', '/ui/index.html', '/ui/a.b/c.js'])(
    '%s',
    async path => {
      const { status, headers, text } = await get(path);
      expect([status, text]).toEqual([200, PAGE]);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-cache');
    },
  );
});

test.each([
  ['index-a1.js', 'text/javascript; charset=utf-8', SCRIPT],
  ['index-a1.css', 'text/css; charset=utf-8', 'body{}'],
  ['icon-a1.svg', 'image/svg+xml', '<svg/>'],
])('the asset %s has its type and never changes', async (name, type, content) => {
  const { status, headers, text } = await get(`/ui/assets/${name}`);
  expect([status, text, headers.get('content-type')]).toEqual([200, content, type]);
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

describe('nothing but assets is a file', () => {
  test.each([
    '/ui/assets/',
    '/ui/assets/nothing.js',
    '/ui/assets/deeper',
    '/ui/assets/%2e%2e/index.html',
    '/ui/assets/../index.html',
    '/ui/assets/../../secret.txt',
    '/ui/assets/..%2f..%2fsecret.txt',
    '/ui/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/ui/assets/..%5c..%5csecret.txt',
    '/ui/assets/.vite%2fmanifest.json',
    '/ui/assets/index-a1.js%00',
    '/ui/assets//index-a1.js',
  ])('%s', async path => {
    expect(await getRaw(path)).toEqual({
      status: 404,
      type: 'text/plain; charset=utf-8',
      text: 'There is no such file.\n',
    });
  });
});

test.each(['/ui/', '/ui/assets/index-a1.js', '/ui/assets/nothing.js'])(
  '%s has every header of the table',
  async path => {
    const { headers } = await get(path);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name), name).toBe(value);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test('who has it already is told so', async () => {
  for (const path of ['/ui/', '/ui/assets/index-a1.js']) {
    const etag = (await get(path)).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const { status, text } = await get(path, { headers: { 'if-none-match': known } });
      expect([status, text]).toEqual([304, '']);
    }
    expect((await get(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  }
});

test('HEAD answers the headers alone', async () => {
  const { status, headers, text } = await get('/ui/assets/index-a1.js', { method: 'HEAD' });
  expect([status, text, headers.get('content-length')]).toEqual([200, '', String(SCRIPT.length)]);
});

test.each([
  ['GET', '/orgs/demo'],
  ['GET', '/uix'],
  ['GET', '/UI/'],
  ['POST', '/ui/'],
  ['POST', '/'],
  ['DELETE', '/ui/assets/index-a1.js'],
])('%s %s is for the API', async (method, path) => {
  const { status, text } = await get(path, { method });
  expect([status, text]).toEqual([418, API]);
});

test('a UI that is not built says what to do', async () => {
  const { status, text } = await get('/ui/me', {}, unbuilt);
  expect([status, text]).toEqual([503, 'The web UI is not built. Run `npm run build`, then load this page again.\n']);
});
