import type { JsonSchema } from '../../json.ts';
import { anyMap, choice, etag, list, object, place, seconds, strings, text, textMap, time } from './shapes.ts';

const job = {
  id: text('Id of the job in the definition.'),
  name: text('Name of the job; its id when it has none.'),
  etag,
  ...place,
  pipeline_id: text('Id of the pipeline.'),
  pipeline_version: text('Id of the version that the run follows.'),
  run_id: text('Id of the run.'),
  needs: strings('Ids of the jobs that it waits for.'),
  status: choice(
    ['pending', 'executing', 'succeeded', 'failed', 'cancelled', 'skipped'],
    'Where it stands; the last four never change.',
  ),
  status_message: text('Why it ended or was skipped.'),
  created_at: time('When it began; of a pending job, when the run was created.'),
  updated_at: time('When its record last changed.'),
  timeout_seconds: seconds('Its own time-out, or that of the run.'),
};

const continued: JsonSchema = {
  type: 'boolean',
  description: 'It failed under `continue-on-error`: what comes after it goes on, as if it had succeeded.',
};

const jobOptional = {
  continued,
  waiting_for: text('What it waits for: time(…), approval(…), ….'),
  cancellation_requested_at: time('When its run was asked to stop.'),
  completed_at: time('When it ended.'),
};

export const runsSchemas = {
  RunRequest: object('What a run is started with.', {
    inputs: anyMap('Values of the inputs that pipeline_call declares.'),
  }),
  RestartRequest: object(
    'How a run is started anew.',
    {},
    {
      from: choice(
        ['failed'],
        'Keeps the results of jobs that succeeded and runs the rest, on the version of the run. Jobs that ask for approval, and those that need them, run again.',
      ),
    },
  ),
  RunPlan: object(
    'What a start would do.',
    {
      pipeline_id: text('Id of the pipeline.'),
      pipeline_version: text('Id of the version that the run would follow.'),
      inputs: anyMap('Its inputs, defaults included; secrets are masked.'),
      timeout_seconds: seconds('If it took longer, it would be cancelled.'),
      jobs: list('PlannedJob', 'Each comes after all that it needs.'),
      run_as: text('Id of the subject whose rights it would have.'),
      permissions: list('PlannedPermission', 'What is needed, and whether it is held.'),
    },
    { concurrency: { $ref: '#/components/schemas/PlannedGroup' } },
  ),
  PlannedJob: object('A job of a plan.', {
    id: text('Id of the job.'),
    name: text('Its name; its id when it has none.'),
    needs: strings('Ids of the jobs that it waits for.'),
    starts_first: { type: 'boolean', description: 'It waits for no other.' },
  }),
  PlannedPermission: object('A permission that a run needs.', {
    permission: text('Its name.'),
    holder: choice(['caller', 'run'], 'Who needs it: whoever starts the run, or the run itself.'),
    held: { type: 'boolean', description: 'Whether they hold it.' },
    reason: text('Which role gives it, or which would.'),
  }),
  PlannedGroup: object('The concurrency group that the run would be of.', {
    group: text('Its name.'),
    limit: { type: 'integer', minimum: 1, description: 'Runs that may execute at the same time.' },
    executing: { type: 'integer', minimum: 0, description: 'Runs that execute now.' },
    cancels_others: {
      type: 'boolean',
      description: 'It would cancel the runs of the group that are older; whoever starts it may.',
    },
    position: text('Place in the queue, from 1; `0`: it would begin at once; `100+`: far behind.'),
  }),
  PipelineRun: object(
    'One run of a pipeline.',
    {
      id: text('Id of the run: a UUID that sorts by time.'),
      etag,
      ...place,
      env_ids: strings('Environments that the run is linked to.'),
      pipeline_id: text('Id of the pipeline.'),
      pipeline_version: text('Id of the version that the run follows.'),
      status: choice(
        ['queued', 'executing', 'succeeded', 'failed', 'cancelled'],
        'Where it stands; the last three never change.',
      ),
      status_message: text('Why it ended as it did.'),
      created_at: time('When it was created.'),
      created_by: text('Id of the subject that started it.'),
      timeout_seconds: seconds('A run that takes longer is cancelled.'),
      trigger: text('What started it.'),
      inputs: anyMap('Its inputs, defaults included.'),
      run_as: text('Id of the subject whose rights it has.'),
      waiting_for: textMap('Job id to what the job waits for.'),
    },
    {
      executing_at: time('When it began.'),
      cancellation_requested_at: time('When it was asked to stop.'),
      completed_at: time('When it was over.'),
      concurrency_group: text('Runs of one group exclude each other.'),
      outputs: anyMap('Outputs of the run, once it is over.'),
      restart_of: text('Id of the run that it was restarted from.'),
      people: textMap('Only of runs that are read: names of who started it and of whom it acts as, by id.'),
      called_by: object('The step of another run that called this one.', {
        app_id: text('Id of its app.'),
        pipeline_id: text('Id of its pipeline.'),
        run_id: text('Id of that run.'),
        job_id: text('Id of the job in it.'),
        step_index: { type: 'integer', minimum: 0, description: 'Place of the step in the job, from 0.' },
      }),
    },
  ),
  PipelineJobPartial: object('A job of a run.', job, {
    ...jobOptional,
    kept_on_restart: {
      type: 'boolean',
      description: 'Of a run that failed or was cancelled: whether a restart with `from: failed` keeps its results.',
    },
  }),
  PipelineJob: object(
    'A job of a run with its steps.',
    {
      ...job,
      steps: list('PipelineStep', 'The steps that began, in order.'),
      outputs: anyMap('Outputs of the job, once it is over.'),
    },
    jobOptional,
  ),
  PipelineStep: object(
    'A step of a job.',
    {
      index: { type: 'integer', minimum: 0, description: 'Place in the job, from 0.' },
      name: text('Its name, else its id, else the name of its action.'),
      uses: text('The action, as written.'),
      status: choice(
        ['pending', 'executing', 'succeeded', 'failed', 'cancelled', 'skipped'],
        'Where it stands; the last four never change.',
      ),
      status_message: text('Why it ended or was skipped.'),
      created_at: time('When it began.'),
      timeout_seconds: seconds('Its own time-out, or that of the job.'),
      related_entities: textMap('What it made or touched elsewhere.'),
    },
    { completed_at: time('When it ended.'), continued },
  ),
  PipelineStepLog: object('One line of the log of a step.', {
    at: time('When it was written.'),
    level: choice(['debug', 'info', 'warning', 'error'], 'How grave it is.'),
    message: text('What it says.'),
  }),
} as const satisfies Record<string, JsonSchema>;
