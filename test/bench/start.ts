import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROUNDS = 15;

/** What the cold start of the API function takes, beside that of a handler that only creates the DynamoDB client. */
export async function benchStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pipecall-start-'));
  try {
    const peer = join(folder, 'peer.ts');
    await writeFile(
      peer,
      `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\nexport const handler = async () => client.config.requestHandler.metadata;\n`,
    );
    const ours = await bundle(
      new URL('../../functions/api/handler.ts', import.meta.url).pathname,
      join(folder, 'api.mjs'),
    );
    const floor = await bundle(peer, join(folder, 'peer.mjs'));
    const times: { readonly ours: number[]; readonly floor: number[] } = { ours: [], floor: [] };
    // In turns, so that a noisy moment of the machine meets both.
    for (let round = 0; round < ROUNDS; round += 1) {
      times.ours.push(importTime(ours.file));
      times.floor.push(importTime(floor.file));
    }
    console.log(`Initialization in a fresh process, median of ${ROUNDS}\n`);
    console.log('| bundle | KB minified | ms | of the peer |');
    console.log('|---|---|---|---|');
    console.log(
      `| functions/api | ${ours.kilobytes} | ${median(times.ours).toFixed(1)} | ${(median(times.ours) / median(times.floor)).toFixed(2)} |`,
    );
    console.log(`| only a DynamoDB client | ${floor.kilobytes} | ${median(times.floor).toFixed(1)} | 1 |`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As the stack bundles functions (infra/pipecall-function.ts). */
async function bundle(entry: string, file: string): Promise<{ readonly file: string; readonly kilobytes: number }> {
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    nodePaths: [new URL('../../node_modules', import.meta.url).pathname],
    logLevel: 'error',
  });
  return { file, kilobytes: Math.round((await stat(file)).size / 1_000) };
}

const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  TABLE_NAME: 'pipecall',
  STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:pipeline-run',
  RETENTION_DAYS: '90',
  PUBLIC_URL: 'https://api.example.com',
  PAGE_KEY: '00'.repeat(32),
};

/** Milliseconds from the start of the import to its end. */
function importTime(file: string): number {
  const script = `const began = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - began);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: ENVIRONMENT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} could not be imported: ${stderr}`);
  return Number(stdout.trim());
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
