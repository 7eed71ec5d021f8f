import type { Keys } from '../src/api/keys-of.ts';
import { hashToken, makeToken } from '../src/api/tokens.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Ids } from '../src/ports/ids.ts';
import type { Table } from '../src/ports/table.ts';
import { hasAdministrator } from '../src/store/administrators.ts';
import { putNewInvitation } from '../src/store/invitations.ts';
import { putOrg } from '../src/store/orgs.ts';
import { putNewRole } from '../src/store/roles.ts';
import { putSubject } from '../src/store/subjects.ts';
import { putNewToken } from '../src/store/tokens.ts';

export type Bootstrap = {
  readonly org: string;
  readonly name: string;
  readonly email?: string;
  /** Although the org has an administrator. */
  readonly force: boolean;
};

export type Home = {
  readonly table: Table;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  /** Of the server: a token that is hashed with another one is unknown there. */
  readonly keys: Pick<Keys, 'token'>;
};

export type Bootstrapped = { readonly id: string; readonly token: string } | { readonly refused: string };

/** Milliseconds. Long enough to set up how people log in; the administrator makes the next token with it. */
const LIFE = 90 * 86_400_000;

/** Makes the org, and somebody who administrates it, with a token. */
export async function bootstrap({ table, clock, ids, keys }: Home, wanted: Bootstrap): Promise<Bootstrapped> {
  const { org, name, force } = wanted;
  if (!force && (await hasAdministrator(table, org))) {
    return { refused: `org '${org}' has an administrator already; --force makes another one` };
  }
  const id = ids.uuid();
  const token = makeToken(id, ids);
  const createdAt = clock.now();
  const email = wanted.email?.toLowerCase();
  await putOrg(table, org, createdAt);
  if (email !== undefined && !(await putNewInvitation(table, { org, email, user: id, createdAt, createdBy: id }))) {
    return { refused: `org '${org}' has a user with the address ${email} already` };
  }
  await putSubject(table, { id, type: 'user', name, createdAt, ...(email === undefined ? {} : { email }) });
  const hash = hashToken(token, keys.token);
  await putNewToken(table, id, { id: 'bootstrap', hash, createdAt, createdBy: id, tokenExpiresAt: createdAt + LIFE });
  // The last write, because it is the one that counts: without a role the rest is nothing.
  await putNewRole(table, id, { scope: 'org', org, role: 'administrator' }, createdAt);
  return { id, token };
}
