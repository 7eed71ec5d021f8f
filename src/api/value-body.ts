import type { JsonObject } from '../json.ts';
import { listValues, type ValueRecord } from '../store/values.ts';
import { readJsonObject } from './body.ts';
import type { ApiDependencies, ApiRequest } from './operation.ts';
import { isPathParameter } from './path-parameters.ts';
import { isRefusal, type Refusal, refuse } from './reply.ts';

/** Bytes. An item of the table holds 400 KiB; a sealed secret is a third longer than it was. */
const LONGEST_VALUE = 100 * 1_024;
const LONGEST_SECRET = 64 * 1_024;
/** UTF-16 code units. */
const LONGEST_DESCRIPTION = 1_000;

/** A run that reads values reads all of its app: these bound its memory, and the calls that open its secrets. */
const MOST_VALUES = 200;
const MOST_BYTES = 512 * 1_024;

/** What a body says about a value; what it does not say is absent. */
export type GivenValue = {
  readonly key?: string;
  readonly value?: string;
  readonly secret?: boolean;
  readonly description?: string;
};

export function readValueBody(
  request: ApiRequest,
  required: readonly string[],
  optional: readonly string[],
): GivenValue | Refusal {
  const body = readJsonObject(request, required, optional);
  if (isRefusal(body)) return body;
  const { key, value, is_secret: secret, description = undefined } = body.value as JsonObject; // as: absent keys are undefined
  if (key !== undefined && (typeof key !== 'string' || !isPathParameter('key', key))) {
    return wrong("'key' is not of the form ^[A-Za-z_][A-Za-z0-9_.-]*$ with 100 characters at the most");
  }
  if (value !== undefined && typeof value !== 'string') return wrong("'value' is not a string");
  if (secret !== undefined && typeof secret !== 'boolean') return wrong("'is_secret' is not true or false");
  if (description !== undefined && description !== null && typeof description !== 'string') {
    return wrong("'description' is not a string");
  }
  if (typeof description === 'string' && description.length > LONGEST_DESCRIPTION) {
    return wrong(`'description' has more than ${LONGEST_DESCRIPTION} characters`);
  }
  return {
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(secret === undefined ? {} : { secret }),
    ...(description === undefined ? {} : { description: description ?? '' }),
  };
}

/** Undefined: the app has room for it. `bytes` of the value with this key, which replaces what it held. */
export async function checkRoom(
  { table }: ApiDependencies,
  path: { readonly org: string; readonly app: string },
  key: string,
  bytes: number,
): Promise<Refusal | undefined> {
  const others = (await listValues(table, path)).filter(record => record.key !== key);
  const total = others.reduce((sum, record) => sum + record.bytes, bytes);
  if (others.length < MOST_VALUES && total <= MOST_BYTES) return undefined;
  return refuse(
    'TOO_MANY_VALUES',
    `An app has at most ${MOST_VALUES} values, and they come to at most ${MOST_BYTES / 1_024} KiB; delete some first.`,
  );
}

/** The value as it is kept: a secret one is sealed for its app. */
export async function makeContent(
  { vault }: ApiDependencies,
  path: { readonly org: string; readonly app: string },
  value: string,
  secret: boolean,
): Promise<Pick<ValueRecord, 'content' | 'bytes'> | Refusal> {
  const bytes = Buffer.byteLength(value);
  const most = secret ? LONGEST_SECRET : LONGEST_VALUE;
  if (bytes > most) {
    return wrong(`'value' has ${bytes} bytes; ${secret ? 'a secret' : 'a value'} has at most ${most / 1_024} KiB`);
  }
  if (!secret) return { bytes, content: { value } };
  return { bytes, content: { sealed: await vault.seal({ org: path.org, app: path.app }, value) } };
}

const wrong = (what: string): Refusal => refuse('INVALID_BODY', `The body is not right: ${what}.`);
