import { timingSafeEqual } from 'node:crypto';
import type { HeldRole } from '../access/roles.ts';
import type { Table } from '../ports/table.ts';
import { readSubject, type SubjectRecord, type SubjectType } from '../store/subjects.ts';
import { type Refusal, refuse } from './reply.ts';
import { hashToken, subjectOfToken } from './tokens.ts';

/** Who calls, as one read found them. */
export type Caller = { readonly id: string; readonly type: SubjectType; readonly roles: readonly HeldRole[] };

/** Recognises one kind of credentials. Undefined: the request carries none of this kind; the next verifier is asked. */
export type Verifier = (headers: Readonly<Record<string, string>>) => Promise<Caller | Refusal> | undefined;

/** The first verifier that knows the credentials decides. */
export async function authenticate(
  verifiers: readonly Verifier[],
  headers: Readonly<Record<string, string>>,
): Promise<Caller | Refusal> {
  for (const verify of verifiers) {
    const verdict = verify(headers);
    if (verdict !== undefined) return verdict;
  }
  return refuse('UNAUTHENTICATED', 'Send a token: Authorization: Bearer pcl_….', {
    headers: { 'www-authenticate': 'Bearer realm="pipecall"' },
  });
}

const BEARER = /^bearer +(\S+) *$/i;

/** Tokens of this product. Nothing is remembered between requests: a deleted token or role ends with the next one. */
export function bearerTokens(table: Table, now: () => number, subjectOf = subjectOfToken): Verifier {
  return headers => {
    const token = BEARER.exec(headers.authorization ?? '')?.[1];
    return token === undefined ? undefined : verifyToken(table, now, token, subjectOf(token));
  };
}

async function verifyToken(
  table: Table,
  now: () => number,
  token: string,
  id: string | undefined,
): Promise<Caller | Refusal> {
  const subject = id === undefined ? undefined : await readSubject(table, id);
  if (subject === undefined) return badToken('The token is not known.');
  const kept = findToken(subject, hashToken(token));
  if (kept === undefined) return badToken('The token is not known.');
  if (kept.expiresAt !== undefined && kept.expiresAt <= now())
    return badToken('The token has expired; ask for a new one.');
  const roles = Array.from(subject.orgRoles, ([org, role]) => ({ scope: 'org' as const, org, role }));
  return { id: subject.id, type: subject.type, roles };
}

/** Looks at every token in constant time each, so that an answer's time tells nothing about the hashes that are kept. */
function findToken(subject: SubjectRecord, hash: string): { readonly expiresAt?: number } | undefined {
  const wanted = Buffer.from(hash);
  let found: { readonly expiresAt?: number } | undefined;
  for (const [kept, life] of subject.tokens) {
    const candidate = Buffer.from(kept);
    if (candidate.length === wanted.length && timingSafeEqual(candidate, wanted)) found = life;
  }
  return found;
}

function badToken(message: string): Refusal {
  return refuse('UNAUTHENTICATED', message, {
    headers: { 'www-authenticate': 'Bearer realm="pipecall", error="invalid_token"' },
  });
}
