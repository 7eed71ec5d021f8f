import type { JsonObject } from '../json.ts';
import { listValues, type ValueRecord } from '../store/values.ts';
import { readJsonObject } from './body.ts';
import { refuseFields, unlessRight } from './body-problems.ts';
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
  const isKey = typeof key === 'string' && isPathParameter('key', key);
  const isDescribed = typeof description === 'string' || (description ?? null) === null;
  const isLong = typeof description === 'string' && description.length > LONGEST_DESCRIPTION;
  const form = '^[A-Za-z_][A-Za-z0-9_.-]*$ with 100 characters at the most';
  const problems = [
    ...unlessRight(key === undefined || isKey, 'key', `'key' is not of the form ${form}`),
    ...unlessRight(value === undefined || typeof value === 'string', 'value', "'value' is not a string"),
    ...unlessRight(
      secret === undefined || typeof secret === 'boolean',
      'is_secret',
      "'is_secret' is not true or false",
    ),
    ...unlessRight(isDescribed, 'description', "'description' is not a string"),
    ...unlessRight(!isLong, 'description', `'description' has more than ${LONGEST_DESCRIPTION} characters`),
  ];
  if (problems.length > 0) return refuseFields(problems);
  return {
    ...(typeof key === 'string' ? { key } : {}),
    ...(typeof value === 'string' ? { value } : {}),
    ...(typeof secret === 'boolean' ? { secret } : {}),
    ...(description === undefined ? {} : { description: typeof description === 'string' ? description : '' }),
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

const wrong = (what: string): Refusal => refuseFields(unlessRight(false, 'value', what));
