import fc from 'fast-check';
import { CONDITIONS, type ConditionName, type Row } from './conditions.ts';

/** What a step does when it is called, as far as it is not cut off. */
export type Behaviour =
  | { readonly does: 'succeed' | 'fail' | 'crash' | 'log' | 'refuse' | 'ill' }
  /** Takes some milliseconds in place, then succeeds. */
  | { readonly does: 'work'; readonly ms: number }
  /** Never ends by itself; `deaf`: not even when it is aborted. */
  | { readonly does: 'hang'; readonly deaf: boolean }
  /** Fails so many attempts, then succeeds. */
  | { readonly does: 'recover'; readonly failures: number }
  /** The real action `sleep`. */
  | { readonly does: 'sleep'; readonly seconds: number }
  /** Waits, without compute, until the world lets it go. */
  | { readonly does: 'wait' }
  /** The real action `approve`; what happens after so many minutes without a decision. */
  | { readonly does: 'ask'; readonly minutes: number; readonly onTimeout: 'fail' | 'approve' };

/** `continue-on-error` as it is written. */
export const CONTINUES = {
  absent: { text: undefined, value: false },
  yes: { text: true, value: true },
  no: { text: false, value: false },
  'yes, evaluated': { text: '${{ inputs.yes }}', value: true },
  'no, evaluated': { text: '${{ inputs.no }}', value: false },
  broken: { text: '${{ fromJSON(inputs.text) }}', value: false },
} as const;
export type Continues = keyof typeof CONTINUES;

export type StepPlan = {
  readonly if: ConditionName;
  readonly behaviour: Behaviour;
  readonly continues: Continues;
  /** Seconds. */
  readonly timeout?: number;
  readonly retry?: RetryPlan;
};

/** `on`: the codes that are worth another attempt; absent: all. */
export type RetryPlan = { readonly attempts: number; readonly delay: number; readonly on?: 'BROKEN' | 'TIMEOUT' };

/** What a delay is multiplied by after each attempt. */
export const BACKOFF = 2;

export type JobPlan = {
  /** Places of earlier jobs, each once. */
  readonly needs: readonly number[];
  readonly if: ConditionName;
  readonly continues: Continues;
  /** Minutes. */
  readonly timeout?: number;
  /** What its output `out` is made of. */
  readonly out: 'nothing' | 'step' | 'need' | 'broken';
  readonly steps: readonly StepPlan[];
};

export type Plan = {
  readonly jobs: readonly JobPlan[];
  /** Seconds. */
  readonly timeout: number;
  readonly maxParallelJobs: number;
  /** Seconds that the platform gives an invocation; absent: no end. */
  readonly remaining?: number;
};

/** What approvals are about. */
export const ENVIRONMENT = 'development';

export const INPUTS = { yes: true, no: false, text: '{' };

export const jobId = (job: number): string => `j${job}`;
export const stepKey = (job: number, step: number): string => `${job}/${step}`;

/** Whether it is the probe that is called, and so the test that answers. */
export const isProbed = ({ behaviour: { does } }: StepPlan): boolean =>
  !['log', 'refuse', 'ill', 'sleep', 'ask'].includes(does);
const PROBE = 'actions/pipecall/probe@v1';

function usesOf(behaviour: Behaviour, key: string): object {
  switch (behaviour.does) {
    case 'log':
      return { uses: 'actions/humanitec/log@v1', with: { message: key } };
    case 'refuse':
      return { uses: 'actions/humanitec/fail@v1', with: { message: 'refused' } };
    case 'ill':
      return { uses: 'actions/humanitec/sleep@v1', with: { seconds: '${{ inputs.text }}' } };
    case 'ask':
      return {
        uses: 'actions/humanitec/approve@v1',
        with: {
          env_id: ENVIRONMENT,
          message: key,
          timeout_minutes: behaviour.minutes,
          on_timeout: behaviour.onTimeout,
        },
      };
    case 'sleep':
      return { uses: 'actions/humanitec/sleep@v1', with: { seconds: behaviour.seconds } };
    default:
      return { uses: PROBE, with: { key } };
  }
}

const present = (entries: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

function ifOf(name: ConditionName, previous: string): string | undefined {
  const row: Row = CONDITIONS[name];
  return row.text?.replaceAll('previous', previous);
}

/** The definition of a plan. JSON is YAML. */
export function textOf(plan: Plan): string {
  const jobs = plan.jobs.map((job, index) => {
    const outputs = {
      nothing: undefined,
      step: { out: '${{ steps.s0.outputs.out }}' },
      need: { out: `\${{ needs.${jobId(job.needs[0] ?? 0)}.outputs.out }}` },
      broken: { out: '${{ fromJSON(inputs.text) }}' },
    }[job.out];
    const steps = job.steps.map((step, place) => ({
      id: `s${place}`,
      ...usesOf(step.behaviour, stepKey(index, place)),
      ...present({
        if: ifOf(step.if, `steps.s${place - 1}`),
        'continue-on-error': CONTINUES[step.continues].text,
        'timeout-minutes': step.timeout === undefined ? undefined : step.timeout / 60,
        retry: step.retry && {
          'max-attempts': step.retry.attempts,
          'delay-seconds': step.retry.delay,
          backoff: BACKOFF,
          ...(step.retry.on === undefined ? {} : { on: [step.retry.on] }),
        },
      }),
    }));
    return {
      steps,
      ...present({
        needs: job.needs.length === 0 ? undefined : job.needs.map(jobId),
        if: ifOf(job.if, `needs.${jobId(job.needs[0] ?? 0)}`),
        'continue-on-error': CONTINUES[job.continues].text,
        'timeout-minutes': job.timeout,
        outputs,
      }),
    };
  });
  return JSON.stringify({
    name: 'Model',
    on: { pipeline_call: { inputs: { yes: {}, no: {}, text: {} } } },
    jobs: Object.fromEntries(jobs.map((job, index) => [jobId(index), job])),
  });
}

const names = Object.keys(CONDITIONS) as ConditionName[]; // as: the keys of the table are its names

const condition: fc.Arbitrary<ConditionName> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<ConditionName>('implied') },
  { weight: 2, arbitrary: fc.constantFrom(...names) },
);

const continues: fc.Arbitrary<Continues> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Continues>('absent') },
  { weight: 1, arbitrary: fc.constantFrom<Continues>('yes', 'no', 'yes, evaluated', 'no, evaluated', 'broken') },
);

// Even seconds, because a worker looks every two: what can happen at the same moment shall.
const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<Behaviour>({ does: 'succeed' }, { does: 'log' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Behaviour>({ does: 'fail' }, { does: 'refuse' }, { does: 'crash' }, { does: 'ill' }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('work'), ms: fc.constantFrom(1, 500, 2_000, 4_000, 6_000) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('hang'), deaf: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('sleep'), seconds: fc.constantFrom(0, 2, 4, 6, 8, 9, 30) }) },
  { weight: 2, arbitrary: fc.constant<Behaviour>({ does: 'wait' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('ask'),
      minutes: fc.constantFrom(1, 0.2, 1_000),
      onTimeout: fc.constantFrom('fail', 'approve'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('recover'), failures: fc.integer({ min: 1, max: 3 }) }) },
);

const retry: fc.Arbitrary<RetryPlan> = fc
  .record({
    attempts: fc.integer({ min: 1, max: 4 }),
    delay: fc.constantFrom(0, 1, 4, 20),
    on: fc.option(fc.constantFrom('BROKEN', 'TIMEOUT'), { nil: undefined }),
  })
  .map(({ on, ...rest }) => (on === undefined ? rest : { ...rest, on }));

const step: fc.Arbitrary<StepPlan> = fc
  .record({
    if: condition,
    behaviour,
    continues,
    timeout: fc.option(fc.constantFrom(6, 15, 30), { freq: 4, nil: undefined }),
    retry: fc.option(retry, { freq: 2, nil: undefined }),
  })
  .map(({ timeout, retry, ...rest }) => {
    const { does } = rest.behaviour;
    // What never ends by itself gets a limit: a run's own limit takes long to come.
    const limit = does === 'hang' ? (timeout ?? 9) : timeout;
    const again = ['fail', 'crash', 'recover'].includes(does) ? retry : undefined;
    return {
      ...rest,
      ...(limit === undefined ? {} : { timeout: limit }),
      ...(again === undefined ? {} : { retry: again }),
    };
  });

const job = fc.record({
  needs: fc.array(fc.nat({ max: 1_000 }), { maxLength: 3 }),
  if: condition,
  continues,
  timeout: fc.option(fc.constant(1), { freq: 5, nil: undefined }),
  out: fc.constantFrom<JobPlan['out']>('nothing', 'step', 'need', 'broken'),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});

const PREVIOUS: readonly ConditionName[] = ['previous failed', 'always, previous failed', 'previous put out'];

/** Turns what chance drew into a definition that means something: references lead somewhere. */
function sound(drawn: readonly (Omit<JobPlan, 'timeout'> & { readonly timeout: number | undefined })[]): JobPlan[] {
  const jobs: JobPlan[] = [];
  for (const [index, { timeout, ...one }] of drawn.entries()) {
    const needs = index === 0 ? [] : [...new Set(one.needs.map(need => need % index))];
    const need = needs[0] === undefined ? undefined : jobs[needs[0]];
    const steps = one.steps.map((step, place): StepPlan => {
      const before = one.steps[place - 1];
      const sayable =
        !PREVIOUS.includes(step.if) || (before !== undefined && (step.if !== 'previous put out' || isProbed(before)));
      return sayable ? step : { ...step, if: 'implied' };
    });
    const readable = need !== undefined && need.out !== 'nothing';
    const asks = !PREVIOUS.includes(one.if) || (need !== undefined && (one.if !== 'previous put out' || readable));
    const first = steps[0];
    const puts = one.out === 'step' ? first !== undefined && isProbed(first) : one.out !== 'need' || readable;
    jobs.push({
      ...one,
      needs,
      steps,
      if: asks ? one.if : 'implied',
      out: puts ? one.out : 'nothing',
      ...(timeout === undefined ? {} : { timeout }),
    });
  }
  return jobs;
}

export const planArbitrary: fc.Arbitrary<Plan> = fc
  .record({
    // Many small ones, where much depends on each step, and some as large as can be.
    jobs: fc
      .oneof(
        { weight: 4, arbitrary: fc.array(job, { minLength: 1, maxLength: 5 }) },
        { weight: 1, arbitrary: fc.array(job, { minLength: 1, maxLength: 30, size: 'max' }) },
      )
      .map(sound),
    timeout: fc.constantFrom(3_600, 20, 60, 300),
    maxParallelJobs: fc.constantFrom(30, 1, 3),
    remaining: fc.option(fc.constantFrom(60, 120), { freq: 4, nil: undefined }),
  })
  .map(({ remaining, ...plan }) => (remaining === undefined ? plan : { ...plan, remaining }));
