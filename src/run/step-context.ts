import type { ActionContext, Callbacks, CallsRun, StepApproval } from '../actions/action.ts';
import { depthMark } from '../events/delivered-event.ts';
import type { JsonObject } from '../json.ts';
import { getEnvironment } from '../store/environments.ts';
import { putWait } from '../store/waits.ts';
import { createCallsRun } from './called-run.ts';
import { attemptOf } from './retry.ts';
import { createStepApproval } from './step-approval.ts';
import { type StepCall, stepId } from './step-call.ts';
import { createStepCallbacks } from './step-callbacks.ts';

/** Trouble of the platform below an action: it is no failure of the step, whatever the action makes of it. */
export type Trouble = { found?: { readonly error: unknown } };

/** What an action gets to see and to reach. `over`: whoever called it listens no more. */
export function createStepContext(
  call: StepCall,
  inputs: JsonObject,
  over: AbortSignal,
  trouble: Trouble,
): ActionContext {
  const { env, step, begun, controller } = call;
  const { signal } = controller;
  const id = `${stepId(env.run.run, call.jobId, step)}/${attemptOf(begun)}`;
  const noting = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      trouble.found ??= { error };
      throw error;
    }
  };
  return {
    inputs,
    place: { org: env.run.org, app: env.run.app },
    signal,
    stepId: id,
    epoch: env.run.epoch,
    log(level, message) {
      // What a step that was given up on still has to say belongs to nobody.
      if (!over.aborted) call.log(level, message);
    },
    ...(begun.wait === undefined || begun.wait.retry === true ? {} : { state: begun.wait.state }),
    now: () => env.clock.now(),
    sleep: ms => env.clock.sleep(ms, signal),
    clients: env.clients,
    awaitEvent: arn => noting(putWait(env.table, arn, env.run, env.expiresAt)),
    may: (permission, resource) => noting(env.may(permission, resource, id)),
    // Few steps ask for it, and its id is a hash.
    get approval(): StepApproval {
      const approval = createStepApproval(env.table, env, call.jobId, id);
      return {
        request: settings => noting(approval.request(settings)),
        look: () => noting(approval.look()),
        close: as => noting(approval.close(as)),
      };
    },
    relate(entity, related) {
      if (!over.aborted) call.relate(entity, related);
    },
    environments: {
      typeOf: async id => (await noting(getEnvironment(env.table, env.run, id)))?.type,
      touch: id => void env.envIds.add(env.redactor.text(id)),
    },
    orchestrator: () => noting(env.orchestrator()),
    runUrl: env.runUrl,
    eventMarks: env.run.eventDepth === undefined ? [] : [depthMark(env.run.eventDepth)],
    // Few steps ask for them, and their ids are hashes.
    get runs(): CallsRun {
      const runs = createCallsRun(env.groups, env, call, id);
      return {
        start: wanted => noting(runs.start(wanted)),
        look: wanted => noting(runs.look(wanted)),
        cancel: (wanted, reason) => noting(runs.cancel(wanted, reason)),
      };
    },
    get callbacks(): Callbacks {
      const callbacks = createStepCallbacks(env, id);
      return {
        announce: (expiresAt, whose) => noting(callbacks.announce(expiresAt, whose)),
        look: callback => noting(callbacks.look(callback)),
        list: () => noting(callbacks.list()),
      };
    },
  };
}
