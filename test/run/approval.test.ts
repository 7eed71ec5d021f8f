import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import type { Next } from '../../src/run/invocation.ts';
import { signalRun } from '../../src/run/signal-run.ts';
import { type Approval, type ApprovalDecision, approvalsOfRun, changeApproval } from '../../src/store/approvals.ts';
import { deleteEnvironment, putNewEnvironment } from '../../src/store/environments.ts';
import { environmentKey, profileKey, type RunPath } from '../../src/store/keys.ts';
import { putSubject } from '../../src/store/subjects.ts';
import { APPROVAL_CASES } from '../fixtures/run/approval.ts';
import { define, LOG, type OwnEngine, openEngine } from '../kit/engine.ts';

const APP = { org: 'demo', app: 'hello' };

let engine: OwnEngine;

beforeEach(async () => {
  engine = openEngine();
  const environment = { id: 'production', name: 'P', type: 'production', createdAt: 1, createdBy: 'u' };
  await putNewEnvironment(engine.table, APP, environment);
  await putSubject(engine.table, { id: 'anna', type: 'user', name: 'Anna Aalto', createdAt: 1 });
});

afterEach(() => engine.close());

const pipeline = (inputs: string, step = ''): string =>
  define(`
  a:
    outputs: { by: "\${{ steps.ask.outputs.approved_by }}", comment: "\${{ steps.ask.outputs.comment }}" }
    steps: [{ id: ask, uses: actions/humanitec/approve@v1, ${step}with: { message: "Go?", ${inputs} } }]
  b: { needs: a, if: always(), steps: [{ uses: ${LOG}, with: { message: "a was \${{ needs.a.status }}" } }] }`);

async function approvals(path: RunPath): Promise<readonly Approval[]> {
  return approvalsOfRun(engine.table, path.run);
}

async function decide(path: RunPath, decision: ApprovalDecision['decision'], comment?: string): Promise<void> {
  const [approval] = await approvals(path);
  const said = { by: 'anna', at: engine.clock.now(), decision, ...(comment === undefined ? {} : { comment }) };
  await changeApproval(engine.table, { run: path.run, id: approval?.id ?? '' }, () => ({
    status: decision,
    decisions: [said],
  }));
  await signalRun({ table: engine.table, executions: engine.executions }, path);
}

const secondsOf = (next: Next): number => (next.next === 'park' ? next.seconds : Number.NaN);

describe('an approval', () => {
  it.each(['env_id', 'environment'])('is asked for with %s, and the run parks', async key => {
    const path = await engine.start(pipeline(`${key}: production`), {}, 40 * 86_400);
    expect(secondsOf(await engine.invoke(path))).toBe(30 * 86_400);
    const [approval] = await approvals(path);
    expect(approval).toMatchObject({
      ...path,
      job: 'a',
      envId: 'production',
      message: 'Go?',
      minApprovals: 1,
      allowSelf: true,
      status: 'waiting',
    });
    expect(await engine.run(path)).toMatchObject({
      waitingFor: { a: `approval(${approval?.id})` },
      envIds: ['production'],
    });
    // A signal that is about something else changes nothing.
    expect(await engine.invoke(path)).toMatchObject({ next: 'park' });
    expect((await approvals(path)).length).toBe(1);
  });

  it.each(APPROVAL_CASES)(
    '$title',
    async ({ inputs, step, decision, comment, after, message, status, outputs, approval }) => {
      const path = await engine.start(pipeline(`env_id: production, ${inputs}`, step ?? ''), {}, 40 * 86_400);
      const next = await engine.invoke(path);
      expect(next).toMatchObject({ next: 'park' });
      await engine.clock.advance((after ?? 0) * 60_000);
      if (decision !== undefined) await decide(path, decision, comment);
      expect(await engine.invoke(path)).toEqual({ next: 'done' });
      const job = (await engine.jobs(path)).get(0);
      expect(job?.status).toBe(status);
      expect(job?.steps[0]?.message.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')).toBe(message);
      if (outputs !== undefined) expect(job?.outputs).toEqual(outputs);
      expect((await approvals(path)).map(one => one.status)).toEqual([approval]);
      expect(await engine.log(path, 1)).toEqual([`a was ${status}`]);
    },
  );

  it.each([
    ['was deleted since', { delete: profileKey('anna') }, []],
    ['cannot be read', { put: { ...profileKey('anna'), type: 'user' } }, ['a name cannot be read']],
  ])('is denied by somebody whose name %s: then the id says who', async (_, write, reported) => {
    const path = await engine.start(pipeline('env_id: production'));
    await engine.invoke(path);
    await decide(path, 'denied');
    await engine.table.write(write);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect((await engine.jobs(path)).get(0)?.steps[0]?.message).toBe('DENIED: anna denied it.');
    expect(engine.reports.map(({ message }) => message)).toEqual(reported);
  });

  it('fails when the app has no such environment, and asks nobody', async () => {
    const path = await engine.start(pipeline('env_id: nowhere'));
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect((await engine.run(path)).message).toContain("UNKNOWN_ENVIRONMENT: The app has no environment 'nowhere'");
    expect(await approvals(path)).toEqual([]);
    expect((await engine.run(path)).envIds).toEqual([]);
  });

  it('is not lost with its environment, but taken back when it is asked for again', async () => {
    const path = await engine.start(pipeline('env_id: production'));
    // The worker dies when it has asked and before it could say so.
    const dying = {
      ...engine.table,
      writeInOrder: (groups: Parameters<typeof engine.table.writeInOrder>[0]) =>
        groups.flat().some(write => 'update' in write)
          ? Promise.reject(new Error('dead'))
          : engine.table.writeInOrder(groups),
    };
    await expect(engine.invoke(path, { table: dying })).rejects.toThrow('dead');
    expect((await approvals(path)).map(one => one.status)).toEqual(['waiting']);
    await deleteEnvironment(engine.table, APP, 'production');
    await engine.invoke(path);
    expect((await approvals(path)).map(one => one.status)).toEqual(['cancelled']);
  });

  it('is asked for anew by every attempt', async () => {
    const path = await engine.start(
      pipeline('env_id: production', 'retry: { max-attempts: 2, delay-seconds: 60, on: [DENIED] }, '),
    );
    await engine.invoke(path);
    await decide(path, 'denied');
    expect((await engine.run(path)).waitingFor.a).toMatch(/^approval/);
    expect(await engine.invoke(path)).toMatchObject({ next: 'park', seconds: 60 });
    await engine.clock.advance(60_000);
    await engine.invoke(path);
    expect((await approvals(path)).map(one => one.status).toSorted()).toEqual(['denied', 'waiting']);
  });

  it.each([
    { title: 'its run is cancelled', seconds: 600, job: '', status: 'cancelled' },
    { title: 'its job is out of time', seconds: 900, job: 'timeout-minutes: 10, ', status: 'failed' },
  ])('is cancelled when $title', async ({ seconds, job, status }) => {
    const path = await engine.start(
      define(
        `  a: { ${job}steps: [{ uses: actions/humanitec/approve@v1, with: { message: "Go?", env_id: production } }] }`,
      ),
      {},
      seconds,
    );
    const next = await engine.invoke(path);
    await engine.clock.advance(secondsOf(next) * 1_000);
    expect(await engine.invoke(path)).toEqual({ next: 'done' });
    expect((await approvals(path)).map(one => one.status)).toEqual(['cancelled']);
    expect(await engine.run(path)).toMatchObject({ status });
  });

  it('does not fail its step when the table is in trouble', async () => {
    const path = await engine.start(pipeline('env_id: production'));
    const { table } = engine;
    const { pk } = environmentKey(path, 'production');
    const broken: Table = {
      ...table,
      get: (key, options) => (key.pk === pk ? Promise.reject(new Error('throttled')) : table.get(key, options)),
    };
    await expect(engine.invoke(path, { table: broken })).rejects.toThrow('throttled');
    expect(await engine.run(path)).toMatchObject({ status: 'executing' });
    expect(await engine.invoke(path)).toMatchObject({ next: 'park' });
  });
});
