import { hasEnded } from '../store/jobs.ts';
import { cleanupWrite, releaseWrite } from '../store/run-writes.ts';
import { getRun, isOver, type RunRecord } from '../store/runs.ts';
import { actionsOf } from './actions-of.ts';
import { advance, stateOf } from './advance.ts';
import { createBreath } from './breath.ts';
import { createCancelling } from './cancelling.ts';
import { pipelineContext } from './contexts.ts';
import { endRun } from './end-run.ts';
import type { RunEnvironment } from './environment.ts';
import { identityOf } from './identity-of.ts';
import type { Invocation, Next, RunJobs } from './invocation.ts';
import { createJobRuns } from './job-runs.ts';
import type { LoadedRun } from './load-run.ts';
import { maskError } from './mask.ts';
import { createOrchestratorAccess } from './orchestrator-access.ts';
import { createRecorder, type JobState, Superseded } from './recorder.ts';
import { createSecretViews } from './secret-views.ts';
import { createStepRights } from './step-rights.ts';
import { TIMES } from './times.ts';

/** Drives the jobs of a run as far as they go in this invocation: one loop around the scheduler. */
export async function drive(deps: RunJobs, loaded: LoadedRun, invocation: Invocation): Promise<Next> {
  const { run, definition, fence, secrets } = loaded;
  const { redactor } = secrets;
  const { clock, table } = deps;
  const { pipeline } = definition;
  const states = new Map<string, JobState>(
    pipeline.jobs.map(job => {
      const record = loaded.records.get(job.index);
      return [job.id, { record, logChunks: record?.logChunks ?? 0 }];
    }),
  );
  const recorder = createRecorder(table, fence, () => clock.now());
  const cancelling = createCancelling(run);
  const identity = identityOf(deps, run, definition);
  const tenant = { org: run.org, app: run.app };
  const views = createSecretViews(loaded.inputs, secrets, () => identity.may('values.open', tenant));
  const endsAt = clock.now() + invocation.remaining();
  // A short invocation drains late, or it would never begin anything.
  const drainAt = endsAt - Math.min(TIMES.drain, invocation.remaining() * 0.4);
  const handOverAt = endsAt - Math.min(TIMES.handOver, invocation.remaining() * 0.1);

  let signal = run.signal;
  let lookedAt = clock.now();
  let handedOver = false;
  /** Nobody drives any more: what is still in flight must not begin anything. */
  let ended = false;
  let flushing = false;
  let trouble: { readonly error: unknown } | undefined;
  let ring: () => void = () => undefined;

  const env: RunEnvironment = {
    run,
    pipeline,
    contexts: { ...views.closed, pipeline: pipelineContext(run, pipeline, deps.urlOf(run)) },
    secrets: views,
    recordOf: id => states.get(id)?.record,
    table,
    vault: deps.vault,
    identity,
    ...createStepRights(deps, run, identity, redactor),
    orchestrator: createOrchestratorAccess(deps, run.org, redactor),
    envIds: new Set(run.envIds),
    expiresAt: fence.expiresAt,
    redactor,
    recorder,
    actions: actionsOf(deps, definition),
    clients: deps.clients,
    clock,
    ...(deps.tell === undefined ? {} : { tell: deps.tell }),
    ...(deps.measure === undefined ? {} : { measure: deps.measure }),
    ids: deps.ids,
    callbackUrl: deps.callbackUrl,
    runUrl: deps.urlOf(run),
    groups: deps,
    startCalled: deps.startCalled,
    report: (message, error, about) =>
      deps.report(redactor.text(message), maskError(redactor, error), { ...pathOf(run), ...about }),
    cancellation: cancelling.current,
    draining: () => ended || clock.now() >= drainAt,
    judgeTimes: () => ring(),
    ended: () => ended,
    breathe: createBreath(clock),
  };
  const fail = (error: unknown): void => {
    trouble ??= { error };
    ring();
  };
  const jobRuns = createJobRuns(env, () => ring(), fail);

  const enforce = (now: number): void => {
    if (cancelling.judge(now)) {
      const cancellation = cancelling.current();
      if (cancellation !== undefined) jobRuns.cancel(cancellation);
      const since = cancelling.begunAt();
      if (since !== undefined) recorder.along(cleanupWrite(run, run.epoch, since));
    }
    jobRuns.enforceTimes(now);
    if (now >= handOverAt && !handedOver) {
      handedOver = true;
      jobRuns.handOver();
    }
  };

  const look = async (): Promise<void> => {
    let found: RunRecord | undefined;
    try {
      found = await getRun(table, run, false);
    } catch (error) {
      // Only advice: the fence holds without it, and the next look comes soon.
      env.report(`run ${run.run}: could not look at its record`, error);
      return;
    }
    // Whoever parks has said which signal it saw; what came later is for the next invocation.
    if (ended) return;
    if (found === undefined || isOver(found.status) || found.epoch > run.epoch) {
      throw new Superseded(`run ${run.run} belongs to a later invocation`);
    }
    cancelling.seen(found);
    if (found.signal > signal) {
      signal = found.signal;
      jobRuns.resumeAll();
    }
  };

  /** When something other than the end of a step happens, in milliseconds since the epoch. */
  const nextEvent = (): number => Math.min(cancelling.nextChange(), jobRuns.nextTime());

  /** When this invocation has something to do by itself. */
  const nextDuty = (): number => {
    const since = recorder.dirtySince();
    const flushAt = since === undefined || flushing ? Infinity : since + TIMES.flush;
    return Math.min(lookedAt + TIMES.look, flushAt, handedOver ? Infinity : handOverAt);
  };

  const release = async (wakesAt?: number): Promise<void> => {
    ended = true;
    const more = { envIds: [...env.envIds], ...(wakesAt === undefined ? {} : { wakesAt }) };
    await recorder.close([[releaseWrite(run, run.epoch, jobRuns.waitingFor(), more)]]);
  };

  // What was open when the last invocation ended goes on, but not before it was judged whether its time is over; a waiting
  // step is asked again whether it still has to wait.
  for (const job of pipeline.jobs) {
    const state = stateOf(states, job);
    const open = state.record !== undefined && !hasEnded(state.record.status);
    if (open) jobRuns.add(job, { state, step: new AbortController() });
  }
  enforce(clock.now());
  jobRuns.resumeAll();

  try {
    for (;;) {
      const bell = new Promise<void>(resolve => {
        ring = resolve;
      });
      const now = clock.now();
      enforce(now);
      if (trouble !== undefined) throw maskError(redactor, trouble.error);
      const progress = await advance(env, states, jobRuns, deps.maxParallelJobs);
      if (progress === 'over') {
        const asked = await endRun(env, deps);
        if (asked === undefined) return { next: 'done' };
        cancelling.seen(asked);
        continue;
      }
      // A signal may have come in since.
      if (progress === 'idle' && jobRuns.active.size === 0) {
        if (env.draining()) {
          await release();
          return { next: 'again' };
        }
        if (jobRuns.waiting.size === 0)
          throw new Error(`run ${run.run}: no job is in execution, waits or can begin, yet it is not over`);
        const wait = nextEvent() - now;
        if (wait > TIMES.inPlace) {
          const seconds = Math.ceil(wait / 1_000);
          await release(now + seconds * 1_000);
          return { next: 'park', epoch: run.epoch, signal, seconds };
        }
      }
      const since = recorder.dirtySince();
      if (since !== undefined && now >= since + TIMES.flush && !flushing) {
        flushing = true;
        void recorder.flush().then(() => {
          flushing = false;
          ring();
        }, fail);
      }
      if (now >= lookedAt + TIMES.look) {
        lookedAt = now;
        void look().then(() => ring(), fail);
      }
      const timer = new AbortController();
      const pause = Math.max(0, Math.min(nextEvent(), nextDuty()) - now);
      await Promise.race([bell, clock.sleep(pause, timer.signal)]);
      timer.abort('over');
    }
  } finally {
    ended = true;
    jobRuns.handOver();
  }
}

const pathOf = ({ org, app, pipeline, run }: RunRecord) => ({ org, app, pipeline, run });
