import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { PAUSES } from '../../src/run/webhooks/back-off.ts';
import { WEBHOOK_SCOPES } from '../../src/run/webhooks/types.ts';
import { startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { createDocumentAjv } from '../kit/openapi-check.ts';
import { blocksOf, readPage, sectionsOf } from './page.ts';

const execute = promisify(execFile);
const sections = sectionsOf(readPage('events.md'), 2);
const webhooks = sections.get('Webhooks') ?? '';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `… # 200 text`: what the line is answered with. */
const EXPECTED = / # (\d{3})(?: (.+))?$/;

test('the lines of "Webhooks", one after the other, are answered as the page says, and its receiver takes what is sent', async () => {
  const folder = await temporaryFolder();
  const server = await startLocalServer({ data: `${folder.path}/.pipecall`, env: { PIPECALL_ADMIN_TOKEN: '' } });
  try {
    const [exported = 'false'] = /^ {2}export URL=.*$/m.exec(server.printed()) ?? [];
    const [api] = blocksOf(sections.get('Events in') ?? '');
    // Where somebody follows the page, the package is installed.
    await symlink(`${ROOT}node_modules`, join(folder.path, 'node_modules'));
    const expected: { readonly line: string; readonly status: string; readonly says: string }[] = [];
    let answers = '';
    for (const { info, text } of blocksOf(webhooks)) {
      const file = /file=(\S+)/.exec(info)?.[1];
      if (file !== undefined) await writeFile(join(folder.path, file), text);
      if (!info.startsWith('sh')) continue;
      for (const line of text.split('\n')) {
        const [, status, says = ''] = EXPECTED.exec(line) ?? [];
        if (status !== undefined) expected.push({ line, status, says });
      }
      const lines = [exported.trim(), api?.text ?? 'false', text].join('\n');
      const { stdout } = await execute('sh', ['-e', '-c', lines], { cwd: folder.path });
      answers += stdout;
    }
    const given = Array.from(answers.matchAll(/^(.*)\n(\d{3})$/gm), ([, body = '', status]) => ({ body, status }));
    expect(expected.length).toBeGreaterThan(5);
    expect(given).toHaveLength(expected.length);
    for (const [index, { line, status, says }] of expected.entries()) {
      expect(given[index]?.status, `${line}\n${given[index]?.body}`).toBe(status);
      expect(given[index]?.body, line).toContain(says);
    }
  } finally {
    // It ends with the last line; where a line fails, here.
    const pid = await readFile(join(folder.path, 'receiver.pid'), 'utf8').catch(() => '');
    if (pid !== '') await execute('sh', ['-c', `kill ${Number(pid)} 2>/dev/null || true`]);
    await server.stop('SIGKILL');
    await folder.remove();
  }
});

test('the event of "Events out" is one by its schema', () => {
  const [example] = blocksOf(sections.get('Events out') ?? '').filter(({ info }) => info === 'json');
  const event = JSON.parse(example?.text ?? '');
  const schema = { $ref: 'https://pipecall.example/openapi.json#/components/schemas/PipelineRunStatusChange' };
  const validate = createDocumentAjv().compile(schema);
  expect(validate(event.detail) ? [] : validate.errors).toEqual([]);
});

test('the table of events is that of the code', () => {
  const rows = webhooks.matchAll(/^\| `(pipeline_run|approval)` \| (.*?) \|/gm);
  const shown = Array.from(rows, ([, scope, types = '']) => [scope, types.replaceAll('`', '').split(', ')]);
  expect(Object.fromEntries(shown)).toEqual(WEBHOOK_SCOPES);
});

test('the pauses are those of the code', () => {
  const [, told = ''] = /At once, then after (.*?), each a tenth/s.exec(webhooks) ?? [];
  const units: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000 };
  const pauses = told.replace(/\([^)]*\)/g, '').matchAll(/(\d+) (s|min|h)\b/g);
  expect(Array.from(pauses, ([, count, unit = '']) => Number(count) * (units[unit] ?? 0))).toEqual(PAUSES);
});
