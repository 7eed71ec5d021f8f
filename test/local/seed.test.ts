import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Server, serve } from '../../local/serve.ts';
import { welcome } from '../../local/welcome.ts';
import { temporaryFolder } from '../kit/local-server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Server | undefined;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await folder.remove();
});

async function start(): Promise<Server> {
  await server?.close();
  server = await serve({ port: 0, data: folder.path, sdk: false, allowEgress: [], retentionDays: 90 });
  return server;
}

async function call(token: string | undefined, request: string, body?: object): Promise<number> {
  const [method = '', path = ''] = request.split(' ');
  const response = await fetch(`${server?.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.text();
  return response.status;
}

const tokens = async (): Promise<Readonly<Record<string, string>>> =>
  JSON.parse(await readFile(join(folder.path, 'tokens.json'), 'utf8'));

const RUNS = '/orgs/demo/apps/hello/pipelines/hello/runs';
const inputs = { inputs: { name: 'Ada' } };

test('there is somebody for each role', async () => {
  const { token } = await start();
  const { owner, developer, viewer, deployer, service } = await tokens();
  expect((await stat(join(folder.path, 'tokens.json'))).mode & 0o777).toBe(0o600);
  expect(await call(viewer, `GET ${RUNS}`)).toBe(200);
  expect(await call(viewer, `POST ${RUNS}`, inputs)).toBe(403);
  expect(await call(developer, `POST ${RUNS}`, inputs)).toBe(201);
  expect(await call(service, `POST ${RUNS}`, inputs)).toBe(201);
  expect(await call(developer, 'GET /orgs/demo/apps/hello/users')).toBe(403);
  expect(await call(owner, 'GET /orgs/demo/apps/hello/users')).toBe(200);
  const preview = { id: 'preview', name: 'Preview', type: 'development' };
  expect(await call(owner, 'POST /orgs/demo/apps/hello/envs', preview)).toBe(403);
  expect(await call(deployer, 'POST /orgs/demo/apps/hello/envs', preview)).toBe(201);
  expect(await call(token, 'GET /orgs/demo/apps/hello/envs/production')).toBe(200);
});

test('the first screen says how to be one of them', async () => {
  const { url, token } = await start();
  const screen = welcome({ url, token, data: folder.path, actions: '/own', allowEgress: [], mode: 'embedded' });
  expect(screen).toContain('the modules in /own');
  const line = /^ {2}(VIEWER=.*)$/m.exec(screen)?.[1] ?? '';
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'Local viewer', roles: { demo: 'member' } });
});

test('what was deleted stays away, and the administrator comes back', async () => {
  const { token } = await start();
  const { viewer, developer } = await tokens();
  const path = '/orgs/demo/users/00000000-0000-4000-8000-000000000004';
  expect(await call(token, `DELETE ${path}`)).toBe(204);
  expect(await call(token, 'DELETE /orgs/demo/apps/hello/pipelines/hello')).toBe(204);
  expect(await call(token, 'DELETE /orgs/demo/apps/hello/envs/development')).toBe(204);
  const admin = '/orgs/demo/users/00000000-0000-4000-8000-000000000001';
  const service = '/orgs/demo/users/s-00000000-0000-4000-8000-000000000006';
  expect(await call(token, `PATCH ${service}`, { role: 'administrator' })).toBe(200);
  expect(await call((await tokens()).service, `DELETE ${admin}`)).toBe(204);
  expect(await call(token, 'GET /current-user')).toBe(401);

  const again = await start();
  expect(again.token).toBe(token);
  expect(await call(token, 'GET /orgs/demo/users')).toBe(200);
  expect(await call(viewer, 'GET /current-user')).toBe(401);
  expect(await call(developer, 'GET /current-user')).toBe(200);
  expect(await call(token, `GET ${path}`)).toBe(404);
  expect(await call(token, 'GET /orgs/demo/apps/hello/pipelines/hello')).toBe(404);
  expect(await call(token, 'GET /orgs/demo/apps/hello/envs/development')).toBe(404);
});
