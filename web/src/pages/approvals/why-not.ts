import { covers } from '../../api/covers.ts';
import type { ApprovalRequest, CurrentUser, HeldPermission } from '../../api/types.ts';

/** Why somebody may not decide, in words that name what is missing and who may. */
export type WhyNot = { readonly reason: string; readonly who: string };

/** Undefined: they may, or there is nothing to decide. `held`: what they may do in the org. */
export function whyNot(
  { org_id: org, app_id: app, env_id: env, allow_self, next }: ApprovalRequest,
  me: Pick<CurrentUser, 'id' | 'type'> | undefined,
  held: readonly HeldPermission[],
): WhyNot | undefined {
  if (next?.why_not === undefined) return undefined;
  const { env_type: envType } = next;
  const administrators = `an administrator of the org ‘${org}’`;
  if (envType === undefined) {
    const reason = `The environment ‘${env}’ was deleted, or made anew, since this was asked.`;
    return { reason, who: `Only ${administrators} may decide now.` };
  }
  const deployer = `a deployer of environments of the type ‘${envType}’`;
  const who = `Whoever is an owner or a developer of the app ‘${app}’ and also ${deployer} may decide, and so may ${administrators}.`;
  // Whoever sees this may read runs: the rights could not be read, and the server knows them.
  if (held.length === 0) return { reason: next.why_not, who };
  if (covers(held, 'approvals.decide', { org, app, envType })) {
    if (!allow_self && next.asked_by === me?.id) {
      return { reason: 'You started this run, and this approval asks for somebody else than who did.', who };
    }
    if (me?.type === 'service') return { reason: 'You are a service user, and this approval asks for people.', who };
    // Of a newer server, or the rights have changed since they were read.
    return { reason: next.why_not, who };
  }
  // Who may start runs has a role of the app that is enough.
  if (covers(held, 'runs.start', { org, app })) return { reason: `You are not ${deployer}.`, who };
  return { reason: `You may only look at the app ‘${app}’.`, who };
}
