import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Every check of `npm run verify`, one after the other; a failed one does not keep the others from being run. The last
 * line counts what really happened: each test, and each other check as one.
 */
type Check = { readonly name: string; readonly command: readonly string[]; readonly remedy: string };

const CHECKS: readonly Check[] = [
  {
    name: 'format and lint',
    command: ['biome', 'check', '--error-on-warnings', '.'],
    remedy: 'npm run format mends most of it',
  },
  {
    name: 'boundaries',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'functions',
      'infra',
      'local',
      'cli',
      'web/src',
      'web/security-headers.ts',
    ],
    remedy: 'each rule in .dependency-cruiser.cjs says what to do instead',
  },
  {
    name: 'types',
    command: ['tsc', '--project', '.'],
    remedy: 'mend the types; `any`, `!` and `@ts-ignore` are no remedy',
  },
  {
    name: 'types of the web UI',
    command: ['tsc', '--project', 'web'],
    remedy: 'mend the types; `any`, `!` and `@ts-ignore` are no remedy',
  },
  {
    name: 'types of the tests of the web UI',
    command: ['tsc', '--project', 'test/web'],
    remedy: 'mend the types; `any`, `!` and `@ts-ignore` are no remedy',
  },
  { name: 'synth', command: ['cdk', 'synth', '--quiet'], remedy: 'the message names the construct' },
];

const folder = mkdtempSync(join(tmpdir(), 'pipecall-verify-'));
const report = join(folder, 'tests.json');
let passed = 0;
let failed = 0;

function run(name: string, command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  process.stdout.write(`\n── ${name}: ${command.join(' ')}\n`);
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
}

for (const { name, command, remedy } of CHECKS) {
  if (run(name, command)) {
    passed += 1;
  } else {
    failed += 1;
    process.stdout.write(`✗ ${name} failed: ${remedy}.\n`);
  }
}

const green = run('tests', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
const tests = readReport();
passed += tests.passed;
failed += tests.failed;
// A suite that fails before its first test has no test that failed; it counts as one all the same.
if (!green && tests.failed === 0) failed += 1;
rmSync(folder, { recursive: true });

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function readReport(): { readonly passed: number; readonly failed: number } {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
    };
    return { passed: numPassedTests, failed: numFailedTests };
  } catch (error) {
    process.stdout.write(`✗ the test runner left no report: ${String(error)}\n`);
    return { passed: 0, failed: green ? 1 : 0 };
  }
}
