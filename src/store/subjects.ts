import type { Item, Table } from '../ports/table.ts';
import { optionalNumber, text } from './fields.ts';
import { orgRoleKey, profileKey, subjectKey, tokenKey } from './keys.ts';

export type SubjectType = 'user' | 'service' | 'group' | 'system';

/** What one read tells about who calls: the person, the token that was shown, the roles per org. */
export type SubjectRecord = {
  readonly id: string;
  readonly type: SubjectType;
  readonly name: string;
  /** Hashes of the tokens that end at this time (milliseconds since the epoch) or never. */
  readonly tokens: ReadonlyMap<string, { readonly expiresAt?: number }>;
  /** Org -> role. */
  readonly orgRoles: ReadonlyMap<string, string>;
};

/** One query: profile, tokens and roles lie in one partition. Undefined: no such subject (any more). */
export async function readSubject(table: Table, id: string): Promise<SubjectRecord | undefined> {
  const page = await table.query({ pk: subjectKey(id), consistent: true });
  const profile = page.items.find(item => item.sk === 'PROFILE');
  if (profile === undefined) return undefined;
  const tokens = new Map<string, { readonly expiresAt?: number }>();
  const orgRoles = new Map<string, string>();
  for (const item of page.items) {
    const [kind, name = ''] = item.sk.split('#');
    if (kind === 'ROLE') orgRoles.set(name, text(item, 'role'));
    if (kind === 'TOKEN') tokens.set(name, lifeOf(item));
  }
  return { id, type: typeOf(profile), name: text(profile, 'name'), tokens, orgRoles };
}

export async function putSubject(
  table: Table,
  subject: { readonly id: string; readonly type: SubjectType; readonly name: string; readonly createdAt: number },
): Promise<void> {
  await table.write({
    put: { ...profileKey(subject.id), type: subject.type, name: subject.name, created_at: subject.createdAt },
  });
}

export async function putOrgRole(table: Table, subject: string, org: string, role: string): Promise<void> {
  await table.write({ put: { ...orgRoleKey(subject, org), role } });
}

/** `hash` of the token, never the token. `tokenExpiresAt`: milliseconds since the epoch; absent: never. */
export async function putToken(
  table: Table,
  subject: string,
  token: { readonly id: string; readonly hash: string; readonly createdAt: number; readonly tokenExpiresAt?: number },
): Promise<void> {
  await table.write({
    put: {
      ...tokenKey(subject, token.hash),
      id: token.id,
      created_at: token.createdAt,
      ...(token.tokenExpiresAt === undefined
        ? {}
        : { token_expires_at: token.tokenExpiresAt, expires_at: Math.ceil(token.tokenExpiresAt / 1_000) }),
    },
  });
}

function lifeOf(item: Item): { readonly expiresAt?: number } {
  const expiresAt = optionalNumber(item, 'token_expires_at');
  return expiresAt === undefined ? {} : { expiresAt };
}

function typeOf(item: Item): SubjectType {
  const type = text(item, 'type');
  if (type === 'user' || type === 'service' || type === 'group' || type === 'system') return type;
  throw new Error(`item ${item.pk} / ${item.sk}: '${type}' is no type of subject`);
}
