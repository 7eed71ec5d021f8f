import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/language/pipeline.ts';
import { type JobView, type Judge, schedule } from '../../src/run/scheduler.ts';
import { hasEnded } from '../../src/store/jobs.ts';

type If = 'implied' | 'always' | 'failure' | 'cancelled' | 'false' | 'broken';

const IFS: readonly If[] = ['implied', 'always', 'failure', 'cancelled', 'false', 'broken'];

type Plan = readonly { readonly needs: readonly string[]; readonly if: If }[];

const idOf = (index: number): string => `j${index}`;

function jobsOf(plan: Plan): Job[] {
  return plan.map((job, index) => ({
    id: idOf(index),
    index,
    name: idOf(index),
    needs: job.needs,
    if: {
      template: { kind: 'literal', value: job.if },
      namesStatus: !['implied', 'false', 'broken'].includes(job.if),
      cleansUp: ['always', 'cancelled'].includes(job.if),
    },
    steps: [],
    outputs: {},
  }));
}

/** Reads the kind of `if` that the test put into the template. */
const judge: Judge = (job, status) => {
  const kind = job.if.template.kind === 'literal' ? job.if.template.value : 'implied';
  if (kind === 'broken') return { ok: false, message: 'broken', continued: false };
  if (kind === 'false') return { ok: true, value: false };
  if (kind === 'always') return { ok: true, value: true };
  if (kind === 'failure') return { ok: true, value: status.failure };
  if (kind === 'cancelled') return { ok: true, value: status.cancelled };
  return { ok: true, value: status.success };
};

const view = (status: JobView['status'], continued = false): JobView => ({ status, continued });

type Case = {
  readonly title: string;
  readonly plan: Plan;
  readonly views?: Readonly<Record<string, JobView>>;
  readonly cancelling?: boolean;
  readonly start: readonly string[];
  readonly settle?: Readonly<Record<string, string>>;
  readonly over?: boolean;
};

const a: Plan[number] = { needs: [], if: 'implied' };
const afterA = (kind: If): Plan[number] => ({ needs: ['j0'], if: kind });

const CASES: readonly Case[] = [
  { title: 'a job without needs starts', plan: [a], start: ['j0'] },
  { title: 'all jobs without needs start', plan: [a, a, a], start: ['j0', 'j1', 'j2'] },
  { title: 'a dependant waits', plan: [a, afterA('implied')], views: { j0: view('executing') }, start: [] },
  {
    title: 'a dependant starts when its need succeeded',
    plan: [a, afterA('implied')],
    views: { j0: view('succeeded') },
    start: ['j1'],
  },
  {
    title: 'a job starts though an unrelated one is still in execution',
    plan: [a, a, afterA('implied')],
    views: { j0: view('succeeded'), j1: view('executing') },
    start: ['j2'],
  },
  {
    title: 'a failed need skips the dependant, and so on down',
    plan: [a, afterA('implied'), { needs: ['j1'], if: 'implied' }],
    views: { j0: view('failed') },
    start: [],
    settle: { j1: "Skipped: it needs job 'j0', which failed.", j2: "Skipped: it needs job 'j1', which was skipped." },
    over: true,
  },
  {
    title: 'a failed need that was continued lets it start',
    plan: [a, afterA('implied')],
    views: { j0: view('failed', true) },
    start: ['j1'],
  },
  {
    title: 'always() starts after a failure',
    plan: [a, afterA('always')],
    views: { j0: view('failed') },
    start: ['j1'],
  },
  { title: 'always() starts after a skip', plan: [a, afterA('always')], views: { j0: view('skipped') }, start: ['j1'] },
  {
    title: 'failure() starts after a failure',
    plan: [a, afterA('failure')],
    views: { j0: view('failed') },
    start: ['j1'],
  },
  {
    title: 'failure() looks at all ancestors',
    plan: [a, afterA('implied'), { needs: ['j1'], if: 'failure' }],
    views: { j0: view('failed') },
    start: ['j2'],
    settle: { j1: "Skipped: it needs job 'j0', which failed." },
  },
  {
    title: 'failure() is false when the failure was continued',
    plan: [a, afterA('failure')],
    views: { j0: view('failed', true) },
    start: [],
    settle: { j1: 'Skipped: its condition `if` is false.' },
    over: true,
  },
  {
    title: 'a false condition skips',
    plan: [{ needs: [], if: 'false' }],
    start: [],
    settle: { j0: 'Skipped: its condition `if` is false.' },
    over: true,
  },
  {
    title: 'a condition that cannot be evaluated fails the job and skips its dependants',
    plan: [{ needs: [], if: 'broken' }, afterA('implied')],
    start: [],
    settle: {
      j0: 'broken',
      j1: "Skipped: it needs job 'j0', which failed.",
    },
    over: true,
  },
  {
    title: 'nothing new starts in a cancelled run',
    plan: [a, a],
    cancelling: true,
    start: [],
    settle: { j0: 'Skipped: the run was cancelled.', j1: 'Skipped: the run was cancelled.' },
    over: true,
  },
  {
    title: 'always() and cancelled() start in a cancelled run',
    plan: [afterA('always'), a].map(job => ({ ...job, needs: [] })),
    cancelling: true,
    start: ['j0'],
    settle: { j1: 'Skipped: the run was cancelled.' },
  },
  {
    title: 'cancelled() starts in a cancelled run',
    plan: [{ needs: [], if: 'cancelled' }],
    cancelling: true,
    start: ['j0'],
  },
  {
    title: 'a need may come later in the definition',
    plan: [{ needs: ['j1'], if: 'implied' }, a],
    views: { j1: view('succeeded') },
    start: ['j0'],
  },
  {
    title: 'a run is over when every job has ended',
    plan: [a],
    views: { j0: view('succeeded') },
    start: [],
    over: true,
  },
  {
    title: 'a run is not over while a job is in execution',
    plan: [a],
    views: { j0: view('executing') },
    start: [],
    over: false,
  },
];

describe('schedule', () => {
  it.each(CASES)('$title', ({ plan, views = {}, cancelling = false, start, settle = {}, over = false }) => {
    const answer = schedule(jobsOf(plan), new Map(Object.entries(views)), cancelling, judge);
    expect(answer.start.map(job => job.id)).toEqual(start);
    expect(Object.fromEntries(answer.settle.map(({ job, message }) => [job.id, message]))).toEqual(settle);
    expect(answer.over).toBe(over);
  });

  const plans = fc
    .array(fc.record({ needs: fc.array(fc.nat(), { maxLength: 4 }), if: fc.constantFrom(...IFS) }), {
      minLength: 1,
      maxLength: 30,
    })
    .map(
      (drawn): Plan =>
        drawn.map((job, index) => ({
          if: job.if,
          needs: index === 0 ? [] : [...new Set(job.needs.map(need => idOf(need % index)))],
        })),
    );

  it('ends every plan, in any order of endings, and agrees with a simple reference', () => {
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.nat()), fc.nat(40), (plan, choices, cancelAt) => {
        const jobs = jobsOf(plan);
        const views = new Map<string, JobView>();
        const draw = (): number => choices.next().value as number;
        for (let turn = 0; ; turn += 1) {
          expect(turn).toBeLessThan(200);
          const cancelling = turn >= cancelAt;
          const before = new Map(views);
          const answer = schedule(jobs, views, cancelling, judge);
          for (const { job, status } of answer.settle) {
            expect(views.has(job.id)).toBe(false);
            views.set(job.id, view(status));
          }
          for (const job of answer.start) {
            expect(before.has(job.id)).toBe(false);
            views.set(job.id, view('executing'));
          }
          // Nothing that can be decided is left undecided.
          for (const job of jobs) {
            const settled = job.needs.every(need => hasEnded(views.get(need)?.status ?? 'pending'));
            if (settled) expect(views.has(job.id)).toBe(true);
          }
          for (const job of jobs) expectMeaning(job, views, before, cancelling);
          const executing = jobs.filter(job => views.get(job.id)?.status === 'executing');
          expect(answer.over).toBe(executing.length === 0);
          if (answer.over) break;
          const ending = executing[draw() % executing.length];
          if (ending !== undefined) {
            const ends = [view('succeeded'), view('failed'), view('failed', true), view('cancelled')] as const;
            views.set(ending.id, ends[draw() % ends.length] ?? view('succeeded'));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** What language.md says of a job that was decided in this turn, restated without looking at how it is computed. */
function expectMeaning(
  job: Job,
  views: ReadonlyMap<string, JobView>,
  before: ReadonlyMap<string, JobView>,
  cancelling: boolean,
): void {
  const now = views.get(job.id);
  if (now === undefined || before.has(job.id)) return;
  const kind = job.if.template.kind === 'literal' ? job.if.template.value : '';
  const needsWell = job.needs.every(need => {
    const found = views.get(need);
    return found?.status === 'succeeded' || (found?.status === 'failed' && found.continued);
  });
  const started = now.status === 'executing';
  if (kind === 'always') expect(started).toBe(true);
  if (kind === 'cancelled') expect(started).toBe(cancelling);
  if (kind === 'implied') expect(started).toBe(needsWell && !cancelling);
  if (kind === 'false') expect(now.status).toBe('skipped');
  if (kind === 'broken') expect(now.status).toBe(needsWell && !cancelling ? 'failed' : 'skipped');
}
