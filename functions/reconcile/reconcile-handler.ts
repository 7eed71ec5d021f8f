import { type Reconcile, type Reconciled, reconcile } from '../../src/run/reconcile.ts';
import { reconcileOne } from '../../src/run/reconcile-run.ts';
import type { RunPath } from '../../src/store/keys.ts';

/** Rounds of which one looks at the executions of parked runs too. Those that end badly are told of by an event. */
const FULL_EVERY = 12;

/**
 * `event`: a change of the status of an execution, for its run; anything else, or nothing: a round over all runs. The
 * first of a process is a full one: an execution of the local server does not outlive it.
 */
export type ReconcileHandler = (event?: unknown) => Promise<Reconciled>;

export function createReconcileHandler(deps: Reconcile): ReconcileHandler {
  let rounds = 0;
  return async event => {
    const path = runOfEvent(event);
    if (path === undefined) return reconcile(deps, rounds++ % FULL_EVERY === 0);
    // What fails here is tried again by the platform and comes to the dead-letter queue.
    const done = await reconcileOne(deps, path);
    return { started: done === 'started' ? 1 : 0, ended: done === 'ended' ? 1 : 0, failed: 0 };
  };
}

/**
 * The input of the execution says whose it is; the name alone does not lead to the records.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function runOfEvent(event: unknown): RunPath | undefined {
  const detail = fieldOf(event, 'detail');
  const source = fieldOf(detail, 'input');
  if (typeof source !== 'string') return undefined;
  const input = readJson(source);
  const [org, app, pipeline, run] = ['org', 'app', 'pipeline', 'run'].map(name => fieldOf(input, name));
  if (typeof org !== 'string' || typeof app !== 'string' || typeof pipeline !== 'string' || typeof run !== 'string') {
    return undefined;
  }
  return { org, app, pipeline, run };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function readJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // Somebody else's execution: it is no run, so the round over all runs is the answer.
    return undefined;
  }
}
