import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../local/serve.ts';
import { systemClock } from '../../src/aws/clock.ts';
import type { Meter } from '../../src/aws/meter.ts';
import { approvalId } from '../../src/run/step-approval.ts';
import { priceOf } from './prices.ts';
import { UNIT_SHAPES, type Units } from './shapes.ts';

/** Milliseconds: `someTriggerFor`, `someWebhookOf`. */
const FORGOTTEN_AFTER = 1_100;

/** Billed units of the first run of a pipeline: nothing of it is cached, neither the definition nor a validator. */
export async function measureUnits(): Promise<
  readonly { readonly title: string; readonly units: Units; readonly limits: Units }[]
> {
  const data = await mkdtemp(join(tmpdir(), 'pipecall-units-'));
  // Time goes on only where it is moved here: what is remembered for a second is not read again on a slow machine.
  let now = systemClock.now();
  const clock = { ...systemClock, now: () => now };
  const server = await serve({ port: 0, data, sdk: true, allowEgress: [], retentionDays: 90 }, { clock });
  try {
    const { meter } = server;
    if (meter === undefined) throw new Error('the server has no meter');
    const pipelines = `${server.url}/orgs/demo/apps/hello/pipelines`;
    const headers = { authorization: `Bearer ${server.token}` };
    const rows: { readonly title: string; readonly units: Units; readonly limits: Units }[] = [];
    for (const { id, title, text, limits, approval } of UNIT_SHAPES) {
      const upload = await fetch(pipelines, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-yaml' },
        body: text,
      });
      if (upload.status !== 201) throw new Error(`${id}: ${upload.status} ${await upload.text()}`);
      // What was known of triggers is forgotten, so that the same is read on every machine, however fast it is.
      now += FORGOTTEN_AFTER;
      meter.reset();
      const start = await fetch(`${pipelines}/${id}/runs`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ inputs: { name: 'Ada' } }),
      });
      const run = (await start.json()) as { readonly id: string };
      if (start.status !== 201) throw new Error(`${id}: ${start.status}`);
      if (approval === true) {
        await untilQuiet(meter);
        const path = `${pipelines}/${id}/runs/${run.id}/jobs/ask/approvals/${approvalId(`${run.id}/ask/0/1`)}/approve`;
        const decision = await fetch(path, { method: 'POST', headers });
        if (decision.status !== 200) throw new Error(`${id}: ${decision.status} ${await decision.text()}`);
      }
      // Looking at the execution costs no unit of the table, so waiting does not change what is measured.
      while ((await server.home.executions.look(run.id)) === 'running')
        await server.home.executions.ended(run.id, 1_000);
      const { transitions, invocations, writeUnits, readUnits, events } = meter.snapshot();
      const over = await fetch(`${pipelines}/${id}/runs/${run.id}`, { headers });
      const { status } = (await over.json()) as { readonly status: string };
      if (status !== 'succeeded') throw new Error(`${id}: the run is ${status}`);
      rows.push({ title, units: { transitions, invocations, writeUnits, readUnits, events }, limits });
    }
    return rows;
  } finally {
    await server.close();
    await rm(data, { recursive: true });
  }
}

/** Until nothing was charged for a while: the run is parked. To ask it would be charged too. */
async function untilQuiet(meter: Meter): Promise<void> {
  for (let before = '', same = 0; same < 5; ) {
    await new Promise(resolve => setTimeout(resolve, 20));
    const now = JSON.stringify(meter.snapshot());
    same = now === before && meter.snapshot().transitions >= 3 ? same + 1 : 0;
    before = now;
  }
}

export async function benchUnits(): Promise<void> {
  const rows = await measureUnits();
  console.log('Billed units per run, from ReturnConsumedCapacity of the AWS adapters (limit in brackets)\n');
  console.log('| run | transitions | invocations | write units | read units | events | USD per million runs |');
  console.log('|---|---|---|---|---|---|---|');
  let broken = 0;
  for (const { title, units, limits } of rows) {
    const cell = (name: keyof Units): string => {
      if (units[name] <= limits[name]) return `${units[name]} (≤ ${limits[name]})`;
      broken += 1;
      return `**${units[name]}** (> ${limits[name]})`;
    };
    const cells = [cell('transitions'), cell('invocations'), cell('writeUnits'), cell('readUnits'), cell('events')];
    console.log(`| ${title} | ${cells.join(' | ')} | ${priceOf(units).toFixed(0)} |`);
  }
  console.log(
    '\nA Task state per step costs 187 / 509 / 3,866 USD, one Lambda function per job 107 / 165 / 675 (1×1, 3×3, 20×5).',
  );
  if (broken > 0) process.exitCode = 1;
}
