import { decide as mayDecide } from '../../access/decide.ts';
import type { Resource } from '../../access/roles.ts';
import type { JsonObject } from '../../json.ts';
import { signalRun } from '../../run/signal-run.ts';
import {
  type Approval,
  type ApprovalDecision,
  changeApproval,
  cursorOfApproval,
  listApprovalsOfRuns,
  getApproval as readApproval,
  listApprovals as readApprovals,
} from '../../store/approvals.ts';
import { type EnvironmentRecord, getEnvironment } from '../../store/environments.ts';
import { isOver, type RunRecord } from '../../store/runs.ts';
import { readRolesOf } from '../../store/subjects.ts';
import type { Caller } from '../authenticate.ts';
import { readJsonObject } from '../body.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import { createNames } from '../names.ts';
import type { ApiDependencies, Call, Operation } from '../operation.ts';
import { renderApproval, replyEntity, withMore } from '../render/index.ts';
import { isRefusal, NOT_FOUND, type Refusal, type Reply, refuse } from '../reply.ts';
import { holdsControls } from '../text-field.ts';

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
      read: async (limit, after) => {
        const options = { limit, ...(after === undefined ? {} : { after }) };
        const { table, log } = dependencies;
        const page =
          run === undefined
            ? await readApprovals(table, call.params, options, reportUnreadable(log))
            : await listApprovalsOfRuns(table, call.params, run, options, reportUnreadable(log));
        // They expire by the time-out of their run, perhaps after the id of a deleted app was free again.
        const own = page.records.filter(({ createdAt }) => createdAt >= call.loaded.createdAt);
        return own.length < page.records.length ? { records: own } : page;
      },
      cursorOf: cursorOfApproval,
      ...(all ? {} : { keep }),
      render: approval => renderApproval(approval).text,
    });
  };

/** With what a person wants to know before they decide; the etag is that of the approval. */
export const getApproval =
  (dependencies: ApiDependencies): Operation<'getApproval'> =>
  async ({ params, loaded: run, caller }) => {
    const { table } = dependencies;
    const approval = await find(table, params);
    if (approval === undefined) return NOT_FOUND;
    const entity = renderApproval(approval);
    const ids = [...startersOf(run), run.runAs, ...approval.decisions.map(({ by }) => by)];
    const waits = approval.status === 'waiting' && !isOver(run.status);
    const [people, next] = await Promise.all([
      createNames(dependencies)(ids),
      waits ? foretell(dependencies, run, approval, caller) : undefined,
    ]);
    return replyEntity(200, withMore(entity, { people, next }));
  };

/** Loaded when somebody looks: most requests do without. */
async function foretell(
  dependencies: ApiDependencies,
  run: RunRecord,
  approval: Approval,
  caller: Caller,
): Promise<JsonObject> {
  const { table } = dependencies;
  const [{ approvalNext }, environment] = await Promise.all([
    import('../approval-next/approval-next.ts'),
    getEnvironment(table, run, approval.envId),
  ]);
  const same = environment !== undefined && isSame(environment, approval);
  const { org, app } = run;
  const resource: Resource = same ? { org, app, envType: environment.type } : { org, app };
  const decision = mayDecide(caller.roles, 'approvals.decide', resource);
  const refused = decision.allowed
    ? refuseExcluded(approval, caller, startersOf(run))
    : refuse('FORBIDDEN', `Not allowed: ${decision.reason}.`);
  const shown = decision.allowed || same || refused === undefined ? refused : explain(refused, approval.envId);
  return {
    asked_by: startersOf(run).at(-1) ?? run.createdBy,
    run_as: run.runAs,
    ...(same ? { env_type: environment.type } : {}),
    may_decide: shown === undefined,
    ...(shown === undefined ? {} : { why_not: shown.message }),
    ...(await approvalNext(dependencies, run, approval, caller)),
  };
}

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
  const same = environment !== undefined && isSame(environment, found);
  // Without the environment nobody holds a role on its type: only those decide who need none.
  const resource: Resource = same ? { org, app, envType: environment.type } : { org, app };
  const refused = call.judge('approvals.decide', resource);
  if (refused !== undefined) return same || refused === NOT_FOUND ? refused : explain(refused, found.envId);
  const excluded = refuseExcluded(found, caller, startersOf(loaded));
  if (excluded !== undefined) return excluded;

  const mine: ApprovalDecision = { by: caller.id, at: clock.now(), decision, ...comment };
  const now = await changeApproval(table, found, approval => judge(table, approval, mine, resource));
  if (now === undefined) return NOT_FOUND;
  call.audit({ approval: found.id, environment: found.envId, decision, outcome: now.status });
  // Somebody else came to an outcome before, or this is a repetition: nothing was changed, so there is nothing to record.
  if (!now.decisions.includes(mine)) call.changedNothing();
  if (now.status === 'cancelled') {
    return refuse('APPROVAL_IS_CANCELLED', 'Nobody waits for this approval any more; its step has ended.');
  }
  // Also when somebody else decided: they may have died before they told the run.
  if (now.status !== 'waiting') await signalRun(dependencies, loaded);
  return replyEntity(200, renderApproval(now));
}

/** An approval that was asked for before this was kept is about whatever environment has the id. */
const isSame = (now: EnvironmentRecord, { environment: then }: Approval): boolean =>
  then === undefined || (then.type === now.type && then.createdAt === now.createdAt);

const explain = (refusal: Refusal, envId: string): Refusal => ({
  ...refusal,
  message: `${refusal.message} Environment '${envId}' is not the one any more that the approval was asked for, so only administrators of the org decide.`,
});

/** Where it matters who decides, robots do not count: one person may have many. */
function refuseExcluded(
  { minApprovals, allowSelf }: Approval,
  caller: Caller,
  starters: readonly string[],
): Refusal | undefined {
  if (!allowSelf && starters.includes(caller.id)) {
    return refuse('FORBIDDEN', 'Not allowed: whoever started the run may not decide this approval; ask somebody else.');
  }
  if (caller.type !== 'service' || (allowSelf && minApprovals === 1)) return undefined;
  return refuse(
    'FORBIDDEN',
    'Not allowed: this approval asks for several people, or for somebody else than who started the run, so service users do not decide it.',
  );
}

/**
 * One who denies is enough; people are counted, not requests. With the last approval that is needed, those before it are
 * judged by the roles of now, and who lost the right does not count. Undefined: it changes nothing.
 */
async function judge(
  table: ApiDependencies['table'],
  { decisions, minApprovals }: Approval,
  mine: ApprovalDecision,
  resource: Resource,
): Promise<Partial<Pick<Approval, 'status' | 'decisions'>> | undefined> {
  if (mine.decision === 'denied') return { status: 'denied', decisions: [...decisions, mine] };
  const others = decisions.filter(({ by }) => by !== mine.by);
  if (others.length + 1 >= minApprovals) {
    const roles = await Promise.all(others.map(({ by }) => readRolesOf(table, by)));
    const counting = others.filter((_, index) => mayDecide(roles[index] ?? [], 'approvals.decide', resource).allowed);
    if (counting.length + 1 >= minApprovals) return { status: 'approved', decisions: [...counting, mine] };
  }
  return others.length < decisions.length ? undefined : { decisions: [...decisions, mine] };
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
  if (holdsControls(comment)) {
    return refuse('INVALID_BODY', "'comment' holds a control character other than a new line or a tab.");
  }
  return { comment };
}

/** Whoever started it, and whoever started the first of the runs that led to it. */
const startersOf = ({ createdBy, calledBy }: RunRecord): readonly string[] =>
  calledBy === undefined ? [createdBy] : [createdBy, calledBy.startedBy];
