import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { pipecallClient } from '../kit/pipecall-client.ts';

const SECRET = 'a-very-secret-text';

const TYPED = `id: typed
name: Typed
on:
  pipeline_call:
    inputs:
      name: { type: string, default: nobody }
      count: { type: integer, required: true }
      on: { type: boolean, default: false }
      tags: { type: array, default: [] }
      api-key: { type: string, secret: true }
jobs:
  say:
    steps:
      - name: Say
        uses: actions/humanitec/log@v1
        with:
          message: "\${{ inputs.name }} \${{ inputs.count }} \${{ inputs.on }} \${{ toJSON(inputs.tags) }} \${{ inputs.api-key }}"
`;

const ASKING = `id: asking
name: Asking
on:
  pipeline_call:
jobs:
  ask:
    outputs:
      by: \${{ steps.it.outputs.comment }}
    steps:
      - id: it
        name: Ask
        uses: actions/humanitec/approve@v1
        with: { env_id: development, message: "Really?" }
`;

const FAILING = `id: failing
name: Failing
on:
  pipeline_call:
jobs:
  it:
    steps:
      - uses: actions/humanitec/fail@v1
        with: { message: "as \\e[31mwished" }
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: LocalServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startLocalServer({ data: folder.path });
  const client = pipecallClient(server.url, ADMIN_TOKEN);
  for (const definition of [TYPED, ASKING, FAILING]) {
    const { status, body } = await client.upload(definition);
    expect(status, JSON.stringify(body)).toBe(201);
  }
});
afterAll(async () => {
  await server.stop('SIGKILL');
  await folder.remove();
});

type Ended = { readonly status: number | null; readonly printed: string; readonly told: string };

/** The command as a process. `seen` is called with all that it printed, whenever that grows. */
async function pipecall(
  args: readonly string[],
  options: {
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly seen?: (printed: string, interrupt: () => void) => void;
  } = {},
): Promise<Ended> {
  const env = { ...process.env, PIPECALL_URL: server.url, PIPECALL_TOKEN: ADMIN_TOKEN, ...options.env };
  const child = spawn(process.execPath, ['cli/main.ts', ...args], { env });
  let printed = '';
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
    options.seen?.(printed, () => child.kill('SIGINT'));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8');
  });
  child.stdin.end(options.stdin ?? '');
  await once(child, 'close');
  return { status: child.exitCode, printed, told };
}

const runOf = (printed: string): string => /demo\/hello\/[\w-]+\/[\w-]+/.exec(printed)?.[0] ?? 'none';

test('values become what the pipeline declares; the log comes, without the secret', async () => {
  const inputs = ['--input', 'name=Ada', '--input', 'count=3', '--input', 'on=true', '--input', 'tags:=["x"]'];
  const { status, printed, told } = await pipecall(
    ['run', 'demo/hello/typed', ...inputs, '--secret-input', 'api-key'],
    {
      stdin: `${SECRET}\n`,
    },
  );
  expect(told).toBe('');
  expect(status).toBe(0);
  expect(printed.split('\n').slice(1)).toEqual([
    'say | Ada 3 true [',
    'say |   "x"',
    'say | ] ***',
    'job say, step Say: succeeded',
    'job say: succeeded',
    'run succeeded: 1 job succeeded.',
    '',
  ]);
});

test('inputs come from a file or stdin too; --json prints the run and nothing else', async () => {
  const ended = await pipecall(
    ['run', 'demo/hello/typed', '--inputs', '-', '--input', 'name=B', '--secret-input', 'api-key', '--json'],
    {
      stdin: '{"count": 1, "name": "A"}',
      env: { PIPECALL_INPUT_API_KEY: SECRET },
    },
  );
  expect(ended).toMatchObject({ status: 0, told: '' });
  expect(JSON.parse(ended.printed)).toMatchObject({
    status: 'succeeded',
    inputs: { count: 1, name: 'B', on: false, tags: [], 'api-key': '***' },
  });
});

test.each([
  { args: ['run', 'demo/hello'], told: /<org>\/<app>\/<pipeline>/ },
  { args: ['run', 'demo/hello/typed', '--nonsense'], told: /--nonsense/ },
  { args: ['run', 'demo/hello/typed', '--input', 'count=x'], told: /^count: must be a whole number\n$/ },
  { args: ['run', 'demo/hello/typed', '--input', `api-key=${SECRET}`], told: /^api-key: it is secret/ },
  { args: ['run', 'demo/hello/typed', '--secret-input', `api-key=${SECRET}`], told: /the name only/ },
  { args: ['run', 'demo/hello/typed', '--secret-input', 'api-key'], told: /^stdin must hold the secret api-key/ },
  {
    args: ['run', 'demo/hello/typed', '--input', 'name:=1', '--input', 'other=1'],
    told: /^(?=[\s\S]*`name` must be a string)(?=[\s\S]*`count` is required)(?=[\s\S]*`other` is not an input)/,
  },
  { args: ['run', 'demo/hello/nothing'], told: /there is no pipeline demo\/hello\/nothing at / },
  { args: ['approve', 'demo/hello/asking'], told: /<org>\/<app>\/<pipeline>\/<run>/ },
])('$args is refused with 2', async ({ args, told }) => {
  const ended = await pipecall(args);
  expect(ended).toMatchObject({ status: 2, printed: '' });
  expect(ended.told).toMatch(told);
  expect(ended.told).not.toContain(SECRET);
});

test('without a token, and with one that is wrong, it says so', async () => {
  const lacking = await pipecall(['run', 'demo/hello/typed'], { env: { PIPECALL_TOKEN: '' } });
  expect(lacking).toMatchObject({ status: 2, told: expect.stringContaining('PIPECALL_TOKEN is not set') });
  const wrong = await pipecall(['run', 'demo/hello/hello'], { env: { PIPECALL_TOKEN: 'wrong' } });
  const told = `The token is not known. PIPECALL_TOKEN must hold a token of ${server.url}\n`;
  expect(wrong).toMatchObject({ status: 2, told });
});

test('a run that fails ends it with 1, and its messages change nothing of the terminal', async () => {
  const { status, printed } = await pipecall(['run', 'demo/hello/failing']);
  expect(status).toBe(1);
  expect(printed).toContain('failed (');
  expect(printed).toContain('as wished');
  expect(printed).not.toContain('\u001b');
});

test('a server that is not there ends it with 4', async () => {
  const { status, told } = await pipecall(['run', 'demo/hello/hello', '--url', 'http://127.0.0.1:1']);
  expect(status).toBe(4);
  expect(told).toContain('no server answers at http://127.0.0.1:1');
});

test('the same key starts one run; --no-follow ends at once', async () => {
  const args = ['run', 'demo/hello/hello', '--no-follow', '--idempotency-key', 'one'];
  const [first, second] = [await pipecall(args), await pipecall(args)];
  expect(first.status).toBe(0);
  expect(second.printed).toBe(first.printed.replace('started', 'started (this key had started it before)'));
});

test('--plan starts nothing', async () => {
  const before = await pipecall(
    ['run', 'demo/hello/typed', '--plan', '--input', 'count=1', '--secret-input', 'api-key'],
    { stdin: SECRET },
  );
  expect(before.status).toBe(0);
  expect(before.printed).toContain('Nothing was started.');
  expect(before.printed).toContain('job say\n');
  expect(before.printed).not.toContain(SECRET);
});

test('it says what is waited for and how to decide; the decision ends the run', async () => {
  let decided: Promise<Ended> | undefined;
  const ended = await pipecall(['run', 'demo/hello/asking'], {
    seen: printed => {
      const line = /decide: npm run --silent pipecall -- (approve) (\S+)/.exec(printed);
      if (line?.[2] !== undefined) decided ??= pipecall(['approve', line[2], '--comment', 'fine']);
    },
  });
  expect(await decided).toMatchObject({ status: 0, printed: 'job ask, Really?: approved\n', told: '' });
  expect(ended.status).toBe(0);
  expect(ended.printed).toContain('  Really?\n');
  const run = runOf(ended.printed);
  expect(await pipecall(['deny', run])).toMatchObject({
    status: 1,
    told: `No approval of the run ${run} waits, or you may not see it.\n`,
  });
});

test('Ctrl-C leaves the run alone and says how to cancel it', async () => {
  const interrupted = await pipecall(['run', 'demo/hello/asking'], {
    seen: (printed, interrupt) => printed.includes('decide:') && interrupt(),
  });
  const run = runOf(interrupted.printed);
  expect(interrupted).toMatchObject({
    status: 130,
    told: `The run goes on. To cancel it: npm run --silent pipecall -- cancel ${run}\n`,
  });
  expect(await pipecall(['cancel', run])).toMatchObject({ status: 0 });
  expect(await pipecall(['cancel', `${run}x`])).toMatchObject({ status: 1 });
});

test('with --cancel-on-interrupt Ctrl-C cancels the run, and its end is 3', async () => {
  let isInterrupted = false;
  const ended = await pipecall(['run', 'demo/hello/asking', '--cancel-on-interrupt'], {
    seen: (printed, interrupt) => {
      if (isInterrupted || !printed.includes('decide:')) return;
      isInterrupted = true;
      interrupt();
    },
  });
  expect(ended.status).toBe(3);
  expect(ended.printed).toMatch(/\nrun cancelled/);
});
