import type { ActionContext, Answer, JsonObject, Waiting } from '../action.ts';
import { succeeded } from '../action.ts';
import type { AwsReply } from './calls.ts';
import { failedBy } from './failures.ts';

/** Something that goes on in AWS after it was started, and how it is looked at. */
export type AwsJob = {
  /** For `waiting_for`: `aws/start-execution`. */
  readonly label: string;
  /** Whether the step lasts as long as it. */
  readonly wait: boolean;
  /** Has the same effect again as once. */
  start(): Promise<AwsReply<{ readonly arn: string }>>;
  /** Outputs of a step that does not wait. */
  begun(arn: string): JsonObject;
  /** Undefined: it goes on. */
  look(arn: string): Promise<AwsReply<Answer | undefined>>;
};

/** `troubles`: calls in a row that met an AWS in trouble. */
type State = { readonly arn?: string; readonly troubles: number };

/** With the pauses of `pauseAfter` about a quarter of an hour. */
const MOST_TROUBLES = 8;

/**
 * Starts it once and parks until it is over. The event of its end wakes the step; that is asked for before the first look,
 * so an end is either seen or told. A worker that dies in between is succeeded by one that starts again, which is harmless.
 */
export async function follow(context: ActionContext, job: AwsJob): Promise<Answer> {
  const state = stateOf(context);
  let { arn } = state;
  if (arn === undefined) {
    const started = await job.start();
    if (!started.ok) return orLater(context, job, state, started);
    arn = started.value.arn;
    context.log('info', `Started ${arn}.`);
    if (!job.wait) return succeeded(job.begun(arn));
    await context.awaitEvent(arn);
  }
  const now = { arn, troubles: state.troubles };
  const seen = await job.look(arn);
  if (!seen.ok) return orLater(context, job, now, seen);
  return seen.value ?? parked(context, job, { arn, troubles: 0 }, context.clients.aws?.lookAgain ?? 0);
}

/** The ARN of what the step has started, as far as it is known. */
export const arnOf = (context: ActionContext): string | undefined => stateOf(context).arn;

function orLater(
  context: ActionContext,
  job: AwsJob,
  state: State,
  reply: Exclude<AwsReply<unknown>, { readonly ok: true }>,
): Answer {
  // Cut off: whoever takes it back has to know what was started.
  if (reply.code === 'ABORTED' && state.arn !== undefined) return parked(context, job, state, 0);
  if (!reply.passing || state.troubles >= MOST_TROUBLES) return failedBy(reply);
  return parked(context, job, { ...state, troubles: state.troubles + 1 }, pauseAfter(state.troubles));
}

/** Milliseconds. */
const pauseAfter = (troubles: number): number => Math.min(5_000 * 2 ** troubles, 300_000);

function parked(context: ActionContext, job: AwsJob, state: State, pause: number): Waiting {
  const label = state.arn === undefined ? `retry(${job.label})` : `${job.label}(${state.arn})`;
  return { status: 'waiting', for: label, until: context.now() + pause, state };
}

function stateOf({ state }: ActionContext): State {
  // Only `parked` writes it.
  return state === undefined ? { troubles: 0 } : (state as State);
}
