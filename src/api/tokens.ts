import { createHmac, type KeyObject } from 'node:crypto';
import type { Ids } from '../ports/ids.ts';

/**
 * `pcl_`, one letter for the kind of subject, its UUID (16 bytes), and 32 random bytes, both as base64url. The id inside
 * makes the check one read; the prefix lets scanners of leaked secrets recognise it.
 */
const PREFIX = 'pcl_';
const KINDS = { u: '', s: 's-' } as const;
const UUID_CHARACTERS = 22;
const SECRET_BYTES = 32;
const FORM = /^pcl_([us])([A-Za-z0-9_-]{22})[A-Za-z0-9_-]{43}$/;
const SUBJECT = /^(s-)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** A new token of a user (`<uuid>`) or a service user (`s-<uuid>`). It is shown once; only its hash is kept. */
export function makeToken(subject: string, ids: Pick<Ids, 'random'>): string {
  const [, service, uuid] = SUBJECT.exec(subject) ?? [];
  if (uuid === undefined) throw new Error(`'${subject}' is no id of a user or a service user`);
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');
  const secret = Buffer.from(ids.random(SECRET_BYTES)).toString('base64url');
  return `${PREFIX}${service === undefined ? 'u' : 's'}${id}${secret}`;
}

/** Whose token it says it is; undefined: it is no token of ours. */
export function subjectOfToken(token: string): string | undefined {
  const [, kind, id] = FORM.exec(token) ?? [];
  if (id === undefined || (kind !== 'u' && kind !== 's')) return undefined;
  const hex = Buffer.from(id.slice(0, UUID_CHARACTERS), 'base64url').toString('hex');
  return `${KINDS[kind]}${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * What the table holds: a hash under the deployment's key, so that who can write into the table alone cannot add a token.
 * The prefix names the scheme, so that another one can follow. A slow hash would protect nothing more: 32 random bytes
 * cannot be guessed.
 */
export function hashToken(token: string, key: KeyObject): string {
  return `hmac-sha256-${createHmac('sha256', key).update(token).digest('hex')}`;
}
