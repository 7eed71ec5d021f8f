import type { Permission } from '../access/permissions.ts';
import { type AuditDetails, putAuditEntry } from '../store/audit.ts';
import type { RunRecord } from '../store/runs.ts';
import type { RunEnvironment } from './environment.ts';
import type { RunIdentity } from './identity.ts';
import type { RunJobs } from './invocation.ts';
import type { Redactor } from './redactor.ts';

/** What a step may do, judged when it asks. What it may not is recorded, as a refused request is. */
export function createStepRights(
  { table, clock, ids }: RunJobs,
  run: RunRecord,
  identity: RunIdentity,
  { text }: Redactor,
): Pick<RunEnvironment, 'may' | 'noteRefusal'> {
  const note = async (permission: Permission, reason: string, details: AuditDetails): Promise<void> => {
    await putAuditEntry(table, {
      org: run.org,
      id: ids.ordered(),
      at: clock.now(),
      actor: run.runAs,
      action: 'runStep',
      permission,
      method: 'RUN',
      resource: `/orgs/${run.org}/apps/${run.app}/pipelines/${run.pipeline}/runs/${run.run}`,
      decision: 'refused',
      // It names what a step asked for, which an expression may have made.
      reason: text(reason),
      status: 403,
      details,
    });
  };
  return {
    async may(permission, resource, stepId) {
      const { allowed, reason } = await identity.may(permission, resource);
      if (!allowed) await note(permission, reason, { step: stepId });
      return { allowed, reason };
    },
    noteRefusal: (reason, part) => note('values.open', reason, part),
  };
}
