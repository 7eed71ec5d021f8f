import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type { HeldRole } from '../access/roles.ts';
import type { Table } from '../ports/table.ts';
import { readRoles, readSubject, type SubjectRecord, type SubjectType } from '../store/subjects.ts';
import { type TokenRecord, touchToken } from '../store/tokens.ts';
import { describeError, type Log } from './log.ts';
import { type Refusal, refuse } from './reply.ts';
import { hashToken, subjectOfToken } from './tokens.ts';

/** Who calls, as the table said when the request came. */
export type Caller = {
  readonly id: string;
  readonly type: SubjectType;
  /** Its own and those of its groups. */
  readonly roles: readonly HeldRole[];
  /** When the token that came with the request ends: milliseconds since the epoch. Absent: never. */
  readonly tokenExpiresAt?: number;
  /** Resolves when the use of the token is noted (or that failed and was logged). Answers wait for it. */
  readonly noted?: Promise<void>;
};

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

/** Milliseconds that the time of a token's last use may be behind. */
const LAST_USE_PRECISION = 3_600_000;

export type TokenDependencies = {
  readonly table: Table;
  readonly now: () => number;
  /** Of the hashes of tokens. */
  readonly key: KeyObject;
  readonly log: Log;
  readonly subjectOf?: ((token: string) => string | undefined) | undefined;
};

/** Tokens of this product. Nothing is remembered between requests: a deleted token or role ends with the next one. */
export function bearerTokens(dependencies: TokenDependencies): Verifier {
  const { subjectOf = subjectOfToken } = dependencies;
  return headers => {
    const token = BEARER.exec(headers.authorization ?? '')?.[1];
    return token === undefined ? undefined : verifyToken(dependencies, token, subjectOf(token));
  };
}

async function verifyToken(
  dependencies: TokenDependencies,
  token: string,
  id: string | undefined,
): Promise<Caller | Refusal> {
  const { table, key } = dependencies;
  const now = dependencies.now();
  const subject = id === undefined ? undefined : await readSubject(table, id);
  if (subject === undefined) return badToken('The token is not known.');
  const kept = findToken(subject, hashToken(token, key));
  if (kept === undefined) return badToken('The token is not known.');
  if (kept.tokenExpiresAt !== undefined && kept.tokenExpiresAt <= now)
    return badToken('The token has expired; ask for a new one.');
  const caller = {
    id: subject.id,
    type: subject.type,
    roles: await readRoles(table, subject),
    ...(kept.tokenExpiresAt === undefined ? {} : { tokenExpiresAt: kept.tokenExpiresAt }),
  };
  const known = kept.lastUsedAt !== undefined && now - kept.lastUsedAt < LAST_USE_PRECISION;
  return known ? caller : { ...caller, noted: noteUse(dependencies, subject.id, kept, now) };
}

/** Looks at every token in constant time each, so that an answer's time tells nothing about the hashes that are kept. */
function findToken(subject: SubjectRecord, hash: string): TokenRecord | undefined {
  const wanted = Buffer.from(hash);
  let found: TokenRecord | undefined;
  for (const token of subject.tokens.values()) {
    const candidate = Buffer.from(token.hash);
    if (candidate.length === wanted.length && timingSafeEqual(candidate, wanted)) found = token;
  }
  return found;
}

/** For people who tidy up. The request does not depend on it. */
async function noteUse(
  { table, log }: TokenDependencies,
  subject: string,
  token: TokenRecord,
  now: number,
): Promise<void> {
  try {
    await touchToken(table, subject, token, now);
  } catch (error) {
    log({
      level: 'warning',
      message: 'the last use of a token was not noted',
      subject,
      token: token.id,
      ...describeError(error),
    });
  }
}

function badToken(message: string): Refusal {
  return refuse('UNAUTHENTICATED', message, {
    headers: { 'www-authenticate': 'Bearer realm="pipecall", error="invalid_token"' },
  });
}
