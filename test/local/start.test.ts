import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../kit/local-server.ts';

const START = 'local/start.js';

test('npm start keeps what it compiled for the next start, in a folder of its own', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly scripts: { start: string } };
  expect(scripts.start).toBe(`node ${START}`);
  const folder = await temporaryFolder();
  const local = join(folder.path, 'local');
  await mkdir(local);
  await writeFile(join(folder.path, 'package.json'), '{"type": "module"}');
  await cp(START, join(folder.path, START));
  await writeFile(
    join(local, 'main.ts'),
    'const who: string = process.argv[2] ?? "nobody";\nprocess.stdout.write(who);\n',
  );
  const { NODE_DISABLE_COMPILE_CACHE: _, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, [join(folder.path, START), 'somebody'], {
    env,
    encoding: 'utf8',
  });
  expect({ stdout, status }).toEqual({ stdout: 'somebody', status: 0 });
  expect(await readdir(join(folder.path, 'node_modules', '.cache', 'pipecall'))).not.toEqual([]);
  await folder.remove();
});

test('with a Node that cannot run it, it says which one can', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--no-strip-types', START], { encoding: 'utf8' });
  expect(stderr).toMatch(/^pipecall: this is Node [\d.]+; npm start takes Node 24, which npm ci installs\n$/);
  expect(status).toBe(1);
});
