import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

it.each(['missing.yaml', 'folder.yaml', 'latin.yaml'])(
  'says what keeps it from reading %s and ends with 2',
  async name => {
    const file = join(folder.path, name);
    const { status, lines } = await run(file);
    expect(status).toBe(2);
    expect(lines).toEqual([expect.stringMatching(/: error: ./)]);
  },
);

it('says how it is used and ends with 2', async () => {
  expect(await run()).toEqual({ status: 2, lines: ['usage: npm run check -- <file…>'] });
});
