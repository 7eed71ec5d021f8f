import type { Item, Table } from '../ports/table.ts';
import { number, optionalNumber, optionalText, text } from './fields.ts';
import { tokenKey } from './keys.ts';

export type TokenRecord = {
  readonly id: string;
  /** Of the token; the token itself is kept nowhere. */
  readonly hash: string;
  readonly description?: string;
  /** Times are milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy?: string;
  /** Absent: it is good until it is deleted. */
  readonly tokenExpiresAt?: number;
  /** To the hour. */
  readonly lastUsedAt?: number;
};

const PREFIX = 'TOKEN#';

/** False: the subject has a token with this id. */
export async function putNewToken(table: Table, subject: string, token: TokenRecord): Promise<boolean> {
  const { done, item } = await table.write({ put: toItem(subject, token), when: [[{ name: 'pk', is: 'absent' }]] });
  // A write whose answer was lost is refused by what it wrote itself: no two tokens have one hash.
  return done || item?.hash === token.hash;
}

/** Whatever stood there under this id. */
export async function putToken(table: Table, subject: string, token: TokenRecord): Promise<void> {
  await table.write({ put: toItem(subject, token) });
}

export async function deleteToken(table: Table, subject: string, id: string): Promise<void> {
  await table.write({ delete: tokenKey(subject, id) });
}

/** Says that the token was used now, unless another request said so since it was read, or it is gone. */
export async function touchToken(table: Table, subject: string, token: TokenRecord, now: number): Promise<void> {
  const { lastUsedAt } = token;
  await table.write({
    update: tokenKey(subject, token.id),
    set: { last_used_at: now },
    // The hash, because the id may have been deleted and given to another token.
    when: [
      [
        { name: 'hash', is: '=', value: token.hash },
        lastUsedAt === undefined
          ? { name: 'last_used_at', is: 'absent' }
          : { name: 'last_used_at', is: '=', value: lastUsedAt },
      ],
    ],
  });
}

/** Undefined: the item is no token. */
export function tokenOfItem(item: Item): TokenRecord | undefined {
  if (!item.sk.startsWith(PREFIX)) return undefined;
  // The version before kept hashes without a key, as the id: those tokens have ended.
  if (item.hash === undefined) return undefined;
  const description = optionalText(item, 'description');
  const createdBy = optionalText(item, 'created_by');
  const tokenExpiresAt = optionalNumber(item, 'token_expires_at');
  const lastUsedAt = optionalNumber(item, 'last_used_at');
  return {
    id: item.sk.slice(PREFIX.length),
    hash: text(item, 'hash'),
    createdAt: number(item, 'created_at'),
    ...(description === undefined ? {} : { description }),
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(tokenExpiresAt === undefined ? {} : { tokenExpiresAt }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
}

function toItem(subject: string, token: TokenRecord): Item {
  return {
    ...tokenKey(subject, token.id),
    hash: token.hash,
    created_at: token.createdAt,
    ...(token.description === undefined ? {} : { description: token.description }),
    ...(token.createdBy === undefined ? {} : { created_by: token.createdBy }),
    ...(token.tokenExpiresAt === undefined
      ? {}
      : { token_expires_at: token.tokenExpiresAt, expires_at: Math.ceil(token.tokenExpiresAt / 1_000) }),
  };
}
