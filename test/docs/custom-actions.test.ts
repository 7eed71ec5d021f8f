import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serve } from '../../local/serve.ts';
import { REGISTERED_ERRORS } from '../../src/actions/action.ts';
import { ADMIN_TOKEN, temporaryFolder } from '../kit/local-server.ts';
import { pipecallClient } from '../kit/pipecall-client.ts';
import { blocksOf, readPage } from './page.ts';

const page = readPage('custom-actions.md');
const [module = '', registration = '', pipeline = ''] = blocksOf(page).map(({ text }) => text);

test('the example of the page works on a local server: the module, its registration, its use and its failure', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder.path, 'actions'));
  await writeFile(join(folder.path, 'actions', 'greet.mjs'), module);
  const server = await serve({
    port: 0,
    data: folder.path,
    sdk: false,
    allowEgress: [],
    adminToken: ADMIN_TOKEN,
    retentionDays: 90,
    actions: join(folder.path, 'actions'),
  });
  try {
    const client = pipecallClient(server.url, ADMIN_TOKEN);
    const json = { 'content-type': 'application/json' };
    const made = await client.send('POST', client.app.replace('/apps/hello', '/actions'), registration, json);
    expect(made).toMatchObject({ status: 201, body: { version: 1, uses: 'actions/demo/greet@v1' } });
    expect((await client.upload(pipeline)).status).toBe(201);
    const ran = await client.finish('greeting', { who: 'world' });
    expect(ran.status).toBe('succeeded');
    expect((await client.job('greeting', ran.id, 'greet')).outputs).toEqual({ text: 'Hello world, said warmly' });
    const failed = await client.finish('greeting', { who: 'nobody' });
    expect(failed.status_message).toContain('NOBODY: there is nobody');
  } finally {
    await server.close();
    await folder.remove();
  }
});

test('the page names every code', () => {
  for (const code of Object.keys(REGISTERED_ERRORS)) expect(page).toContain(`\`${code}\``);
});
