import { actionKey, REGISTERED_ERRORS, type RegisteredAction } from '../actions/action.ts';
import type { NamedAction } from '../language/named-actions.ts';
import type { ActionShapes } from '../language/read-pipeline.ts';
import type { Table } from '../ports/table.ts';
import { type ActionRecord, getAction, getNewestAction } from '../store/actions.ts';

/** `actions/<org>/<name>` */
export const registeredName = (org: string, name: string): string => `actions/${org}/${name}`;

/** Different actions of the org in one definition; each is read. */
const MOST = 200;

const KEY = /^(?<name>.+)@v(?<version>\d+)$/;

/** Those of these keys that are not built in, as the org registered them. */
export async function readRegistered(
  table: Table,
  org: string,
  keys: readonly string[],
  builtIn: ActionShapes,
): Promise<ReadonlyMap<string, RegisteredAction>> {
  const foreign = [...new Set(keys)].filter(key => !builtIn.has(key));
  return findRegistered(
    table,
    org,
    foreign.flatMap(key => {
      const { name, version } = KEY.exec(key)?.groups ?? {};
      return name === undefined ? [] : [{ name, version: Number(version) }];
    }),
  );
}

/** What a definition names that its org registered: actions of another org are not there. */
export async function findRegistered(
  table: Table,
  org: string,
  named: readonly NamedAction[],
): Promise<ReadonlyMap<string, RegisteredAction>> {
  const prefix = registeredName(org, '');
  const own = named.filter(({ name }) => name.startsWith(prefix)).slice(0, MOST);
  const found = await Promise.all(
    own.map(({ name, version }) => {
      const short = name.slice(prefix.length);
      // No id: nothing is registered under it, and it may be anything.
      if (!NAME.test(short)) return undefined;
      return version === undefined ? getNewestAction(table, org, short) : getAction(table, org, short, version);
    }),
  );
  return new Map(found.filter(record => record !== undefined).map(record => asAction(record)));
}

const NAME = /^[a-z0-9-]{2,50}$/;

function asAction(record: ActionRecord): [string, RegisteredAction] {
  const { org, name, description: summary, createdAt: _at, createdBy: _by, errors, ...rest } = record;
  // Those that come from the platform are not the org's to say.
  const named = errors === undefined ? {} : { errors: { ...REGISTERED_ERRORS, ...errors } };
  const action = { ...rest, ...named, name: registeredName(org, name), summary };
  return [actionKey(action), action];
}

/** What a definition may use: what is built in, and these where they do not bear the name of such a one. */
export function shapesOf(builtIn: ActionShapes, registered: ReadonlyMap<string, RegisteredAction>): ActionShapes {
  return registered.size === 0 ? builtIn : new Map([...registered, ...builtIn]);
}
