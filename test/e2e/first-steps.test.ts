import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../kit/local-server.ts';

const execute = promisify(execFile);

it('npm start prints two lines that start a run and show it succeeded with its log', async () => {
  const data = await temporaryFolder();
  const server = spawn('npm', ['start', '--', '--port', '0', '--data', data.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PIPECALL_ADMIN_TOKEN: '' },
    // npm starts Node in a process of its own: the group is what has to end.
    detached: true,
  });
  try {
    const printed = await new Promise<string>((resolve, reject) => {
      let text = '';
      server.once('exit', code => reject(new Error(`npm start ended with ${code}: ${text}`)));
      server.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (/^ready http:\/\/127\.0\.0\.1:\d+$/m.test(text)) resolve(text);
      });
    });
    expect(printed).toMatch(/token\s+pcl_\S+/);
    const start = /^ {2}curl .*$/m.exec(printed)?.[0] ?? 'false';
    const look = /^ {2}RUN=.*$/m.exec(printed)?.[0] ?? 'false';
    const started = await execute('sh', ['-c', start]);
    expect(started.stdout).toContain('HTTP/1.1 201 Created');
    expect(started.stdout).toContain('"inputs":{"name":"Ada"}');
    for (;;) {
      const { stdout } = await execute('sh', ['-c', look]);
      if (/"status":"(queued|executing)"/.test(stdout)) continue;
      expect(stdout).toContain('"status":"succeeded"');
      expect(stdout).toContain('"message":"Hello, Ada!"');
      break;
    }
  } finally {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM');
    await new Promise(resolve => (server.exitCode === null ? server.once('exit', resolve) : resolve(undefined)));
    await data.remove();
  }
});
