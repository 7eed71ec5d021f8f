import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../kit/local-server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'bad.yaml'), 'name: Bad\non:\n  pipeline_call:\njobs:\n  a:\n    step: []\n');
  await writeFile(join(folder.path, 'latin.yaml'), Buffer.from([0x6e, 0x3a, 0xe9]));
  await mkdir(join(folder.path, 'folder.yaml'));
});

afterAll(() => folder.remove());

type Printed = { readonly status: number; readonly lines: readonly string[] };

/** `npm run check` as a person runs it, without npm's own lines. */
const run = (...files: readonly string[]): Promise<Printed> =>
  new Promise(resolve => {
    execFile(process.execPath, ['cli/main.ts', 'check', ...files], (error, stdout) => {
      const status = typeof error?.code === 'number' ? error.code : 0;
      resolve({ status, lines: stdout.split('\n').filter(line => line !== '') });
    });
  });

it('finds nothing wrong with the examples', async () => {
  expect(await run('examples/hello.yaml', 'examples/diamond.yaml')).toEqual({
    status: 0,
    lines: ['2 files checked, no problems'],
  });
});

it('prints every problem with its place and ends with 1', async () => {
  const file = join(folder.path, 'bad.yaml');
  const { status, lines } = await run('examples/hello.yaml', file);
  expect(status).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^.*bad\.yaml:5:3: error MISSING_KEY: .*`steps`/),
    expect.stringMatching(/^.*bad\.yaml:6:5: error UNKNOWN_KEY: .*\(did you mean `steps`\?\)$/),
  ]);
  expect(lines.every(line => line.startsWith(`${file}:`))).toBe(true);
});

it.each([
  ['missing.yaml', 'there is no such file'],
  ['folder.yaml', 'this is a folder; name a file in it'],
  ['latin.yaml', 'this is not UTF-8 text'],
])('says what keeps it from reading %s and ends with 2', async (name, why) => {
  const file = join(folder.path, name);
  expect(await run(file)).toEqual({ status: 2, lines: [`${file}: error: ${why}`] });
});

it('is quiet when nobody reads on', async () => {
  const child = spawn(process.execPath, ['cli/main.ts', 'check', join(folder.path, 'bad.yaml')]);
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect({ said, code }).toEqual({ said: '', code: 1 });
});

it('says how it is used and ends with 2, or with 0 when it was asked', async () => {
  expect(await run('--help')).toEqual({ status: 0, lines: ['usage: npm run check -- <file…>'] });
  expect(await run()).toEqual({ status: 2, lines: ['usage: npm run check -- <file…>'] });
});
