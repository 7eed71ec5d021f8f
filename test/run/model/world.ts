import { failed, succeeded } from '../../../src/actions/action.ts';
import type { Executions } from '../../../src/ports/executions.ts';
import type { Table } from '../../../src/ports/table.ts';
import type { Next } from '../../../src/run/invocation.ts';
import { parkRun } from '../../../src/run/park-run.ts';
import { signalRun } from '../../../src/run/signal-run.ts';
import { approvalId } from '../../../src/run/step-approval.ts';
import { type ApprovalStatus, changeApproval, getApproval } from '../../../src/store/approvals.ts';
import { putNewEnvironment } from '../../../src/store/environments.ts';
import type { StoredJob } from '../../../src/store/jobs.ts';
import { jobKey, type RunPath } from '../../../src/store/keys.ts';
import type { SignalChange } from '../../../src/store/run-writes.ts';
import type { RunRecord } from '../../../src/store/runs.ts';
import { createEngine, type ProbeCall } from '../../kit/engine.ts';
import { createMortal, currentInvocation, GIVEN_UP, type Mortal } from './invocation.ts';
import { durableJob, keepLedger } from './ledger.ts';
import { type Behaviour, ENVIRONMENT, INPUTS, jobId, type StepPlan, stepKey, textOf } from './plan.ts';
import { leftWaiting } from './reference.ts';
import type { Happening, Story } from './story.ts';

export type Told = {
  readonly run: RunRecord;
  readonly jobs: ReadonlyMap<number, StoredJob>;
  /** Calls of the probe by step. */
  readonly calls: ReadonlyMap<string, number>;
  /** When a waiting step was let go. */
  readonly releasedAt: ReadonlyMap<string, number>;
  /** What became of approvals that were asked for, by step. */
  readonly approvals: ReadonlyMap<string, ApprovalStatus>;
  /** When somebody decided. */
  readonly decidedAt: ReadonlyMap<string, number>;
  /** An invocation was given up on or came uninvited, so nothing can be said of how long things take. */
  readonly disturbed: boolean;
  /** Time passed while a call of the table was under way: a cancellation may be seen any time later. */
  readonly slow: boolean;
  readonly problems: readonly string[];
};

/** More invocations than any story needs. */
const MOST_INVOCATIONS = 400;
const MOST_ALARMS = 20_000;
/** Later than the end of any story. */
const LONG_AFTER = Date.UTC(2031, 0, 1);

/** Plays a story with the real worker, store and ParkRun in the hands of a small Step Functions. */
export async function tell(table: Table, story: Story): Promise<Told> {
  const { plan } = story;
  const ledger = keepLedger(table);
  const problems: string[] = [];
  const calls = new Map<string, number>();
  const stepIds = new Map<string, string>();
  const releasedAt = new Map<string, number>();
  const decidedAt = new Map<string, number>();
  /** The signal that said so. */
  const releasedBy = new Map<string, number>();
  const busy = { operations: 0 };
  let disturbed = false;
  let uninvited = false;
  let slow = false;
  let invocations = 0;
  let operations = 0;
  let over = false;
  let worker: Mortal | undefined;
  let wait: { readonly token: string; readonly wake: () => void } | undefined;

  const engine = createEngine(ledger.table, { onProbe: call => behave(call) });
  const { clock } = engine;
  const environment = { id: ENVIRONMENT, name: ENVIRONMENT, type: ENVIRONMENT, createdAt: 0, createdBy: 'u' };
  await putNewEnvironment(table, { org: 'demo', app: 'hello' }, environment);
  const path: RunPath = await engine.start(textOf(plan), INPUTS, plan.timeout);

  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve));
  };
  const pause = (): Promise<void> => turns(story.latencies[operations++ % story.latencies.length] ?? 0);

  /** Until nothing is in flight but what waits for time. */
  const rest = async (): Promise<void> => {
    for (let quiet = 0, seen = -1; quiet < 2; ) {
      await turns(4);
      quiet = busy.operations === 0 && seen === operations ? quiet + 1 : 0;
      seen = operations;
    }
  };

  function stepOf(key: string): StepPlan {
    const [job, step] = key.split('/').map(Number);
    const found = plan.jobs[job ?? -1]?.steps[step ?? -1];
    if (found === undefined) throw new Error(`no step ${key}`);
    return found;
  }

  function behave(call: ProbeCall): unknown {
    const { context } = call;
    if (currentInvocation()?.isDead() === true) return;
    const key = String(context.inputs.key);
    calls.set(key, (calls.get(key) ?? 0) + 1);
    problems.push(...effectProblems(key));
    const id = context.stepId.replace(/\/\d+$/, '');
    if ((stepIds.get(key) ?? id) !== id) problems.push(`step ${key} is called ${id} and ${stepIds.get(key)}`);
    stepIds.set(key, id);
    const attempt = Number(/\d+$/.exec(context.stepId)?.[0]);
    if (attempt > (stepOf(key).retry?.attempts ?? 1)) problems.push(`step ${key} is tried ${attempt} times`);
    const { behaviour } = stepOf(key);
    const aborted = () => call.answer(failed('ABORTED', 'cut off'));
    switch (behaviour.does) {
      case 'succeed':
        return call.answer(succeeded({ out: 'ok' }));
      case 'fail':
        return call.answer(failed('BROKEN', 'as planned'));
      case 'recover':
        return call.answer(attempt > behaviour.failures ? succeeded({ out: 'ok' }) : failed('BROKEN', 'as planned'));
      case 'crash':
        return call.crash(new Error('as planned'));
      case 'work':
        return void context
          .sleep(behaviour.ms)
          .then(() => (context.signal.aborted ? aborted() : call.answer(succeeded({ out: 'ok' }))));
      case 'hang':
        if (!behaviour.deaf) context.signal.addEventListener('abort', aborted);
        return;
      case 'wait':
        if (context.signal.aborted) return aborted();
        if (releasedAt.has(key)) return call.answer(succeeded({ out: 'ok' }));
        return call.answer({ status: 'waiting', for: `callback(${key})`, until: LONG_AFTER, state: { asked: 1 } });
      default:
        throw new Error(`${behaviour.does} needs no probe`);
    }
  }

  /** What has to be durable when a step's effect begins. */
  function effectProblems(key: string): string[] {
    const [job = -1, step = -1] = key.split('/').map(Number);
    const durable = (index: number) => {
      const { pk, sk } = jobKey(path.run, index);
      return durableJob(ledger.item(pk, sk));
    };
    const ended = (status: unknown): boolean => typeof status === 'string' && status !== 'executing';
    const own = durable(job);
    const found: string[] = [];
    for (const need of plan.jobs[job]?.needs ?? []) {
      if (!ended(durable(need).status)) found.push(`step ${key} began before the end of job ${need} was durable`);
    }
    for (let before = 0; before < step; before += 1) {
      if (!ended(own.steps[before])) found.push(`step ${key} began before the end of step ${before} was durable`);
    }
    if (own.steps[step] === undefined) found.push(`step ${key} began before its beginning was durable`);
    return found;
  }

  const wakeable: Executions = {
    start: () => Promise.resolve('exists'),
    stop: () => Promise.resolve(),
    look: () => Promise.resolve('running'),
    ended: () => Promise.resolve(),
    async wake(token) {
      if (wait?.token !== token) return 'gone';
      wait.wake();
      return 'woken';
    },
  };

  const invoke = (): { readonly mortal: Mortal; readonly next: Promise<Next> } => {
    invocations += 1;
    if (invocations > MOST_INVOCATIONS) throw new Error('the run does not end');
    const mortal = createMortal(ledger.table, clock, pause, busy);
    const end = clock.now() + (plan.remaining ?? Number.POSITIVE_INFINITY) * 1_000;
    const next = mortal.as(() =>
      engine.invoke(path, {
        table: mortal.table,
        clock: mortal.clock,
        maxParallelJobs: plan.maxParallelJobs,
        remaining: () => end - clock.now(),
      }),
    );
    next.catch(error => mortal.isDead() || problems.push(`an invocation threw: ${String(error?.stack ?? error)}`));
    return { mortal, next };
  };

  /** What the state machine does: RunJobs, then Park until it is woken or its time is over, and again. */
  const execute = async (): Promise<void> => {
    for (let parked = 0; ; ) {
      const { mortal, next } = invoke();
      worker = mortal;
      let answer: Next;
      try {
        answer = await Promise.race([next, mortal.givenUp]);
      } catch (error) {
        if (error !== GIVEN_UP) throw error;
        disturbed = true;
        await clock.sleep(1_000);
        continue;
      }
      worker = undefined;
      if (answer.next === 'done') return;
      if (answer.next === 'again') continue;
      const { epoch, signal, seconds } = answer;
      problems.push(...(await parkProblems(epoch, signal, seconds)));
      const token = `token-${++parked}`;
      const timer = new AbortController();
      const woken = new Promise<void>(wake => {
        wait = { token, wake };
      });
      const parking = createMortal(ledger.table, clock, pause, busy);
      if (story.parkFails[parked - 1] === true) {
        parking.die({ operations: 0, writes: parked % 2, zombie: false });
      }
      const left = parkRun(parking.table, wakeable, { token, input: path, epoch, signal });
      const waited = left.then(() => Promise.race([woken, clock.sleep(seconds * 1_000, timer.signal)]));
      await Promise.race([waited, woken, parking.givenUp]).catch(error => {
        // The state catches all errors and goes on with RunJobs.
        if (error !== GIVEN_UP) throw error;
      });
      wait = undefined;
      timer.abort();
    }
  };

  /** What could go on when a worker says that nothing can. */
  async function parkProblems(epoch: number, signal: number, seconds: number): Promise<string[]> {
    const now = clock.now();
    busy.operations += 1;
    const [run, jobs] = await Promise.all([engine.run(path), engine.jobs(path)]);
    busy.operations -= 1;
    // It was cut off by a later one, which is at work or has handed on.
    if (run.released !== epoch || uninvited) return [];
    const seen = new Map([...releasedBy].filter(([, by]) => by <= signal).map(([key]) => [key, true]));
    // Nor is anything said of a signal that came since: ParkRun wakes for it.
    const sure = !disturbed && run.signal === signal;
    return leftWaiting(plan, run, jobs, key => seen.has(key), sure ? { now, seconds } : undefined);
  }

  const tellRun = async (change?: SignalChange): Promise<RunRecord | undefined> => {
    const { done, run } = await signalRun({ table: ledger.table, executions: wakeable }, path, change);
    return done ? run : undefined;
  };

  const keysOf = (does: Behaviour['does']): string[] =>
    plan.jobs.flatMap((job, index) =>
      job.steps.flatMap((step, place) => (step.behaviour.does === does ? [stepKey(index, place)] : [])),
    );
  const waitingKeys = keysOf('wait');
  const askingKeys = keysOf('ask');
  const approvalOf = (key: string) => {
    const [job, step] = key.split('/');
    return { run: path.run, id: approvalId(`${path.run}/${jobId(Number(job))}/s${step}/1`) };
  };
  const decide = async (key: string, as: 'approved' | 'denied'): Promise<void> => {
    let changed = false;
    const approval = await changeApproval(ledger.table, approvalOf(key), () => {
      changed = true;
      return { status: as, decisions: [{ by: 'u', at: clock.now(), decision: as }] };
    });
    if (approval === undefined || !changed || approval.status !== as) return;
    if (!decidedAt.has(key)) decidedAt.set(key, clock.now());
    const run = await tellRun();
    if (run !== undefined && !releasedBy.has(key)) releasedBy.set(key, run.signal);
  };
  const release = async (key: string): Promise<void> => {
    if (!releasedAt.has(key)) releasedAt.set(key, clock.now());
    const run = await tellRun();
    if (run !== undefined && !releasedBy.has(key)) releasedBy.set(key, run.signal);
  };

  const happen = async (one: Happening): Promise<void> => {
    switch (one.kind) {
      case 'time': {
        // Time passes while calls of the table are under way.
        if (one.turns >= 0) {
          disturbed = true;
          slow = true;
        }
        const until = clock.now() + one.seconds * 1_000;
        while (!over && (clock.pendingUntil()[0] ?? Infinity) <= until) await alarm();
        return clock.advance(Math.max(0, until - clock.now()));
      }
      case 'signal':
        return void (await tellRun());
      case 'release': {
        const key = waitingKeys[one.which % waitingKeys.length];
        return key === undefined ? undefined : release(key);
      }
      case 'decide': {
        const key = askingKeys[one.which % Math.max(1, askingKeys.length)];
        return key === undefined ? undefined : decide(key, one.as);
      }
      case 'cancel':
        return void (await tellRun({ cancel: { at: clock.now() } }));
      case 'invoke':
        // Nobody listens to what it says; whoever is at work finds out that it was cut off.
        if (!over) {
          disturbed = true;
          uninvited = true;
          invoke();
        }
        return;
      case 'death':
        return worker?.die(one);
    }
  };

  const alarm = async (): Promise<void> => {
    const next = clock.pendingUntil()[0];
    if (next === undefined) throw new Error('nothing will ever happen, yet the run is not over');
    await clock.advance(Math.max(0, next - clock.now()));
    await rest();
  };

  const execution = execute().then(
    () => {
      over = true;
    },
    error => {
      over = true;
      problems.push(String(error?.stack ?? error));
    },
  );
  for (const one of story.happenings) {
    if (one.turns < 0) await rest();
    else await turns(one.turns);
    await happen(one);
  }
  await rest();
  if (story.inTheEnd === 'release') {
    for (const key of waitingKeys) await release(key);
    for (const key of askingKeys) await decide(key, 'approved');
  }
  await rest();
  for (let alarms = 0; !over; alarms += 1) {
    if (alarms > MOST_ALARMS) throw new Error('the run does not end');
    await alarm();
  }
  await execution;
  // Whoever was given up on and does not know it yet.
  await rest();
  for (let alarms = 0; clock.pendingUntil().length > 0 && alarms < 20; alarms += 1) await alarm();
  const approvals = new Map<string, ApprovalStatus>();
  for (const key of askingKeys) {
    const approval = await getApproval(table, approvalOf(key));
    if (approval !== undefined) approvals.set(key, approval.status);
  }
  return {
    run: await engine.run(path),
    jobs: await engine.jobs(path),
    calls,
    releasedAt,
    approvals,
    decidedAt,
    disturbed,
    slow,
    problems: [...problems, ...ledger.broken],
  };
}
