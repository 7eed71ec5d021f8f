import { type Action, type Answer, failed, type JsonObject, type RunCall, type Waiting } from './action.ts';

/** Milliseconds between two looks at a run whose end should have been signalled: a lost signal costs this much. */
const LOOK_AGAIN = 300_000;

/** As the API has ids in paths. */
const ID = { type: 'string', pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$', minLength: 2, maxLength: 50 } as const;

export const callPipeline: Action = {
  name: 'actions/pipecall/call-pipeline',
  version: 1,
  summary: 'Starts a run of another pipeline and waits until it is over, without using compute in between.',
  inputs: {
    type: 'object',
    additionalProperties: false,
    required: ['pipeline'],
    properties: {
      app: { description: 'The app of the pipeline. Absent: the app of this run.', ...ID },
      pipeline: {
        description: 'The id of the pipeline; it needs the trigger `pipeline_call`.',
        ...ID,
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
    SAME_CONCURRENCY_GROUP:
      'The called run would wait for this run, or for one that called it, in their concurrency group, or would cancel it.',
    RUN_FAILED: 'The called run failed; the outputs hold its id.',
    RUN_CANCELLED:
      'The called run was cancelled: by someone else, or because it and others would have waited for their callers, and these for them; the message says which.',
    RUN_GONE: 'The called run was deleted while it was waited for.',
  },
  pure: false,

  async run(context) {
    const { runs, state } = context;
    const call = callOf(context.inputs);
    // Only this file writes the state.
    const known = (state as State | undefined)?.run;
    if (known !== undefined) return look(context, call, known);
    const started = await runs.start(call);
    if (!started.ok)
      return failed(started.code === 'INVALID_INPUTS' ? 'INVALID_RUN_INPUTS' : started.code, started.message);
    context.relate('pipeline_run', started.run);
    context.log('info', `Started run ${started.run} of pipeline ${call.pipeline}.`);
    // It may be over already, and its signal come and gone before anybody waits for it.
    return look(context, call, started.run);
  },

  abandon: ({ runs, inputs }, reason) => runs.cancel(callOf(inputs), reason),
};

/** With the way to it: `reconcile` looks whether it is over, too. */
type State = { readonly run: string; readonly app: string; readonly pipeline: string };

function callOf(inputs: JsonObject): RunCall {
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
    pipeline,
    inputs: given ?? {},
    ...(app === undefined ? {} : { app }),
    ...(version === undefined ? {} : { version }),
  };
}

async function look({ runs, now, place }: Parameters<Action['run']>[0], call: RunCall, run: string): Promise<Answer> {
  const called = await runs.look(call);
  if (called === undefined) return failed('RUN_GONE', `Run ${run} does not exist any more.`);
  if (!called.over) return waiting({ run, app: call.app ?? place.app, pipeline: call.pipeline }, now());
  const outputs = { run_id: run, status: called.status, outputs: called.outputs };
  if (called.status === 'succeeded') return { status: 'succeeded', outputs };
  const code = called.status === 'failed' ? 'RUN_FAILED' : 'RUN_CANCELLED';
  return { status: 'failed', code, message: `Run ${run}: ${called.message}`, outputs };
}

function waiting(state: State, now: number): Waiting {
  return { status: 'waiting', for: `run(${state.run})`, until: now + LOOK_AGAIN, state };
}
