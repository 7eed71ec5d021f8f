import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GRANTS } from '../../src/access/grants.ts';
import { PIPELINES_SYSTEM_USER } from '../../src/access/identity.ts';
import { PERMISSIONS } from '../../src/access/permissions.ts';
import { startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { blocksOf, readPage, sectionsOf } from './page.ts';

const execute = promisify(execFile);
const page = readPage('access.md');

test('the permission table of the page is the one of the code', () => {
  const rows = (sectionsOf(page, 2).get('The permission table') ?? '').matchAll(/^\| `([^`]+)` +\| (.*?) +\|$/gm);
  const shown = Array.from(rows, ([, permission, who]) => [permission, who]);
  const given = PERMISSIONS.map(permission => {
    const ways = GRANTS.filter(({ may }) => may !== 'everything' && may.includes(permission));
    return [permission, ways.map(({ needs }) => needs.map(({ role }) => role).join(' + ')).join(', ') || '—'];
  });
  expect(shown).toEqual(given);
});

test('the page names the Pipelines System User', () => expect(page).toContain(`\`${PIPELINES_SYSTEM_USER}\``));

/** `api … # 403 why`: what the line is answered with. */
const EXPECTED = /^api .* # (\d{3})(?: (.+))?$/;

test('the examples, one after the other, are answered as the page says', async () => {
  const lines = blocksOf(page).flatMap(({ text }) => text.trimEnd().split('\n'));
  const expected = lines.flatMap(line => {
    const [, status, says = ''] = EXPECTED.exec(line) ?? [];
    return status === undefined ? [] : [{ line, status, says }];
  });
  expect(expected.length).toBeGreaterThan(30);
  const folder = await temporaryFolder();
  const server = await startLocalServer({ data: `${folder.path}/.pipecall`, env: { PIPECALL_ADMIN_TOKEN: '' } });
  try {
    const [exported = 'false'] = /^ {2}export URL=.*$/m.exec(server.printed()) ?? [];
    const { stdout } = await execute('sh', ['-e', '-c', [exported, ...lines].join('\n')], { cwd: folder.path });
    const answers = Array.from(stdout.matchAll(/^(.*)\n(\d{3})$/gm), ([, body = '', status]) => ({ body, status }));
    expect(answers).toHaveLength(expected.length);
    for (const [index, { line, status, says }] of expected.entries()) {
      expect(answers[index]?.status, `${line}\n${answers[index]?.body}`).toBe(status);
      expect(answers[index]?.body, line).toContain(says);
    }
  } finally {
    await server.stop('SIGKILL');
    await folder.remove();
  }
});
