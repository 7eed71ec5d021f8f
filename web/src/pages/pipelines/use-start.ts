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

/** Asks for the plan of a run, and starts it: once, however often the button is pressed or the answer is lost. */
export function useStart({ place, pipeline, version }: Target) {
  // Inputs may be secret.
  const { run } = usePrivateAction('createRun', ['listRuns', 'listRunsInOrg']);
  const [state, setState] = useState<State>({});
  const [busy, setBusy] = useState<'plan' | 'start'>();
  const isBusy = useRef(false);
  // One key for one body: what is sent again, because no answer came, starts nothing twice.
  const attempt = useRef({ body: '', key: '' });
  const params = { ...place, pipeline };
  const fixed = version === undefined ? {} : { version };

  const once = async <T>(what: 'plan' | 'start', act: () => Promise<T>): Promise<T | undefined> => {
    if (isBusy.current) return undefined;
    isBusy.current = true;
    setBusy(what);
    try {
      return await act();
    } finally {
      isBusy.current = false;
      setBusy(undefined);
    }
  };

  const fail = (title: string, error: ApiError): void => {
    const problems = error.code === 'INVALID_INPUTS' ? problemsIn(error.details?.inputs) : [];
    setState(problems.length > 0 ? { problems } : { error: { title, error } });
  };

  return {
    ...state,
    busy,
    /** Of other inputs than those that are there now. */
    forget: () => setState(before => (Object.keys(before).length === 0 ? before : {})),
    async plan(inputs: Inputs): Promise<void> {
      const answer = await once('plan', () => run({ params, query: { ...fixed, dry_run: 'plan' }, body: { inputs } }));
      if (answer === undefined) return;
      if (!answer.ok) fail('The plan could not be made', answer.error);
      else if (answer.value !== undefined && 'jobs' in answer.value) setState({ planned: answer.value });
    },
    async start(inputs: Inputs): Promise<PipelineRun | undefined> {
      const body = JSON.stringify(inputs);
      if (attempt.current.body !== body) attempt.current = { body, key: crypto.randomUUID() };
      const headers = { 'idempotency-key': attempt.current.key };
      const answer = await once('start', () => run({ params, query: fixed, headers, body: { inputs } }));
      if (answer === undefined) return undefined;
      if (!answer.ok) {
        fail('The run was not started', answer.error);
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
