import type { JsonSchema } from '../../json.ts';
import { anyMap, choice, etag, list, object, place, strings, text, textMap, time } from './shapes.ts';

const condition = {
  condition: text('The condition `if`, as written. Absent: it goes on when all before it went well.'),
  skipped: { type: 'boolean', description: 'The condition is known to be false.' },
} as const;

export const approvalsSchemas = {
  ApprovalRequest: object(
    'An approval that a step asked for.',
    {
      id: text('Id of the approval.'),
      etag,
      ...place,
      pipeline_id: text('Id of the pipeline.'),
      run_id: text('Id of the run that waits.'),
      job_id: text('Id of the job that waits.'),
      env_id: text('Environment whose deployers may decide.'),
      message: text('What is to be approved.'),
      min_approvals: { type: 'integer', minimum: 1, description: 'So many people have to approve.' },
      allow_self: { type: 'boolean', description: 'Whether the one who started the run may decide.' },
      created_at: time('When it was asked for.'),
      status: choice(['waiting', 'approved', 'denied', 'cancelled'], 'Where it stands; the last three never change.'),
      decisions: list('ApprovalDecision', 'What people said, in order.'),
    },
    {
      approved_by: text('Id of the user whose decision made the outcome, be it approved or denied.'),
      approved_at: time('When that was.'),
      comment: text('What they wrote with it.'),
      people: textMap('Only of one approval that is read: names of who started the run and of who decided, by id.'),
      next: {
        $ref: '#/components/schemas/ApprovalNext',
        description: 'Only of one approval that is read, and that waits: what goes on when it is given.',
      },
    },
  ),
  ApprovalNext: object(
    'What an approval is about, as it stands now.',
    {
      asked_by: text('Id of who started the run.'),
      run_as: text('Id of the subject whose rights the run has.'),
      inputs: anyMap('The inputs of the run; secrets are masked.'),
      job: object('The job that waits.', { id: text('Its id.'), name: text('Its name.') }),
      on_timeout: text('What happens when nobody decides in time: the step fails (`fail`), or goes on (`approve`).'),
      may_decide: { type: 'boolean', description: 'Whether the caller may decide now.' },
      steps: list('ApprovalNextStep', 'The steps of the job that did not begin, in order.'),
      jobs: list(
        'ApprovalNextJob',
        'Jobs that wait for this one, directly or through others; needs before dependants.',
      ),
      more_steps: { type: 'integer', minimum: 0, description: 'So many steps are not told, for there are too many.' },
    },
    {
      env_type: text('Type of the environment. Absent: it is not the one any more that the approval was asked for.'),
      until: time('Until when it waits.'),
      why_not: text('Why the caller may not decide.'),
    },
  ),
  ApprovalNextJob: object(
    'A job that goes on when an approval is given.',
    {
      id: text('Its id.'),
      name: text('Its name; its id when it has none.'),
      needs: strings('Ids of the jobs that it waits for.'),
      steps: list('ApprovalNextStep', 'Its steps, in order.'),
    },
    condition,
  ),
  ApprovalNextStep: object(
    'A step that goes on when an approval is given.',
    {
      index: { type: 'integer', minimum: 0, description: 'Place in the job, from 0.' },
      name: text('Its name, with expressions in it that are not known yet.'),
      uses: text('The action, as written.'),
      inputs: list('ApprovalNextInput', 'What the action is called with.'),
    },
    condition,
  ),
  ApprovalNextInput: object('An input of a step that did not begin.', {
    name: text('Its name.'),
    value: { description: 'Its value; where that is not known yet, or secret, the expression. A long one is cut.' },
    known: { type: 'boolean', description: 'Whether all of it is known.' },
  }),
  ApprovalDecision: object(
    'What one person said.',
    {
      by: text('Id of the user.'),
      at: time('When.'),
      decision: choice(['approved', 'denied'], 'What they said.'),
    },
    { comment: text('What they wrote with it.') },
  ),
  ApprovalDecisionRequest: object('What goes with a decision.', {}, { comment: text('For those who read it later.') }),
} as const satisfies Record<string, JsonSchema>;
