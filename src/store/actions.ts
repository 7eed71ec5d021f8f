import type { JsonObject } from '../json.ts';
import type { Cursor, Item, Table } from '../ports/table.ts';
import {
  fail,
  isMap,
  jsonObject,
  number,
  oneOf,
  optionalText,
  readable,
  text,
  textMap,
  type Unreadable,
} from './fields.ts';
import { actionNameKey, actionsOfOrg, actionVersionKey, versionsOfAction } from './keys.ts';
import { type Listed, listById } from './listed.ts';

export const ACTION_MODES = ['request', 'callback'] as const;

export type ActionTarget =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'module'; readonly name: string };

/** One version of an action that an org registered, never changed. */
export type ActionRecord = {
  readonly org: string;
  /** Without the org: `notify`. */
  readonly name: string;
  /** From 1. */
  readonly version: number;
  readonly description: string;
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
  readonly errors?: Readonly<Record<string, string>>;
  readonly pure: boolean;
  readonly mode: (typeof ACTION_MODES)[number];
  readonly target: ActionTarget;
  readonly createdAt: number;
  readonly createdBy: string;
};

/** The most that `uses` can name. */
const LAST_VERSION = 999_999;

/**
 * Adds the next version. First the name, for lists (a name without a version is in none), then the version itself, which is
 * the commit point: of those who register at the same time each gets a number of its own.
 */
export async function addAction(table: Table, action: Omit<ActionRecord, 'version'>): Promise<ActionRecord> {
  const { org, name } = action;
  await table.write({ put: actionNameKey(org, name), when: [[{ name: 'pk', is: 'absent' }]] });
  let version = ((await getNewestAction(table, org, name))?.version ?? 0) + 1;
  for (; version <= LAST_VERSION; version += 1) {
    const item: Item = {
      ...actionVersionKey(org, name, version),
      description: action.description,
      // Text: keywords of a schema nest deeper than an attribute may.
      inputs: JSON.stringify(action.inputs),
      outputs: JSON.stringify(action.outputs),
      ...(action.errors === undefined ? {} : { errors: action.errors }),
      pure: action.pure,
      mode: action.mode,
      target: action.target,
      created_at: action.createdAt,
      created_by: action.createdBy,
    };
    const written = await table.write({ put: item, when: [[{ name: 'pk', is: 'absent' }]] });
    if (written.done) return { ...action, version };
  }
  throw new Error(`action ${org}/${name} has no version left`);
}

export async function getAction(
  table: Table,
  org: string,
  name: string,
  version: number,
): Promise<ActionRecord | undefined> {
  const key = actionVersionKey(org, name, version);
  // Immutable, so what an eventually consistent read finds is right; only when it finds nothing, ask again.
  const item = (await table.get(key)) ?? (await table.get(key, { consistent: true }));
  return item === undefined ? undefined : fromItem(org, name, item);
}

export async function getNewestAction(table: Table, org: string, name: string): Promise<ActionRecord | undefined> {
  const item = await newestItem(table, org, name);
  return item === undefined ? undefined : fromItem(org, name, item);
}

async function newestItem(table: Table, org: string, name: string): Promise<Item | undefined> {
  const page = await table.query({ pk: versionsOfAction(org, name), reverse: true, limit: 1, consistent: true });
  return page.items[0];
}

/** The newest version of each, in the order of their names. */
export async function listActions(
  table: Table,
  org: string,
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<ActionRecord>> {
  const { records: names, next } = await listById(table, actionsOfOrg(org), ({ sk }) => sk, limit, after);
  const found = await Promise.all(names.map(name => newestItem(table, org, name)));
  const actions = names.flatMap((name, place) => {
    const item = found[place];
    return (item && readable(item, each => fromItem(org, name, each), unreadable)) ?? [];
  });
  return next === undefined ? { records: actions } : { records: actions, next };
}

function fromItem(org: string, name: string, item: Item): ActionRecord {
  return {
    org,
    name,
    version: Number(item.sk.slice(1)),
    description: text(item, 'description'),
    inputs: jsonObject(item, 'inputs'),
    outputs: jsonObject(item, 'outputs'),
    ...(item.errors === undefined ? {} : { errors: textMap(item, 'errors') }),
    pure: item.pure === true,
    mode: oneOf(item, 'mode', ACTION_MODES),
    target: targetOf(item),
    createdAt: number(item, 'created_at'),
    createdBy: text(item, 'created_by'),
  };
}

function targetOf(item: Item): ActionTarget {
  const target: Item = isMap(item.target) ? { ...item.target, pk: item.pk, sk: item.sk } : item;
  const arn = optionalText(target, 'arn');
  return arn === undefined ? { kind: 'module', name: text(target, 'name') } : { kind: 'function', arn };
}
