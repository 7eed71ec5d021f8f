import type { CallsRun, RunCall } from '../actions/action.ts';
import type { RunPath } from '../store/keys.ts';
import { getRun, isOver, readStored } from '../store/runs.ts';
import { cancelRun } from './cancel-run.ts';
import { derivedOrderedId } from './derived-id.ts';
import type { RunEnvironment } from './environment.ts';
import type { Groups } from './groups.ts';
import type { StepCall } from './step-call.ts';

/** Runs that call runs that call runs: so many below the first one. */
export const DEEPEST = 5;

/** The run that one attempt of one step calls: its id is made of the step's, so that there is one, whoever dies when. */
export function createCallsRun(deps: Groups, env: RunEnvironment, call: StepCall, stepId: string): CallsRun {
  const { run } = env;
  const id = derivedOrderedId(call.begun.createdAt, `called ${stepId}`);
  const pathOf = ({ app = run.app, pipeline }: RunCall): RunPath => ({ org: run.org, app, pipeline, run: id });
  return {
    async start(wanted) {
      const depth = (run.calledBy?.depth ?? 0) + 1;
      if (depth > DEEPEST) return { ok: false, code: 'TOO_DEEP', message: `Runs call runs at most ${DEEPEST} deep.` };
      const { run: _, ...path } = pathOf(wanted);
      const right = await env.may('runs.start', { org: path.org, app: path.app }, stepId);
      if (!right.allowed) return { ok: false, code: 'FORBIDDEN', message: `Not allowed: ${right.reason}.` };
      const started = await env.startCalled({
        path,
        ...(wanted.version === undefined ? {} : { version: wanted.version }),
        inputs: wanted.inputs,
        mask: env.redactor.json,
        run: id,
        calledBy: {
          app: run.app,
          pipeline: run.pipeline,
          run: run.run,
          job: call.jobId,
          step: call.step.index,
          depth,
          startedBy: run.calledBy?.startedBy ?? run.createdBy,
        },
        ...(run.eventDepth === undefined ? {} : { eventDepth: run.eventDepth }),
        caller: { id: run.runAs, roles: await env.identity.roles() },
        reason: right.reason,
      });
      return started.ok ? { ok: true, run: id } : started;
    },
    async look(wanted) {
      const called = await getRun(env.table, pathOf(wanted));
      if (called === undefined) return undefined;
      const { status, message } = called;
      if (!isOver(status)) return { over: false };
      const outputs = called.outputs === undefined ? {} : await readStored(env.table, id, 'outputs', called.outputs);
      return { over: true, status, message, outputs };
    },
    async cancel(wanted, reason) {
      await cancelRun(deps, pathOf(wanted), `Cancelled with run ${run.run}, which called it: ${reason}`);
    },
  };
}
