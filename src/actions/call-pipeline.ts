import { type Action, type Answer, failed, type JsonObject, type Runs, type Waiting } from './action.ts';

/** Milliseconds between two looks at a run whose end should have been signalled: a lost signal costs this much. */
const LOOK_AGAIN = 300_000;

export const callPipeline: Action = {
  name: 'actions/humanitec/call-pipeline',
  version: 1,
  summary: 'Starts a run of another pipeline and waits until it is over, without using compute in between.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['pipeline'],
    properties: {
      app: { description: 'The app of the pipeline. Absent: the app of this run.', type: 'string', minLength: 1 },
      pipeline: {
        description: 'The id of the pipeline; it needs the trigger `pipeline_call`.',
        type: 'string',
        minLength: 1,
      },
      version: {
        description: 'A version of it. Absent: the newest when the step begins.',
        type: 'string',
        minLength: 1,
      },
      inputs: { description: 'The inputs of the run, by name.', type: 'object', default: {} },
    },
  },
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['run_id', 'status', 'outputs'],
    properties: {
      run_id: { description: 'The id of the run that was started.', type: 'string' },
      status: { description: 'How it ended: `succeeded`, `failed` or `cancelled`.', type: 'string' },
      outputs: { description: 'The outputs of that run, by name.', type: 'object' },
    },
  },
  errors: {
    NOT_FOUND: 'There is no such app, pipeline or version.',
    FORBIDDEN: 'This run, as whom it acts, may not start that pipeline.',
    INVALID_RUN_INPUTS: 'The inputs break the declaration of the pipeline; the message says which.',
    NOT_CALLABLE: 'The pipeline does not have the trigger `pipeline_call`.',
    TOO_DEEP: 'The run was itself called by a run, and so on, five times: a pipeline that calls itself.',
    NOT_OFFERED: 'This deployment does not let steps start runs.',
    RUN_FAILED: 'The called run failed; the outputs hold its id.',
    RUN_CANCELLED: 'The called run was cancelled by someone else.',
    RUN_GONE: 'The called run was deleted while it was waited for.',
  },
  pure: false,

  async run(context) {
    const { runs, state } = context;
    if (runs === undefined) return failed('NOT_OFFERED', 'This deployment does not let steps start runs.');
    // Only this file writes the state.
    const run = state === undefined ? undefined : (state as State).run;
    if (run !== undefined) return look(runs, run, context.now());
    const started = await runs.start(callOf(context.inputs, context.stepId));
    if (!started.ok)
      return failed(started.code === 'INVALID_INPUTS' ? 'INVALID_RUN_INPUTS' : started.code, started.message);
    context.log('info', `Started run ${started.run}.`);
    return waiting(started.run, context.now());
  },

  async abandon({ runs, state, stepId }) {
    // Cut off between start and state, its key tells whether a run was started.
    const run = state === undefined ? await runs?.find(stepId) : (state as State).run;
    if (run !== undefined) await runs?.cancel(run);
  },
};

type State = { readonly run: string };

function callOf(inputs: JsonObject, key: string): Parameters<Runs['start']>[0] {
  // What the schema lets through.
  const {
    app,
    pipeline,
    version,
    inputs: given,
  } = inputs as {
    readonly app?: string;
    readonly pipeline: string;
    readonly version?: string;
    readonly inputs?: JsonObject;
  };
  return {
    key,
    pipeline,
    inputs: given ?? {},
    ...(app === undefined ? {} : { app }),
    ...(version === undefined ? {} : { version }),
  };
}

async function look(runs: Runs, run: string, now: number): Promise<Answer> {
  const called = await runs.look(run);
  if (called === undefined) return failed('RUN_GONE', `Run ${run} does not exist any more.`);
  if (!called.over) return waiting(run, now);
  const outputs = { run_id: run, status: called.status, outputs: called.outputs };
  if (called.status === 'succeeded') return { status: 'succeeded', outputs };
  const code = called.status === 'failed' ? 'RUN_FAILED' : 'RUN_CANCELLED';
  return { status: 'failed', code, message: `Run ${run}: ${called.message}`, outputs };
}

function waiting(run: string, now: number): Waiting {
  return { status: 'waiting', for: `pipeline.run(${run})`, until: now + LOOK_AGAIN, state: { run } };
}
