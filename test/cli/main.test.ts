import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const cli = (...args: readonly string[]) => spawnSync(process.execPath, ['cli/main.ts', ...args], { encoding: 'utf8' });

const COMMANDS = ['run', 'cancel', 'approve', 'deny', 'check', 'event', 'bootstrap'];

test('--help names every command', () => {
  const { status, stdout, stderr } = cli('--help');
  expect([status, stderr]).toEqual([0, '']);
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`\\b${command}\\b`));
});

test.each([
  [[], 'npm run --silent pipecall -- <command>'],
  [['start'], "'start' is no command."],
])('%j: what there is, and a status of bad usage', (args, said) => {
  const { status, stdout, stderr } = cli(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
  for (const command of COMMANDS) expect(stderr).toContain(command);
});
