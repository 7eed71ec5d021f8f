import type { Approval } from '../../store/approvals.ts';
import { formatTime } from '../time.ts';
import { type Entity, makeEntity } from './entity.ts';

/** `approved_by` is who decided last, whatever they said: the name is Humanitec's. */
export function renderApproval(approval: Approval): Entity {
  const { status, decisions } = approval;
  const last = status === 'approved' || status === 'denied' ? decisions.at(-1) : undefined;
  return makeEntity(
    JSON.stringify({
      id: approval.id,
      org_id: approval.org,
      app_id: approval.app,
      pipeline_id: approval.pipeline,
      run_id: approval.run,
      job_id: approval.job,
      env_id: approval.envId,
      message: approval.message,
      min_approvals: approval.minApprovals,
      allow_self: approval.allowSelf,
      created_at: formatTime(approval.createdAt),
      status,
      approved_by: last?.by,
      approved_at: last === undefined ? undefined : formatTime(last.at),
      comment: last?.comment,
      decisions: decisions.map(({ by, at, decision, comment }) => ({ by, at: formatTime(at), decision, comment })),
    }),
  );
}
