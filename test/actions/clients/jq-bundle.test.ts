import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

// What a Lambda bundle does: one ESM file and jq's thread beside it, in a folder without `node_modules`.

const root = fileURLToPath(new URL('../../../', import.meta.url));
const execute = promisify(execFile);

const handler = `
import { actions } from './src/actions/registry.ts';
import { createHttpClient } from './src/actions/clients/http-client.ts';
import { createJq } from './src/actions/clients/jq.ts';
const clients = { jq: createJq(), http: createHttpClient({ allowEgress: [] }) };
const context = { signal: new AbortController().signal, stepId: 'r/j/s/1', log: () => {}, now: () => 0, sleep: async () => {}, clients };
const run = (name, inputs) => actions.get('actions/humanitec/' + name + '@v1').run({ ...context, inputs });
console.log(JSON.stringify([
  await run('jq', { filter: '.items | map(.name)', input: { items: [{ name: 'a' }] } }),
  await run('jq', { filter: 'env.SECRET, env.PATH', input: null }),
  await run('http', { url: 'http://127.0.0.1:9/' }),
]));
`;

test('a bundle runs jq and the http client in plain node, and ends by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pipecall-bundle-'));
  const shared = {
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    logLevel: 'error',
    absWorkingDir: root,
  } as const;
  await build({
    ...shared,
    stdin: { contents: handler, resolveDir: root, loader: 'ts' },
    format: 'esm',
    mainFields: ['module', 'main'],
    outfile: join(folder, 'index.mjs'),
    // undici is CommonJS: without a `require` its modules of Node are "Dynamic require of … is not supported".
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  await build({
    ...shared,
    entryPoints: ['src/actions/clients/jq-worker.ts'],
    format: 'cjs',
    outfile: join(folder, 'jq-worker.cjs'),
  });
  await writeFile(join(folder, 'package.json'), '{}');
  expect((await readdir(folder)).sort()).toEqual(['index.mjs', 'jq-worker.cjs', 'package.json']);

  const { stdout, stderr } = await execute(process.execPath, ['index.mjs'], {
    cwd: folder,
    env: { SECRET: 'x', PATH: '/secret' },
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject([
    { status: 'succeeded', outputs: { result: ['a'] } },
    { status: 'succeeded', outputs: { result: [null, '/'] } },
    { status: 'failed', code: 'EGRESS_REFUSED' },
  ]);
  await rm(folder, { recursive: true });
});
