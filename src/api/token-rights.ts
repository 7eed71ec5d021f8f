import type { HeldRole } from '../access/roles.ts';
import { readRoles, readSubject, type SubjectRecord } from '../store/subjects.ts';
import type { Caller } from './authenticate.ts';
import { refuseGrant } from './granting.ts';
import type { ApiDependencies, Call } from './operation.ts';
import { NOT_FOUND, type Refusal, refuse } from './reply.ts';
import { formatTime } from './time.ts';

type TokensCall = Pick<Call<'listTokens'>, 'caller' | 'params' | 'judge' | 'audit'>;

/** Milliseconds. */
const YEAR = 366 * 86_400_000;

/**
 * Whose tokens the path is about. A token is all that its user may do, in every org: so, beside the user, only somebody
 * may look after them who could give all these roles, and for people (not service users) only who administrates every org
 * that they are in. Who shares no org with a subject does not learn that it exists.
 */
export async function enterTokens(
  { table }: Pick<ApiDependencies, 'table'>,
  { caller, params, judge, audit }: TokensCall,
): Promise<SubjectRecord | Refusal> {
  const subject = await readSubject(table, params.user);
  if (subject === undefined || (subject.type !== 'user' && subject.type !== 'service')) return NOT_FOUND;
  const roles = await readRoles(table, subject);
  const orgs = orgsOf(roles);
  if (subject.id === caller.id) {
    audit({ subject: subject.id }, orgs);
    return subject;
  }
  const shared = orgs.filter(org => orgsOf(caller.roles).includes(org));
  if (shared.length === 0) return NOT_FOUND;
  // An org of the other alone must not be named in the log of this one, nor learn of it here.
  audit({ subject: subject.id }, shared);
  for (const org of shared) {
    const refused = judge('tokens.manage', { org });
    if (refused !== undefined) return refused;
  }
  if (shared.length < orgs.length) {
    return refuse('FORBIDDEN', 'Not allowed: only the user looks after the tokens of this one.');
  }
  if (subject.type === 'user' && !isAdministratorOf(caller, orgs)) {
    return refuse('FORBIDDEN', "Not allowed: tokens of a person are the person's own, and the administrators'.");
  }
  return refuseGrant(caller, roles) ?? subject;
}

/**
 * A token that outlives everybody who could know of it is an administrator's decision. And whoever got hold of a token does
 * not make it last by making another one with it.
 */
export function refuseLife(
  caller: Caller,
  subject: SubjectRecord,
  expiresAt: number | null,
  now: number,
): Refusal | undefined {
  if (expiresAt !== null && expiresAt <= now) {
    return refuse('INVALID_BODY', "Body: 'expires_at' is in the past.");
  }
  const end = caller.tokenExpiresAt;
  if (end !== undefined && (expiresAt === null || expiresAt > end)) {
    return refuse(
      'FORBIDDEN',
      `Not allowed: a token does not outlive the one that it is made with, which ends at ${formatTime(end)}; give an expires_at up to then.`,
    );
  }
  if (expiresAt !== null && expiresAt <= now + YEAR) return undefined;
  if (isAdministratorOf(caller, orgsOf(subject.roles))) return undefined;
  return refuse(
    'FORBIDDEN',
    'Not allowed: only an administrator makes a token that never ends or lasts more than a year; give an earlier expires_at.',
  );
}

const orgsOf = (roles: readonly HeldRole[]): readonly string[] => [
  ...new Set(roles.flatMap(role => (role.scope === 'org' ? [role.org] : []))),
];

function isAdministratorOf(caller: Caller, orgs: readonly string[]): boolean {
  return orgs.every(org =>
    caller.roles.some(role => role.scope === 'org' && role.org === org && role.role === 'administrator'),
  );
}
