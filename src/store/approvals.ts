import type { Condition, Cursor, Item, Page, Table, Value } from '../ports/table.ts';
import { cut, MESSAGE_BYTES } from './cut.ts';
import {
  fail,
  isMap,
  list,
  Malformed,
  number,
  oneOf,
  optionalNumber,
  optionalText,
  readable,
  text,
  type Unreadable,
} from './fields.ts';
import { APPROVAL_PREFIX, type AppPath, approvalKey, approvalPosition, approvalsOfApp } from './keys.ts';
import type { Listed } from './listed.ts';

export const APPROVAL_STATUSES = ['waiting', 'approved', 'denied', 'cancelled'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** What one person said, in the order in which it was said. */
export type ApprovalDecision = {
  readonly by: string;
  readonly at: number;
  readonly decision: 'approved' | 'denied';
  readonly comment?: string;
};

export type Approval = {
  readonly org: string;
  readonly app: string;
  readonly pipeline: string;
  readonly run: string;
  /** Id of the job in its definition. */
  readonly job: string;
  readonly id: string;
  readonly envId: string;
  /** The environment as it was when the approval was asked for: another one of this id may be of another type. */
  readonly environment?: { readonly type: string; readonly createdAt: number };
  readonly message: string;
  readonly minApprovals: number;
  /** May the one who started the run decide? */
  readonly allowSelf: boolean;
  readonly createdAt: number;
  readonly status: ApprovalStatus;
  readonly decisions: readonly ApprovalDecision[];
  /** Seconds since the epoch: when the item may vanish. */
  readonly expiresAt: number;
};

export type ApprovalPath = Pick<Approval, 'run' | 'id'>;

export type NewApproval = Omit<Approval, 'status' | 'decisions'>;

/** A stored approval and the number of its revision, which a change names. */
type Standing = { readonly approval: Approval; readonly rev: number };

/** Asks once: where the approval stands already, it is answered as it is now; cancelled, where it may not be asked for. */
export async function putApproval(table: Table, approval: NewApproval): Promise<Approval> {
  const item: Item = {
    ...approvalKey(approval.run, approval.id),
    gsi1pk: approvalsOfApp(approval),
    gsi1sk: approvalPosition(approval.createdAt, approval.run, approval.id),
    org: approval.org,
    app: approval.app,
    pipeline: approval.pipeline,
    job: approval.job,
    env_id: approval.envId,
    ...(approval.environment === undefined
      ? {}
      : { env_type: approval.environment.type, env_created_at: approval.environment.createdAt }),
    message: cut(approval.message, MESSAGE_BYTES),
    min_approvals: approval.minApprovals,
    allow_self: approval.allowSelf,
    created_at: approval.createdAt,
    status: 'waiting',
    decisions: [],
    rev: 1,
    expires_at: approval.expiresAt,
  };
  const written = await table.write({ put: item, when: ABSENT });
  const standing = written.done ? item : (written.item ?? item);
  return isForbidden(standing) ? { ...approval, status: 'cancelled', decisions: [] } : approvalOfItem(standing);
}

/** From now on nobody asks for it, whoever is about to. False: it was asked for already. */
export async function forbidApproval(
  table: Table,
  { run, id, expiresAt }: Pick<Approval, 'run' | 'id' | 'expiresAt'>,
): Promise<boolean> {
  const item: Item = { ...approvalKey(run, id), forbidden: true, expires_at: expiresAt };
  const written = await table.write({ put: item, when: ABSENT });
  return written.done || (written.item !== undefined && isForbidden(written.item));
}

const ABSENT: Condition = [[{ name: 'pk', is: 'absent' }]];

const isForbidden = (item: Item): boolean => item.forbidden === true;

export async function getApproval(table: Table, path: ApprovalPath): Promise<Approval | undefined> {
  return (await readStanding(table, path))?.approval;
}

/** Nobody has to decide any more. What was decided before stays. Undefined: there is no such approval. */
export function cancelApproval(table: Table, path: ApprovalPath): Promise<Approval | undefined> {
  return changeApproval(table, path, () => ({ status: 'cancelled' }));
}

type Change = Partial<Pick<Approval, 'status' | 'decisions'>>;

/**
 * Judges the approval as it stands and writes what `judge` says, if nobody wrote in between; else judges again. Only
 * an approval that waits is changed: its outcome never is.
 */
export async function changeApproval(
  table: Table,
  path: ApprovalPath,
  judge: (approval: Approval) => Promise<Change | undefined> | Change | undefined,
): Promise<Approval | undefined> {
  let standing = await readStanding(table, path);
  while (standing !== undefined) {
    const { approval, rev } = standing;
    const change: Change | undefined = approval.status === 'waiting' ? await judge(approval) : undefined;
    if (change === undefined) return approval;
    const written = await table.write({
      update: approvalKey(path.run, path.id),
      set: {
        ...(change.status === undefined ? {} : { status: change.status }),
        ...(change.decisions === undefined ? {} : { decisions: change.decisions }),
        rev: rev + 1,
      },
      when: [[{ name: 'rev', is: '=', value: rev }]],
    });
    if (written.done) return { ...approval, ...change };
    standing = written.item === undefined ? undefined : standingOf(written.item);
  }
  return undefined;
}

export async function approvalsOfRun(
  table: Table,
  run: string,
  unreadable: Unreadable = fail,
): Promise<readonly Approval[]> {
  const page = await table.query({ pk: approvalKey(run, '').pk, prefix: APPROVAL_PREFIX, consistent: true });
  return readAll(page.items, unreadable);
}

const readAll = (items: readonly (Item | undefined)[], unreadable: Unreadable): readonly Approval[] =>
  items.flatMap(item =>
    item === undefined || isForbidden(item) ? [] : (readable(item, approvalOfItem, unreadable) ?? []),
  );

/** Newest first. */
export async function listApprovals(
  table: Table,
  path: AppPath,
  options: { readonly limit: number; readonly after?: Cursor },
  unreadable: Unreadable,
): Promise<Listed<Approval>> {
  const page: Page = await table.query({ index: 'gsi1', pk: approvalsOfApp(path), reverse: true, ...options });
  const found = await table.getMany(
    page.items.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: true },
  );
  const records = readAll(found, unreadable);
  return page.next === undefined ? { records } : { records, next: page.next };
}

/** The same of some runs: each is one query, whatever else the app has. */
export async function listApprovalsOfRuns(
  table: Table,
  path: AppPath,
  runs: readonly string[],
  { limit, after }: { readonly limit: number; readonly after?: Cursor },
  unreadable: Unreadable,
): Promise<Listed<Approval>> {
  const found = await Promise.all([...new Set(runs)].map(run => approvalsOfRun(table, run, unreadable)));
  const below = after?.gsi1sk;
  const all = found
    .flat()
    // Whoever knows the id of a run may not read it.
    .filter(({ org, app }) => org === path.org && app === path.app)
    .map(approval => ({ approval, at: approvalPosition(approval.createdAt, approval.run, approval.id) }))
    .filter(({ at }) => below === undefined || at < below)
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const records = all.slice(0, limit).map(({ approval }) => approval);
  const last = records.at(-1);
  return last === undefined || all.length <= limit ? { records } : { records, next: cursorOfApproval(last) };
}

/** Where the list goes on behind this one. */
export const cursorOfApproval = (approval: Approval): Cursor => ({
  ...approvalKey(approval.run, approval.id),
  gsi1pk: approvalsOfApp(approval),
  gsi1sk: approvalPosition(approval.createdAt, approval.run, approval.id),
});

async function readStanding(table: Table, path: ApprovalPath): Promise<Standing | undefined> {
  const item = await table.get(approvalKey(path.run, path.id), { consistent: true });
  return item === undefined || isForbidden(item) ? undefined : standingOf(item);
}

const standingOf = (item: Item): Standing => ({ approval: approvalOfItem(item), rev: number(item, 'rev') });

function approvalOfItem(item: Item): Approval {
  const type = optionalText(item, 'env_type');
  return {
    org: text(item, 'org'),
    app: text(item, 'app'),
    pipeline: text(item, 'pipeline'),
    run: item.pk.slice('RUN#'.length),
    job: text(item, 'job'),
    id: item.sk.slice(APPROVAL_PREFIX.length),
    envId: text(item, 'env_id'),
    ...(type === undefined ? {} : { environment: { type, createdAt: number(item, 'env_created_at') } }),
    message: text(item, 'message'),
    minApprovals: number(item, 'min_approvals'),
    allowSelf: item.allow_self === true,
    createdAt: number(item, 'created_at'),
    status: oneOf(item, 'status', APPROVAL_STATUSES),
    decisions: list(item, 'decisions').map(value => decisionOf(item, value)),
    expiresAt: optionalNumber(item, 'expires_at') ?? 0,
  };
}

function decisionOf(item: Item, value: Value): ApprovalDecision {
  if (!isMap(value)) throw new Malformed(`item ${item.pk} / ${item.sk}: a decision should be a map`);
  // Read as an item of its own, with the key of the whole, so that a report says where it is.
  const entry: Item = { ...value, pk: item.pk, sk: item.sk };
  const comment = optionalText(entry, 'comment');
  return {
    by: text(entry, 'by'),
    at: number(entry, 'at'),
    decision: oneOf(entry, 'decision', ['approved', 'denied']),
    ...(comment === undefined ? {} : { comment }),
  };
}
