import { putAuditEntry } from '../store/audit.ts';
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
): RunEnvironment['may'] {
  return async (permission, resource, stepId) => {
    const { allowed, reason } = await identity.may(permission, resource);
    if (allowed) return { allowed, reason };
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
      details: { step: stepId },
    });
    return { allowed, reason };
  };
}
