import type { ActionContext, StepApproval } from '../actions/action.ts';
import type { JsonObject } from '../json.ts';
import { putWait } from '../store/waits.ts';
import { attemptOf } from './retry.ts';
import { createStepApproval } from './step-approval.ts';
import { type StepCall, stepId } from './step-call.ts';

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
  };
}
