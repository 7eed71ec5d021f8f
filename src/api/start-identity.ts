import { type Judgement, judgeDelegation, judgeServiceUser, PIPELINES_SYSTEM_USER } from '../access/identity.ts';
import type { HeldRole } from '../access/roles.ts';
import type { Permissions, Pipeline } from '../language/pipeline.ts';
import type { Table } from '../ports/table.ts';
import type { AppPath } from '../store/keys.ts';
import { readRolesOf } from '../store/subjects.ts';
import { assertNever } from './assert-never.ts';
import type { Caller } from './authenticate.ts';
import type { ApiDependencies } from './operation.ts';
import { type Refusal, refuse } from './reply.ts';

type Reader = Pick<ApiDependencies, 'table'>;

/**
 * Who a new run acts as. What its version delegates is judged anew, against the roles that the version's author has now:
 * who lost a role since lends it to nobody. Nothing is read for a run that acts as whoever starts it.
 */
export async function startIdentity(
  { table }: Reader,
  pipeline: Pipeline,
  author: string,
  caller: Caller,
  path: AppPath,
): Promise<{ readonly runAs: string } | Refusal> {
  const { permissions } = pipeline;
  if (permissions === undefined || permissions.kind === 'inherit') return { runAs: caller.id };
  const roles = author === caller.id ? Promise.resolve(caller.roles) : readRolesOf(table, author);
  const judgement = await judge(table, permissions, roles, path);
  if (judgement.ok) return { runAs: permissions.kind === 'service-user' ? permissions.id : PIPELINES_SYSTEM_USER };
  return refuse(
    'FORBIDDEN',
    `Not allowed: the author of this version, '${author}', lacks what it lends to its runs (${judgement.reason}). Somebody who holds it has to save the pipeline.`,
  );
}

/** Whoever saves a definition lends its runs nothing that they do not hold. Judged on the whole definition, not on the change. */
export async function judgeAuthor(
  { table }: Reader,
  pipeline: Pipeline,
  caller: Caller,
  path: AppPath,
): Promise<Refusal | undefined> {
  const { permissions } = pipeline;
  if (permissions === undefined) return undefined;
  const judgement = await judge(table, permissions, Promise.resolve(caller.roles), path);
  if (judgement.ok) return undefined;
  return refuse(
    'FORBIDDEN',
    `Not allowed: 'permissions' lends to runs what you lack (${judgement.reason}). Remove it there, or let somebody save the pipeline who holds it.`,
  );
}

async function judge(
  table: Table,
  permissions: Permissions,
  author: Promise<readonly HeldRole[]>,
  { org, app }: AppPath,
): Promise<Judgement> {
  switch (permissions.kind) {
    case 'inherit':
      return { ok: true };
    case 'delegated':
      return judgeDelegation(await author, permissions, org, app);
    case 'service-user': {
      const { id } = permissions;
      const [held, roles] = await Promise.all([author, readRolesOf(table, id)]);
      return judgeServiceUser(held, { id, roles }, org);
    }
    default:
      return assertNever(permissions);
  }
}
