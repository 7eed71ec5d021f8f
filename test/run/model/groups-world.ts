import { failed, succeeded } from '../../../src/actions/action.ts';
import type { ExecutionStatus, Executions } from '../../../src/ports/executions.ts';
import type { Item, Table } from '../../../src/ports/table.ts';
import { beginRun } from '../../../src/run/begin-run.ts';
import { cancelRun } from '../../../src/run/cancel-run.ts';
import type { Groups } from '../../../src/run/groups.ts';
import type { Next } from '../../../src/run/invocation.ts';
import { parkRun } from '../../../src/run/park-run.ts';
import { reconcile } from '../../../src/run/reconcile.ts';
import { readGroup } from '../../../src/store/groups.ts';
import type { RunPath } from '../../../src/store/keys.ts';
import { isOver, type RunRecord } from '../../../src/store/runs.ts';
import { createEngine, type ProbeCall } from '../../kit/engine.ts';
import type { GroupHappening, GroupStory, Work } from './groups-story.ts';
import { createMortal, currentInvocation, type Death, type Mortal } from './invocation.ts';
import { keepLedger } from './ledger.ts';

type Execution = { status: ExecutionStatus; mortal?: Mortal; wake?: (token: string) => boolean; stop(): void };

const GROUP = 'deploy';
const LONG_AFTER = Date.UTC(2031, 0, 1);
const MOST_ALARMS = 3_000;

/** Plays runs of one concurrency group against each other. Answers the rules that were broken. */
export async function tellGroup(table: Table, story: GroupStory): Promise<readonly string[]> {
  const problems: string[] = [];
  const busy = { operations: 0 };
  let operations = 0;
  let moment = 0;
  /** Someone died since `reconcile` last looked at everything. */
  let damaged = false;
  /** Executions whose RunJobs died and did not answer since: what they left undone they will do. */
  const retrying = new Set<string>();
  const runs: RunPath[] = [];
  const mine = new Set<string>();
  const asked = new Set<string>();
  /** Older than one that cancels those. */
  const replaced = new Set<string>();
  const stopped = new Set<string>();
  const works = new Map<string, Work>();
  const released = new Set<string>();
  const executions = new Map<string, Execution>();
  const queuedAt = new Map<string, number>();
  let refuseStart = false;

  const ledger = keepLedger(table, (after, items) => {
    moment += 1;
    if (after.pk.startsWith('QUEUE#') && mine.has(after.sk)) {
      if (!queuedAt.has(after.sk)) queuedAt.set(after.sk, moment);
      return [];
    }
    if (after.pk.startsWith('GROUPS#')) return groupProblems(after, items);
    return after.pk.startsWith('RUNS#') && mine.has(after.sk) ? runProblems(after, items) : [];
  });
  const engine = createEngine(ledger.table, { onProbe: call => behave(call) });
  const { clock } = engine;

  const runItem = (items: ReadonlyMap<string, Item>, run: string): Item | undefined =>
    items.get(`RUNS#demo/hello/p ${run}`);

  /** Runs that began are never more than the group allows. */
  function runProblems(after: Item, items: ReadonlyMap<string, Item>): string[] {
    if (after.status !== 'executing') return [];
    const atWork = [...mine].filter(run => runItem(items, run)?.status === 'executing');
    return atWork.length > story.limit ? [`${atWork.length} runs execute at once`] : [];
  }

  const holdersBefore = new Set<string>();
  /** A slot was given: room there was, and nobody stood before in the queue as the giver must have seen it. */
  function groupProblems(after: Item, items: ReadonlyMap<string, Item>): string[] {
    const holders = Object.entries(after)
      .filter(([name, value]) => /^slot\d+$/.test(name) && typeof value === 'string')
      .map(([, value]) => String(value).split('/')[1] ?? '');
    const found: string[] = [];
    const readAt = reads.get(currentInvocation()) ?? 0;
    const open = holders.filter(run => !isEnded(runItem(items, run)));
    if (open.length > story.limit) found.push(`${open.length} runs hold the group`);
    if (new Set(holders).size < holders.length) found.push('a run holds the group twice');
    for (const run of holders) {
      if (holdersBefore.has(run)) continue;
      holdersBefore.add(run);
      if (typeof after.replaced_by === 'string' && run < after.replaced_by)
        found.push(`run ${place(run)} was let in after one that replaces it`);
      for (const other of mine) {
        const at = queuedAt.get(other) ?? Infinity;
        const waits = !replaced.has(other) && runItem(items, other)?.status === 'queued' && !holders.includes(other);
        if (other < run && waits && at <= readAt) found.push(`run ${place(run)} was let in before run ${place(other)}`);
      }
    }
    return found;
  }
  const isEnded = (item: Item | undefined): boolean => item === undefined || item.completed_at !== undefined;
  const place = (run: string): number => runs.findIndex(path => path.run === run);
  /** When each actor last read the queue. */
  const reads = new Map<Mortal | undefined, number>();
  const watched: Table = {
    ...ledger.table,
    query(query) {
      if (query.pk.startsWith('QUEUE#')) reads.set(currentInvocation(), moment);
      return ledger.table.query(query);
    },
  };

  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve));
  };
  const pause = (): Promise<void> => turns(story.latencies[operations++ % story.latencies.length] ?? 0);
  const rest = async (): Promise<void> => {
    for (let quiet = 0, seen = -1; quiet < 2; ) {
      await turns(4);
      quiet = busy.operations === 0 && seen === operations ? quiet + 1 : 0;
      seen = operations;
    }
  };

  function behave(call: ProbeCall): void {
    if (currentInvocation()?.isDead() === true) return;
    const run = call.context.stepId.split('/')[0] ?? '';
    const work = works.get(run);
    const aborted = () => call.answer(failed('ABORTED', 'cut off'));
    if (work === undefined) throw new Error(`no work of run ${run}`);
    if (work.does === 'succeed') call.answer(succeeded());
    else if (work.does === 'fail') call.answer(failed('BROKEN', 'as planned'));
    else if (work.does === 'work') {
      void call.context
        .sleep(work.seconds * 1_000)
        .then(() => (call.context.signal.aborted ? aborted() : call.answer(succeeded())));
    } else if (call.context.signal.aborted) aborted();
    else if (released.has(run)) call.answer(succeeded());
    else call.answer({ status: 'waiting', for: 'callback', until: LONG_AFTER, state: {} });
  }

  /** The port as an actor sees it: a dead one starts nothing. */
  const portFor = (mortal: Mortal): Executions => ({
    async start(name, input) {
      await turns(1);
      if (mortal.isDead()) return new Promise(() => undefined);
      if (refuseStart) {
        refuseStart = false;
        damaged = true;
        throw new Error('Step Functions is not there');
      }
      if (executions.has(name)) return 'exists';
      run(name, input);
      return 'started';
    },
    stop: async () => undefined,
    ended: async () => undefined,
    look: async name => executions.get(name)?.status ?? 'missing',
    wake: async token => ([...executions.values()].some(one => one.wake?.(token) === true) ? 'woken' : 'gone'),
  });

  const actor = (death?: Death): { readonly mortal: Mortal; readonly deps: Groups } => {
    const mortal = createMortal(watched, clock, pause, busy);
    if (death !== undefined) {
      mortal.die(death);
      mortal.givenUp.catch(() => {
        damaged = true;
      });
    }
    return {
      mortal,
      deps: { table: mortal.table, clock: mortal.clock, executions: portFor(mortal), retentionDays: 1, report: noted },
    };
  };

  /** One actor's work; what it throws after its death concerns nobody. */
  const act = (death: Death | undefined, work: (deps: Groups) => Promise<unknown>): void => {
    const { mortal, deps } = actor(death);
    mortal
      .as(() => work(deps))
      .catch(error => {
        damaged = true;
        if (!String(error).includes('Step Functions'))
          problems.push(`an actor threw: ${String(error?.stack ?? error)}`);
      });
  };

  /** A small Step Functions. */
  const run = (name: string, input: RunPath): void => {
    const path = { ...input };
    let parked = 0;
    let stop: () => void = () => undefined;
    const over = new Promise<'stopped'>(resolve => {
      stop = () => resolve('stopped');
    });
    const execution: Execution = { status: 'running', stop: () => stop() };
    executions.set(name, execution);
    const go = async (): Promise<void> => {
      for (let invocations = 0; ; invocations += 1) {
        if (invocations > 200) throw new Error('a run does not end');
        const { mortal, deps } = actor();
        execution.mortal = mortal;
        const next = mortal.as(() =>
          engine.invoke(path, { table: mortal.table, clock: mortal.clock, executions: deps.executions }),
        );
        next.catch(
          error => mortal.isDead() || String(error).includes('Step Functions') || problems.push(String(error?.stack)),
        );
        let answer: Next | 'stopped';
        try {
          answer = await Promise.race([next, mortal.givenUp, over]);
        } catch {
          // Tried again, whatever it was.
          retrying.add(name);
          await clock.sleep(1_000);
          continue;
        }
        retrying.delete(name);
        if (answer === 'stopped') {
          mortal.kill();
          return;
        }
        if (answer.next === 'done') return;
        if (answer.next === 'again') continue;
        const token = `${name}/${++parked}`;
        const timer = new AbortController();
        const woken = new Promise<void>(resolve => {
          execution.wake = given => {
            if (given !== token) return false;
            resolve();
            return true;
          };
        });
        const park = actor();
        const left = parkRun(park.mortal.table, park.deps.executions, { token, input: path, ...answer });
        const waited = left.then(() => Promise.race([woken, clock.sleep(answer.seconds * 1_000, timer.signal)]));
        if ((await Promise.race([waited, woken, over])) === 'stopped') return;
        delete execution.wake;
        timer.abort();
      }
    };
    void go().then(
      () => {
        execution.status = stopped.has(name) ? 'stopped' : 'succeeded';
      },
      error => {
        execution.status = 'failed';
        problems.push(String(error?.stack ?? error));
      },
    );
  };

  const pick = (which: number): RunPath | undefined => runs[which % Math.max(1, runs.length)];

  const happen = async (one: GroupHappening): Promise<void> => {
    switch (one.kind) {
      case 'start': {
        const text = `{ name: M, on: { pipeline_call: {} }, jobs: { a: { steps: [{ uses: actions/pipecall/probe@v1 }] } } }`;
        const group = { name: GROUP, limit: story.limit };
        const path = await startIn(text, one, group);
        return act(one.death, async deps => beginRun(deps, await engine.run(path)));
      }
      case 'cancel': {
        const path = pick(one.which);
        if (path === undefined) return;
        asked.add(path.run);
        return act(one.death, deps => cancelRun(deps, path));
      }
      case 'stop': {
        const path = pick(one.which);
        const execution = path === undefined ? undefined : executions.get(path.run);
        if (path === undefined || execution?.status !== 'running') return;
        stopped.add(path.run);
        damaged = true;
        return execution.stop();
      }
      case 'die': {
        const path = pick(one.which);
        const mortal = path === undefined ? undefined : executions.get(path.run)?.mortal;
        if (mortal !== undefined) mortal.die(one.death ?? { operations: 1, writes: 0, zombie: false });
        return;
      }
      case 'release': {
        const path = pick(one.which);
        if (path === undefined) return;
        released.add(path.run);
        return;
      }
      case 'time': {
        const until = clock.now() + one.seconds * 1_000;
        await rest();
        while ((clock.pendingUntil()[0] ?? Infinity) <= until) await alarm();
        return clock.advance(Math.max(0, until - clock.now()));
      }
      case 'reconcile':
        return act(one.death, deps => reconcile({ ...deps, report: noted }));
      case 'refuse-start':
        refuseStart = true;
    }
  };
  const noted = (message: string, error: unknown): void => {
    if (!String(error).includes('Step Functions')) problems.push(`${message}: ${String(error)}`);
  };

  const startIn = async (
    text: string,
    one: { readonly work: Work; readonly timeout: number; readonly cancelOthers: boolean },
    group: { readonly name: string; readonly limit: number },
  ): Promise<RunPath> => {
    // Known before its record is there: the ledger judges that too.
    const cancels = one.cancelOthers ? { cancels: true as const } : {};
    const path = await engine.start(text, {}, one.timeout, { group, ...cancels });
    runs.push(path);
    mine.add(path.run);
    works.set(path.run, one.work);
    if (one.cancelOthers) for (const other of runs.slice(0, -1)) replaced.add(other.run);
    return path;
  };

  const alarm = async (): Promise<void> => {
    const next = clock.pendingUntil()[0];
    if (next !== undefined) await clock.advance(Math.max(0, next - clock.now()));
    await rest();
  };

  /** Nobody who could begin waits. */
  const judgeRest = async (when: string): Promise<void> => {
    const records = await Promise.all(runs.map(path => engine.run(path)));
    const queued = records.filter(record => record.status === 'queued');
    const begun = records.filter(record => record.status === 'executing');
    // One that was let in begins with its execution.
    const waiting = queued.filter(record => !executions.has(record.run));
    const holds = begun.length + queued.length - waiting.length;
    if (waiting.length > 0 && holds < story.limit) {
      problems.push(`${when}: ${waiting.length} runs wait though only ${holds} of ${story.limit} hold the group`);
    }
    // The newest that cancels those before it does so, whoever died on the way.
    const { replacedBy = '' } = await readGroup(table, { org: 'demo', app: 'hello', name: GROUP });
    for (const record of records.filter(({ status }) => !isOver(status))) {
      if (record.cancels === true && record.run > replacedBy)
        problems.push(`${when}: a run does not cancel the others`);
      if (record.run < replacedBy && record.cancellationRequestedAt === undefined)
        problems.push(`${when}: run ${place(record.run)} goes on, though another one replaces it`);
    }
  };

  for (const one of story.happenings) {
    if (one.turns < 0) {
      await rest();
      if (!damaged && retrying.size === 0) await judgeRest(`before ${one.kind}`);
    } else await turns(one.turns);
    await happen(one);
  }
  await rest();
  refuseStart = false;
  const left = async (): Promise<RunRecord[]> =>
    (await Promise.all(runs.map(path => engine.run(path)))).filter(record => !isOver(record.status));
  for (let alarms = 0; (await left()).length > 0; alarms += 1) {
    if (alarms > MOST_ALARMS) {
      problems.push(`${(await left()).length} runs do not end`);
      break;
    }
    if (alarms % 20 === 0 || clock.pendingUntil().length === 0) {
      act(undefined, deps => reconcile({ ...deps, report: noted }));
      await rest();
      damaged = false;
      if (retrying.size === 0) await judgeRest('after reconcile');
      if (clock.pendingUntil().length === 0) await clock.advance(60_000);
    }
    await alarm();
  }
  await rest();
  for (const path of runs) problems.push(...endProblems(await engine.run(path)));
  return [...problems, ...ledger.broken];

  function endProblems(record: RunRecord): string[] {
    const work = works.get(record.run);
    const what = `run ${place(record.run)} ${record.status}: ${record.message}`;
    if (
      record.status === 'succeeded' &&
      (work?.does === 'fail' || (work?.does === 'wait' && !released.has(record.run)))
    )
      return [what];
    if (record.status === 'failed' && work?.does !== 'fail' && !stopped.has(record.run)) return [what];
    const late = /longer than its time-out/.test(record.message);
    const stoppedToo = stopped.has(record.run) && /It may not have cleaned up/.test(record.message);
    if (record.status === 'cancelled' && !late && !stoppedToo && !asked.has(record.run) && !replaced.has(record.run))
      return [what];
    return [];
  }
}
