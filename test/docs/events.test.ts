import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { pipecallClient, type RunView } from '../kit/pipecall-client.ts';
import { blocksOf, readPage, sectionsOf } from './page.ts';

const execute = promisify(execFile);
const blocks = blocksOf(sectionsOf(readPage('events.md'), 2).get('Events in') ?? '');
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `… # 200 text`: what the line is answered with. */
const EXPECTED = / # (\d{3})(?: (.+))?$/;

test('the lines of "Events in", one after the other, are answered as the page says, and the events start their runs', async () => {
  const folder = await temporaryFolder();
  const server = await startLocalServer({ data: `${folder.path}/.pipecall`, env: { PIPECALL_ADMIN_TOKEN: '' } });
  try {
    const exported = /^ {2}export URL=(\S+) TOKEN=(\S+)$/m.exec(server.printed()) ?? [];
    const client = pipecallClient(server.url, exported[2] ?? '');
    const expected: { readonly line: string; readonly status: string; readonly says: string }[] = [];
    let answers = '';
    for (const { info, text } of blocks) {
      const file = /file=(\S+)/.exec(info)?.[1];
      if (file !== undefined) await writeFile(join(folder.path, file), text);
      if (!info.startsWith('sh')) continue;
      for (const line of text.split('\n')) {
        const [, status, says = ''] = EXPECTED.exec(line) ?? [];
        if (status !== undefined) expected.push({ line, status, says });
      }
      // What `npm run` does, from another folder.
      const command = text.replaceAll('npm run --silent event --', `"${process.execPath}" "${ROOT}cli/main.ts" event`);
      const lines = [exported[0]?.trim() ?? 'false', blocks[0]?.text ?? '', command].join('\n');
      if (command.includes('refused-starts?')) await until(client, `${client.app}/refused-starts`, 1);
      const { stdout } = await execute('sh', ['-e', '-c', lines], { cwd: folder.path });
      answers += stdout;
    }
    expect(expected.length).toBeGreaterThan(5);
    const given = Array.from(answers.matchAll(/^(.*)\n(\d{3})$/gm), ([, body = '', status]) => ({ body, status }));
    expect(given).toHaveLength(expected.length);
    for (const [index, { line, status, says }] of expected.entries()) {
      expect(given[index]?.status, `${line}\n${given[index]?.body}`).toBe(status);
      expect(given[index]?.body, line).toContain(says);
    }
    expect((await until(client, `${client.app}/pipelines/restock/runs`, 2)).map(({ inputs }) => inputs)).toEqual(
      expect.arrayContaining([{ order: 'o-17' }, { order: 18 }]),
    );
    expect(await until(client, `${client.app}/pipelines/hello/runs`, 1)).toMatchObject([{ inputs: { name: 'Ada' } }]);
  } finally {
    await server.stop('SIGKILL');
    await folder.remove();
  }
}, 300_000);

/** Looks again until there are so many: the bus delivers when it has time. */
async function until(
  client: ReturnType<typeof pipecallClient>,
  list: string,
  length: number,
): Promise<readonly RunView[]> {
  for (;;) {
    const { body } = await client.send('GET', list);
    const found = body as readonly RunView[]; // as: what the API answers is judged against its schema elsewhere
    if (found.length >= length) return found;
  }
}
