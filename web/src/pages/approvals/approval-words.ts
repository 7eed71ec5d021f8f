import type { ApprovalRequest } from '../../api/types.ts';
import { type Place, pathTo } from '../../app/place.ts';

/** How many of those that are needed. */
export function approvedSoFar({ decisions, min_approvals: needed }: ApprovalRequest): string {
  return `${approvals({ decisions })} of ${needed}`;
}

export const approvals = ({ decisions }: Pick<ApprovalRequest, 'decisions'>): number =>
  decisions.filter(({ decision }) => decision === 'approved').length;

export const toApproval = (place: Place, { pipeline_id, run_id, job_id, id }: ApprovalRequest): string =>
  pathTo.approval(place, { pipeline: pipeline_id, run: run_id, job: job_id, id });
