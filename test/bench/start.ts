import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../infra/bundle.ts';

const ROUNDS = 15;

const PEER = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = async () => client.config.requestHandler.metadata;
`;

/** What the cold start of the API function takes, beside that of a handler that only creates the DynamoDB client. */
export async function benchStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pipecall-start-'));
  try {
    const peer = join(folder, 'peer.ts');
    await writeFile(peer, PEER);
    await symlink(new URL('../../node_modules', import.meta.url).pathname, join(folder, 'node_modules'));
    const ours = await bundled(new URL('../../functions/api/handler.ts', import.meta.url), join(folder, 'api'));
    const floor = await bundled(pathToFileURL(peer), join(folder, 'peer'));
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

/** As the stack bundles functions. `kilobytes`: what a cold start reads; chunks that are imported on demand come later. */
async function bundled(entry: URL, folder: string): Promise<{ readonly file: string; readonly kilobytes: number }> {
  bundle(entry, [], folder);
  const file = join(folder, 'index.mjs');
  const seen = new Set<string>();
  const visit = async (name: string): Promise<number> => {
    if (seen.has(name)) return 0;
    seen.add(name);
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    const imported = [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, chunk = '']) => chunk);
    const sizes = await Promise.all(imported.map(visit));
    return sizes.reduce((sum, size) => sum + size, (await stat(path)).size);
  };
  return { file, kilobytes: Math.round((await visit('index.mjs')) / 1_000) };
}

const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  TABLE_NAME: 'pipecall',
  STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:pipeline-run',
  RETENTION_DAYS: '90',
  PUBLIC_URL: 'https://api.example.com',
  SERVER_SECRET: '0'.repeat(64),
  SECRETS_KEY_ID: 'the-key',
  EVENT_BUS_NAME: 'the-bus',
  SERVICE_NAME: 'pipecall',
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
