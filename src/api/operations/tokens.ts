import type { Cursor } from '../../ports/table.ts';
import type { Listed } from '../../store/listed.ts';
import { readSubject } from '../../store/subjects.ts';
import { putNewToken, deleteToken as removeToken, type TokenRecord } from '../../store/tokens.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { readBody } from '../read-body.ts';
import { renderToken } from '../render/user.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, refuse } from '../reply.ts';
import { peopleBodies } from '../schemas/people.ts';
import { enterTokens, refuseLife } from '../token-rights.ts';
import { hashToken, makeToken } from '../tokens.ts';

/** Milliseconds that a new token lasts when nobody says how long. */
const DEFAULT_LIFE = 90 * 86_400_000;

/** Of one subject: each request of theirs reads them all. */
const MOST_TOKENS = 100;

const TOO_MANY_TOKENS = refuse(
  'TOO_MANY_TOKENS',
  `The user has ${MOST_TOKENS} tokens, and more there may not be; delete one that is not needed.`,
);

export const listTokens =
  (dependencies: ApiDependencies): Operation<'listTokens'> =>
  async call => {
    const subject = await enterTokens(dependencies, call);
    if (isRefusal(subject)) return subject;
    return replyList(dependencies, call, {
      read: async (limit, after) => partOf([...subject.tokens.values()], limit, after),
      cursorOf: token => ({ position: positionOf(token) }),
      render: renderToken,
    });
  };

export const getToken =
  (dependencies: ApiDependencies): Operation<'getToken'> =>
  async call => {
    const subject = await enterTokens(dependencies, call);
    if (isRefusal(subject)) return subject;
    const token = subject.tokens.get(call.params.token);
    return token === undefined ? NOT_FOUND : { status: 200, body: renderToken(token) };
  };

export const createToken =
  (dependencies: ApiDependencies): Operation<'createToken'> =>
  async call => {
    const { table, ids, clock, keys } = dependencies;
    const { caller, params, audit } = call;
    const body = readBody(call.request, peopleBodies.NewToken);
    if (isRefusal(body)) return body;
    const subject = await enterTokens(dependencies, call);
    if (isRefusal(subject)) return subject;
    const { id, description } = body.value;
    audit({ token: id });
    const createdAt = clock.now();
    const usual = Math.min(createdAt + DEFAULT_LIFE, caller.tokenExpiresAt ?? Number.POSITIVE_INFINITY);
    const { expires_at: expiresAt = usual } = body.value;
    const refused = refuseLife(caller, subject, expiresAt, createdAt);
    if (refused !== undefined) return refused;
    if (subject.tokens.size >= MOST_TOKENS) return TOO_MANY_TOKENS;
    const token = makeToken(params.user, ids);
    const done = await putNewToken(table, params.user, {
      id,
      hash: hashToken(token, keys.token),
      createdAt,
      createdBy: caller.id,
      ...(description === undefined ? {} : { description }),
      ...(expiresAt === null ? {} : { tokenExpiresAt: expiresAt }),
    });
    if (!done) return refuse('TOKEN_ID_TAKEN', `There is a token '${id}' of this user; delete it, or take another id.`);
    // Of those who come at the same time, everybody sees too many and gives back theirs, or there is room for all.
    if (((await readSubject(table, params.user))?.tokens.size ?? 0) > MOST_TOKENS) {
      await removeToken(table, params.user, id);
      return TOO_MANY_TOKENS;
    }
    return { status: 200, body: JSON.stringify({ token, type: 'static' }) };
  };

export const deleteToken =
  (dependencies: ApiDependencies): Operation<'deleteToken'> =>
  async call => {
    const subject = await enterTokens(dependencies, call);
    if (isRefusal(subject)) return subject;
    const { user, token } = call.params;
    call.audit({ token });
    if (!subject.tokens.has(token)) return NOT_FOUND;
    await removeToken(dependencies.table, user, token);
    return NO_CONTENT;
  };

const positionOf = ({ createdAt, id }: TokenRecord): string => `${String(createdAt).padStart(15, '0')}#${id}`;

/** Of what one read brought, the newest first. */
function partOf(tokens: readonly TokenRecord[], limit: number, after: Cursor | undefined): Listed<TokenRecord> {
  const start = after?.position;
  const sorted = tokens
    .toSorted((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1))
    .filter(token => start === undefined || positionOf(token) < start);
  const records = sorted.slice(0, limit);
  const last = records.at(-1);
  return last === undefined || sorted.length <= limit ? { records } : { records, next: { position: positionOf(last) } };
}
