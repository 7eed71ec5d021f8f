import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { EXIT } from '../../cli/run/streams.ts';
import { startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { blocksOf, readPage, sectionsOf } from './page.ts';

const execute = promisify(execFile);
const page = readPage('api.md');
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** `… # 403 why`: what the line is answered with. */
const EXPECTED = /^(?:api|upload) .* # (\d{3})(?: (.+))?$/;

/** The command without npm, which would look for its package in the folder of the test. */
const COMMAND = `npm() { shift 4; node ${MAIN} "$@"; }`;

test('the examples, one after the other, are answered as the page says', async () => {
  const blocks = blocksOf(page);
  const lines = blocks.filter(({ info }) => info === 'sh').flatMap(({ text }) => text.trimEnd().split('\n'));
  const expected = lines.flatMap(line => {
    const [, status, says = ''] = EXPECTED.exec(line) ?? [];
    return status === undefined ? [] : [{ line, status, says }];
  });
  expect(expected.length).toBeGreaterThan(25);
  const folder = await temporaryFolder();
  const server = await startLocalServer({ data: `${folder.path}/.pipecall`, env: { PIPECALL_ADMIN_TOKEN: '' } });
  try {
    for (const { info, text } of blocks) {
      const file = /file=(\S+)/.exec(info)?.[1];
      if (file !== undefined) await writeFile(join(folder.path, file), text);
    }
    const [exported = 'false'] = /^ {2}export URL=.*$/m.exec(server.printed()) ?? [];
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
    const script = [exported.trim(), COMMAND, ...lines].join('\n');
    const { stdout } = await execute('sh', ['-e', '-c', script], { cwd: folder.path, env });
    const answers = Array.from(stdout.matchAll(/^(.*)\n(\d{3})$/gm), ([, body = '', status]) => ({ body, status }));
    expect(answers).toHaveLength(expected.length);
    for (const [index, { line, status, says }] of expected.entries()) {
      expect(answers[index]?.status, `${line}\n${answers[index]?.body}`).toBe(status);
      expect(answers[index]?.body, line).toContain(says);
    }
    expect(stdout).toContain('greet | Hello, Ada!\n');
    expect(stdout).toContain('run succeeded');
    expect(stdout).toContain('Nothing was started.');
    expect(stdout).toMatch(/demo\/hello\/ask\/\S+: cancelled/);
  } finally {
    await server.stop('SIGKILL');
    await folder.remove();
  }
});

test('the page lists every exit status of the command', () => {
  const rows = (sectionsOf(page, 2).get('Command line') ?? '').matchAll(/^\| (\d+) \|/gm);
  expect(Array.from(rows, ([, status]) => Number(status))).toEqual(Object.values(EXIT));
});

test('every place of the page that it leads to is there', () => {
  const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'));
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
  expect(titles).toEqual(expect.arrayContaining(links));
});
