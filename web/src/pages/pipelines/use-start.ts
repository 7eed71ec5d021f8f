import { useRef, useState } from 'react';
import type { ApiError } from '../../api/client.ts';
import type { Json, PipelineRun, RunPlan } from '../../api/types.ts';
import { usePrivateAction } from '../../api/use-private-action.ts';
import type { Place } from '../../app/place.ts';
import type { ServerProblem } from '../../parts/inputs-form/inputs-form.tsx';
import type { Inputs } from '../../parts/inputs-form/request-body.ts';

type Target = { readonly place: Place; readonly pipeline: string; readonly version: string | undefined };

type State = {
  readonly planned?: RunPlan;
  /** What the server says about single inputs. */
  readonly problems?: readonly ServerProblem[];
  readonly error?: { readonly title: string; readonly error: ApiError };
};

/**
 * Asks for the plan of a run, and starts it: once, however often the button is pressed or the answer is lost. A plan changes
 * nothing, so whoever starts the run, or wants another plan, does not wait for it.
 */
export function useStart({ place, pipeline, version }: Target) {
  // Inputs may be secret.
  const { run } = usePrivateAction('createRun', ['listRuns', 'listRunsInOrg']);
  const [state, setState] = useState<State>({});
  const [busy, setBusy] = useState<'plan' | 'start'>();
  const isStarting = useRef(false);
  // Raised by whatever makes the answer that one waits for one about something else.
  const round = useRef(0);
  // One key for one body: what is sent again, because no answer came, starts nothing twice.
  const attempt = useRef({ body: '', key: '' });
  const params = { ...place, pipeline };
  const fixed = version === undefined ? {} : { version };

  const fail = (title: string, error: ApiError, isOfThese: boolean): void => {
    const problems = isOfThese && error.code === 'INVALID_INPUTS' ? problemsIn(error.details?.inputs) : [];
    setState(problems.length > 0 ? { problems } : { error: { title, error } });
  };

  return {
    ...state,
    busy,
    /** Of other inputs than those that are there now. */
    forget(): void {
      round.current += 1;
      setBusy(before => (before === 'plan' ? undefined : before));
      setState(before => (Object.keys(before).length === 0 ? before : {}));
    },
    async plan(inputs: Inputs): Promise<void> {
      if (isStarting.current) return;
      round.current += 1;
      const mine = round.current;
      setBusy('plan');
      const answer = await run({ params, query: { ...fixed, dry_run: 'plan' }, body: { inputs } });
      if (mine !== round.current) return;
      setBusy(undefined);
      if (!answer.ok) fail('The plan could not be made', answer.error, true);
      else if (answer.value !== undefined && 'jobs' in answer.value) setState({ planned: answer.value });
    },
    async start(inputs: Inputs): Promise<PipelineRun | undefined> {
      if (isStarting.current) return undefined;
      const body = JSON.stringify(inputs);
      if (attempt.current.body !== body) attempt.current = { body, key: crypto.randomUUID() };
      const headers = { 'idempotency-key': attempt.current.key };
      isStarting.current = true;
      round.current += 1;
      const mine = round.current;
      setBusy('start');
      const answer = await run({ params, query: fixed, headers, body: { inputs } }).finally(() => {
        isStarting.current = false;
        setBusy(undefined);
      });
      if (!answer.ok) {
        // That nothing was started is said all the same, but not at fields that hold something else by now.
        fail('The run was not started', answer.error, mine === round.current);
        return undefined;
      }
      return answer.value !== undefined && 'trigger' in answer.value ? answer.value : undefined;
    },
  };
}

function problemsIn(entries: Json | undefined): readonly ServerProblem[] {
  return (Array.isArray(entries) ? entries : []).flatMap((entry: Json) => {
    if (typeof entry !== 'object' || entry === null || !('name' in entry) || !('message' in entry)) return [];
    return [{ name: String(entry.name), message: String(entry.message) }];
  });
}
