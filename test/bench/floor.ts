import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * The floor: an HTTP server that writes what a run writes (its record three times, a log chunk and a record per job) to SQLite with
 * group commit, and does nothing else: no router, no token, no definition, no state machine.
 */
const jobs = Number(process.argv[2] ?? 1);
const folder = process.env.PIPECALL_DATA ?? '.';

const database = new DatabaseSync(join(folder, 'floor.sqlite'));
database.exec(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE item (pk TEXT, sk TEXT, body TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID',
);
const put = database.prepare(
  'INSERT INTO item (pk, sk, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
);
const get = database.prepare('SELECT body FROM item WHERE pk = ? AND sk = ?');

let queue: { readonly write: () => void; readonly done: () => void }[] = [];

/** Writes of one tick share a transaction, and so an fsync. */
function commit(write: () => void): Promise<void> {
  return new Promise(done => {
    if (queue.length === 0) setImmediate(flush);
    queue.push({ write, done });
  });
}

function flush(): void {
  const batch = queue;
  queue = [];
  database.exec('BEGIN IMMEDIATE');
  for (const { write } of batch) write();
  database.exec('COMMIT');
  for (const { done } of batch) done();
}

const record = (id: string, status: string): string =>
  JSON.stringify({
    org: 'demo',
    app: 'hello',
    pipeline: 'floor',
    version: randomUUID(),
    trigger: 'pipeline_call',
    status,
    message: '',
    created_at: Date.now(),
    created_by: id,
    run_as: id,
    timeout: 3600,
    epoch: 1,
    signal: 0,
    inputs: '{"name":"Ada"}',
  });
const part = (index: number, status: string): string =>
  JSON.stringify({
    epoch: 1,
    expires_at: Date.now(),
    status,
    message: '',
    created_at: Date.now(),
    updated_at: Date.now(),
    completed_at: Date.now(),
    logs: 1,
    steps: [{ status, message: '', created_at: Date.now(), completed_at: Date.now(), index }],
  });

async function execute(id: string): Promise<void> {
  await commit(() => put.run('RUNS', id, record(id, 'executing')));
  await commit(() => {
    for (let job = 0; job < jobs; job += 1) {
      put.run(
        id,
        `LOG#${job}`,
        JSON.stringify({ epoch: 1, lines: [[0, Date.now(), 'info', `job ${job} says hello to Ada`]] }),
      );
      put.run(id, `JOB#${job}`, part(job, 'succeeded'));
    }
    put.run('RUNS', id, record(id, 'succeeded'));
  });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on(
    'end',
    () =>
      void answer(request.method ?? '', request.url ?? '', request.headers.prefer, chunks).then(({ status, body }) =>
        response
          .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
          .end(body),
      ),
  );
});

async function answer(
  method: string,
  url: string,
  prefer: string | string[] | undefined,
  chunks: Buffer[],
): Promise<{ readonly status: number; readonly body: string }> {
  if (method === 'GET') return { status: 200, body: String(get.get('RUNS', url.slice('/runs/'.length))?.body) };
  JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const id = randomUUID();
  await commit(() => put.run('RUNS', id, record(id, 'queued')));
  const executed = execute(id);
  if (prefer !== undefined) await executed;
  return { status: 201, body: JSON.stringify({ id, ...(JSON.parse(record(id, 'queued')) as object) }) };
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `ready http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}\n`,
  );
});
process.once('SIGTERM', () => process.exit(0));
