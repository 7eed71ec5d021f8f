import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from './clients.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { LOAD_SHAPES } from './shapes.ts';

const CLIENTS = 32;
const SECONDS = 15;
const WARM_UP_SECONDS = 3;
/** Latencies are those of one client that has the server to itself: with 32 in a closed loop they only restate the throughput. */
const ALONE_SECONDS = 3;
const TOKEN = 'bench-administrator';

type Result = {
  readonly runsPerSecond: number;
  readonly startP50: number;
  readonly endP50: number;
  readonly loadedP99: number;
  readonly cpuPerRun: number;
};

type Target = { readonly path: string; readonly isOver: (body: string) => boolean };

/** Completed runs per second beside a floor that writes the same records and does nothing else. */
export async function benchLoad(args: readonly string[]): Promise<void> {
  const seconds = Number(args[0] ?? SECONDS);
  const rows: { readonly title: string; readonly ours: Result; readonly floor: Result }[] = [];
  for (const shape of LOAD_SHAPES) {
    const floor = await withServer([new URL('./floor.ts', import.meta.url).pathname, String(shape.jobs)], {}, server =>
      drive(server, { path: '/runs', isOver: () => true }, seconds),
    );
    const ours = await withServer(
      [new URL('../../local/main.ts', import.meta.url).pathname, '--port', '0'],
      { PIPECALL_ADMIN_TOKEN: TOKEN },
      async server => {
        const pipelines = '/orgs/demo/apps/hello/pipelines';
        const client = createClient(server.port);
        const upload = await client.send(
          'POST',
          pipelines,
          { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-yaml' },
          shape.text,
        );
        client.close();
        if (upload.status !== 201) throw new Error(`${shape.id}: ${upload.status} ${upload.body}`);
        return drive(
          server,
          { path: `${pipelines}/${shape.id}/runs`, isOver: body => body.includes('"status":"succeeded"') },
          seconds,
        );
      },
    );
    rows.push({ title: shape.title, ours, floor });
  }
  console.log(
    `${CLIENTS} closed-loop clients, ${seconds} s each, after ${WARM_UP_SECONDS} s of warm-up; ${availableParallelism()} cores: ${cpus()[0]?.model ?? 'unknown'}; Node ${process.version}\n`,
  );
  console.log('| pipeline | | runs/s | start p50 ms | end to end p50 ms | p99 ms under load | CPU ms a run |');
  console.log('|---|---|---|---|---|---|---|');
  for (const { title, ours, floor } of rows) {
    console.log(row(title, 'Pipecall', ours));
    console.log(row('', 'floor', floor));
    console.log(
      `| | **of the floor** | ${(ours.runsPerSecond / floor.runsPerSecond).toFixed(2)} | | | | ${(ours.cpuPerRun / floor.cpuPerRun).toFixed(1)} × |`,
    );
  }
}

const row = (title: string, who: string, result: Result): string =>
  `| ${title} | ${who} | ${result.runsPerSecond.toFixed(0)} | ${result.startP50.toFixed(1)} | ${result.endP50.toFixed(1)} | ${result.loadedP99.toFixed(1)} | ${result.cpuPerRun.toFixed(2)} |`;

async function withServer(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  use: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const data = await mkdtemp(join(tmpdir(), 'pipecall-load-'));
  const server = await startServer(args, { ...environment, PIPECALL_DATA: data });
  try {
    return await use(server);
  } finally {
    await server.close();
    await rm(data, { recursive: true });
  }
}

async function drive(server: ServerProcess, target: Target, seconds: number): Promise<Result> {
  await phase(server, CLIENTS, WARM_UP_SECONDS, client => startAndWait(client, target));
  const cpu = server.cpu();
  const began = performance.now();
  const loaded = await phase(server, CLIENTS, seconds, client => startAndWait(client, target));
  const elapsed = (performance.now() - began) / 1_000;
  const cpuPerRun = (server.cpu() - cpu) / loaded.length;
  const starts: number[] = [];
  await phase(server, 1, ALONE_SECONDS, async client => {
    starts.push(await startAndLook(client, target));
  });
  const ends = await phase(server, 1, ALONE_SECONDS, client => startAndWait(client, target));
  return {
    runsPerSecond: loaded.length / elapsed,
    startP50: percentile(starts, 0.5),
    endP50: percentile(ends, 0.5),
    loadedP99: percentile(loaded, 0.99),
    cpuPerRun,
  };
}

/** Milliseconds of every run that `clients` closed loops got done in `seconds`. */
async function phase(
  server: ServerProcess,
  clients: number,
  seconds: number,
  run: (client: Client) => Promise<void>,
): Promise<number[]> {
  const took: number[] = [];
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = createClient(server.port);
      while (performance.now() < until) {
        const began = performance.now();
        await run(client);
        took.push(performance.now() - began);
      }
      client.close();
    }),
  );
  return took;
}

const HEADERS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
const BODY = JSON.stringify({ inputs: { name: 'Ada' } });

async function startAndWait(client: Client, target: Target): Promise<void> {
  const answer = await client.send('POST', target.path, { ...HEADERS, prefer: 'wait=25' }, BODY);
  if (answer.status !== 201 || !target.isOver(answer.body)) throw new Error(`start: ${answer.status} ${answer.body}`);
}

/** Answers the milliseconds until the 201. */
async function startAndLook(client: Client, target: Target): Promise<number> {
  const began = performance.now();
  const answer = await client.send('POST', target.path, HEADERS, BODY);
  const took = performance.now() - began;
  if (answer.status !== 201) throw new Error(`start: ${answer.status} ${answer.body}`);
  const { id } = JSON.parse(answer.body) as { readonly id: string };
  for (;;) {
    const look = await client.send('GET', `${target.path}/${id}`, HEADERS);
    if (look.status !== 200) throw new Error(`look: ${look.status} ${look.body}`);
    if (target.isOver(look.body)) return took;
  }
}

function percentile(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
