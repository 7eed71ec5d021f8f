import type { JsonSchema } from '../../json.ts';
import { choice, etag, list, object, place, text, time } from './shapes.ts';

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
    },
  ),
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
