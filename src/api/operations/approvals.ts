import { signalRun } from '../../run/signal-run.ts';
import {
  type Approval,
  type ApprovalDecision,
  changeApproval,
  cursorOfApproval,
  getApproval as readApproval,
  listApprovals as readApprovals,
} from '../../store/approvals.ts';
import { getEnvironment } from '../../store/environments.ts';
import type { RunRecord } from '../../store/runs.ts';
import { readJsonObject } from '../body.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Call, Operation } from '../operation.ts';
import { renderApproval, replyEntity } from '../render/index.ts';
import { isRefusal, NOT_FOUND, type Refusal, type Reply, refuse } from '../reply.ts';

export const listApprovals =
  (dependencies: ApiDependencies): Operation<'listApprovals'> =>
  call => {
    const { pipeline, run, status } = call.query;
    const all = pipeline === undefined && run === undefined && status === undefined;
    const keep = (approval: Approval) =>
      (pipeline === undefined || pipeline.includes(approval.pipeline)) &&
      (run === undefined || run.includes(approval.run)) &&
      (status === undefined || status.includes(approval.status));
    return replyList(dependencies, call, {
      read: (limit, after) =>
        readApprovals(dependencies.table, call.params, { limit, ...(after === undefined ? {} : { after }) }),
      cursorOf: cursorOfApproval,
      ...(all ? {} : { keep }),
      render: approval => renderApproval(approval).text,
    });
  };

export const getApproval =
  ({ table }: ApiDependencies): Operation<'getApproval'> =>
  async ({ params }) => {
    const approval = await find(table, params);
    return approval === undefined ? NOT_FOUND : replyEntity(200, renderApproval(approval));
  };

export const approve =
  (dependencies: ApiDependencies): Operation<'approve'> =>
  call =>
    decide(dependencies, call, 'approved');

export const deny =
  (dependencies: ApiDependencies): Operation<'deny'> =>
  call =>
    decide(dependencies, call, 'denied');

const LONGEST_COMMENT = 1_000;

/** Of everybody who decides at the same time, the first to reach an outcome makes it; the others see it. */
async function decide(
  dependencies: ApiDependencies,
  call: Call<'approve' | 'deny'>,
  decision: ApprovalDecision['decision'],
): Promise<Reply | Refusal> {
  const { table, clock } = dependencies;
  const { caller, loaded, params } = call;
  const comment = readComment(call);
  if (isRefusal(comment)) return comment;
  const found = await find(table, params);
  if (found === undefined) return NOT_FOUND;
  const environment = await getEnvironment(table, loaded, found.envId);
  const { org, app } = loaded;
  // Without the environment nobody holds a role on its type: only those decide who need none.
  const resource = environment === undefined ? { org, app } : { org, app, envType: environment.type };
  const refused = call.judge('approvals.decide', resource);
  if (refused !== undefined) return refused;
  if (!found.allowSelf && startersOf(loaded).includes(caller.id)) {
    return refuse('FORBIDDEN', 'Not allowed: whoever started the run may not decide this approval; ask somebody else.');
  }
  call.audit({ approval: found.id, environment: found.envId });

  const at = clock.now();
  const now = await changeApproval(table, found, approval =>
    judge(approval, { by: caller.id, at, decision, ...comment }),
  );
  if (now === undefined) return NOT_FOUND;
  if (now.status === 'cancelled') {
    return refuse('APPROVAL_IS_CANCELLED', 'Nobody waits for this approval any more; its step has ended.');
  }
  // Also when somebody else decided: they may have died before they told the run.
  if (now.status !== 'waiting') await signalRun(dependencies, loaded);
  return replyEntity(200, renderApproval(now));
}

/** One who denies is enough; people are counted, not requests. Undefined: it changes nothing. */
function judge(
  { decisions, minApprovals }: Approval,
  decision: ApprovalDecision,
): Partial<Pick<Approval, 'status' | 'decisions'>> | undefined {
  const all = [...decisions, decision];
  if (decision.decision === 'denied') return { status: 'denied', decisions: all };
  if (decisions.some(({ by }) => by === decision.by)) return undefined;
  return all.length >= minApprovals ? { status: 'approved', decisions: all } : { decisions: all };
}

async function find(
  table: ApiDependencies['table'],
  params: Call<'getApproval'>['params'],
): Promise<Approval | undefined> {
  const found = await readApproval(table, { run: params.run, id: params.approval });
  // The run was loaded under the path's org and app, and an approval lies with its run.
  return found?.job === params.job ? found : undefined;
}

function readComment({ request }: Pick<Call<'approve' | 'deny'>, 'request'>): { readonly comment?: string } | Refusal {
  if (request.body === undefined || request.body.trim() === '') return {};
  const body = readJsonObject(request, [], ['comment']);
  if (isRefusal(body)) return body;
  const { comment } = body.value;
  if (comment === undefined || comment === '') return {};
  if (typeof comment !== 'string' || comment.length > LONGEST_COMMENT) {
    return refuse('INVALID_BODY', `'comment' is not a text of at most ${LONGEST_COMMENT} characters.`);
  }
  return { comment };
}

/** Whoever started it, and whoever started the first of the runs that led to it. */
const startersOf = ({ createdBy, calledBy }: RunRecord): readonly string[] =>
  calledBy === undefined ? [createdBy] : [createdBy, calledBy.startedBy];
