import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createRouter } from '../../src/api/router.ts';
import { type RouteId, routes } from '../../src/api/routes.ts';
import { startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { blocksOf, sectionsOf } from './page.ts';

const execute = promisify(execFile);
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

test('the lines below "A pipeline" do what they promise when they are pasted', async () => {
  const blocks = blocksOf(sectionsOf(readme, 2).get('A pipeline') ?? '');
  expect(blocks.map(({ info }) => info)).toEqual(['sh', 'sh']);
  const folder = await temporaryFolder();
  const server = await startLocalServer({ data: `${folder.path}/data`, env: { PIPECALL_ADMIN_TOKEN: '' } });
  try {
    const [exported = 'false'] = /^ {2}export URL=.*$/m.exec(server.printed()) ?? [];
    const lines = [exported, ...blocks.map(({ text }) => text)].join('\n');
    const { stdout } = await execute('sh', ['-e', '-c', lines], { cwd: folder.path });
    const [pipeline, jobs, log] = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(pipeline).toMatchObject({ id: 'greet' });
    expect(jobs).toHaveLength(2);
    expect(jobs).toEqual(
      expect.arrayContaining(['look-up', 'greet'].map(id => expect.objectContaining({ id, status: 'succeeded' }))),
    );
    expect(log).toMatchObject([{ message: 'Hello ada in London!' }]);
  } finally {
    await server.stop('SIGKILL');
    await folder.remove();
  }
});
