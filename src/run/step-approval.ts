import { createHash } from 'node:crypto';
import type { ApprovalView, StepApproval } from '../actions/action.ts';
import type { Table } from '../ports/table.ts';
import { type Approval, changeApproval, forbidApproval, getApproval, putApproval } from '../store/approvals.ts';
import { getEnvironment } from '../store/environments.ts';
import { getName } from '../store/subjects.ts';
import type { RunEnvironment } from './environment.ts';
import { approvalEvent } from './status-events.ts';

/** The approval that one attempt of one step asks for. */
export function createStepApproval(table: Table, env: RunEnvironment, job: string, stepId: string): StepApproval {
  const { run, clock } = env;
  const path = { run: run.run, id: approvalId(stepId) };
  const told = async (approval: Approval): Promise<ApprovalView> => {
    await env.tell?.([approvalEvent(run, approval)]);
    return viewOf(table, env, approval);
  };
  return {
    async request({ envId, message, minApprovals, allowSelf }) {
      const environment = await getEnvironment(table, run, envId);
      if (environment === undefined) return undefined;
      env.envIds.add(envId);
      const asked = await putApproval(table, {
        org: run.org,
        app: run.app,
        pipeline: run.pipeline,
        ...path,
        job,
        envId,
        environment: { type: environment.type, createdAt: environment.createdAt },
        message: env.redactor.text(message),
        minApprovals,
        allowSelf,
        createdAt: clock.now(),
        expiresAt: env.expiresAt,
      });
      return told(asked);
    },
    async look() {
      const approval = await getApproval(table, path);
      if (approval === undefined) throw new Error(`approval ${path.id} of step ${stepId} is gone`);
      env.envIds.add(approval.envId);
      return approval.status === 'waiting' ? viewOf(table, env, approval) : told(approval);
    },
    async close(as) {
      const change = () => changeApproval(table, path, () => ({ status: as }));
      let closed = await change();
      // An invocation that was cut off may be about to ask for it.
      const isAbsent = closed === undefined && as === 'cancelled';
      if (isAbsent && !(await forbidApproval(table, { ...path, expiresAt: env.expiresAt }))) closed = await change();
      return closed === undefined ? undefined : told(closed);
    },
  };
}

/** The same for the same attempt, whoever asks again after a crash. A UUID of version 8 (RFC 9562, section 5.8). */
export function approvalId(stepId: string): string {
  const hash = createHash('sha256').update(`approval ${stepId}`).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

async function viewOf(
  table: Table,
  { report }: Pick<RunEnvironment, 'report'>,
  { id, status, createdAt, decisions }: Approval,
): Promise<ApprovalView> {
  const counting = decisions.filter(({ decision }) => decision === (status === 'denied' ? 'denied' : 'approved'));
  const denied = status === 'denied' ? counting[0]?.by : undefined;
  // People who read why a run failed may not be allowed to look up ids; but a run does not wait for the mending of a name.
  const name = denied && (await getName(table, denied, error => report('a name cannot be read', error)));
  return {
    id,
    status,
    askedAt: createdAt,
    decidedBy: counting.map(({ by }) => by),
    ...(denied === undefined ? {} : { deniedBy: name ?? denied }),
    comment: counting
      .map(({ comment }) => comment ?? '')
      .filter(comment => comment !== '')
      .join('\n'),
  };
}
