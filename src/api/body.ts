import type { JsonObject } from '../json.ts';
import { type FieldProblem, refuseFields } from './body-problems.ts';
import type { ApiRequest } from './operation.ts';
import { type Refusal, refuse } from './reply.ts';

/** Bytes of a request's body. */
export const BODY_LIMIT = 256 * 1_024;

/** Is the text longer than so many bytes of UTF-8? Counts only when its length leaves that open. */
export function exceeds(text: string | undefined, bytes: number): boolean {
  if (text === undefined || text.length * 3 <= bytes) return false;
  return text.length > bytes || Buffer.byteLength(text) > bytes;
}

/** The content type that Humanitec gave to definitions. */
export const DEFINITION_TYPE = 'application/x.humanitec-pipelines-v1.0+yaml';

/** What a definition may come as. JSON is YAML. */
export const DEFINITION_TYPES = [
  'application/x-yaml',
  'application/yaml',
  'text/yaml',
  'text/plain',
  'application/json',
  DEFINITION_TYPE,
] as const;

export const JSON_TYPES = ['application/json'] as const;

/** Undefined: the type is one of these, or the request does not say. */
export function checkContentType(headers: ApiRequest['headers'], types: readonly string[]): Refusal | undefined {
  const given = headers['content-type'];
  if (given === undefined) return undefined;
  const [type = '', ...parameters] = given
    .toLowerCase()
    .split(';')
    .map(part => part.trim());
  const charset = parameters.find(parameter => parameter.startsWith('charset='))?.slice('charset='.length);
  const readable = charset === undefined || /^"?(?:utf-8|utf8|us-ascii)"?$/.test(charset);
  if (types.includes(type) && readable) return undefined;
  return refuse(
    'UNSUPPORTED_CONTENT_TYPE',
    `The content type '${given}' is not taken; send ${types.join(', ')} in UTF-8.`,
  );
}

/** Nothing more of the parser's message: it quotes the body, where a secret may stand. */
function placeOf(error: unknown): string {
  const [place = ''] =
    /(?<= (?:in|after) JSON)(?: at position \d+)(?: \(line \d+ column \d+\))?$/.exec(String(error)) ?? [];
  return place;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Where JSON text has a key for the second time in one object. Readers differ in which of the two they take. */
function findTwice(json: string): number | undefined {
  const open: Set<string>[] = [];
  let text = '';
  let start = 0;
  for (const { 0: token, index } of json.matchAll(TOKENS)) {
    // Lists have a set too, which stays empty.
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key: string = JSON.parse(text);
      if (open.at(-1)?.has(key) === true) return start;
      open.at(-1)?.add(key);
    } else if (token !== ',') {
      text = token;
      start = index;
    }
  }
  return undefined;
}

/** The body as a JSON object that has these keys, perhaps some of the optional ones, and no others. */
export function readJsonObject(
  request: ApiRequest,
  required: readonly string[],
  optional: readonly string[] = [],
): { readonly value: JsonObject } | Refusal {
  const body = parseJsonObject(request);
  if ('refused' in body) return body;
  const { problems, summary, hasUnknown } = checkKeys(body.value, required, optional);
  if (problems.length === 0) return body;
  return refuseFields(problems, summary, hasUnknown ? 'UNKNOWN_BODY_KEYS' : 'INVALID_BODY');
}

/** The body as a JSON object, whatever its keys. */
export function parseJsonObject(request: ApiRequest): { readonly value: JsonObject } | Refusal {
  const wrongType = checkContentType(request.headers, JSON_TYPES);
  if (wrongType !== undefined) return wrongType;
  let value: unknown;
  try {
    value = JSON.parse(request.body ?? '');
  } catch (error) {
    return refuse('INVALID_BODY', `The body is not JSON${placeOf(error)}.`);
  }
  const twice = findTwice(request.body ?? '');
  if (twice !== undefined) {
    return refuse('INVALID_BODY', `The body has a key twice in one object, the second time at position ${twice}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('INVALID_BODY', 'The body is not a JSON object.');
  }
  return { value: value as JsonObject }; // as: JSON.parse makes nothing else
}

export type KeyProblems = {
  readonly problems: readonly FieldProblem[];
  /** A sentence for all unknown keys, one for all that are missing. */
  readonly summary: readonly string[];
  readonly hasUnknown: boolean;
};

export function checkKeys(value: JsonObject, required: readonly string[], optional: readonly string[]): KeyProblems {
  const known = [...required, ...optional];
  const unknown = Object.keys(value).filter(key => !known.includes(key));
  const missing = required.filter(key => !Object.hasOwn(value, key));
  const names = unknown.map(key => `'${key}'`).join(', ');
  return {
    problems: [
      ...unknown.map(name => ({ name, message: `The body has an unknown key '${name}'.` })),
      ...missing.map(name => ({ name, message: `The body lacks '${name}'.` })),
    ],
    summary: [
      ...(unknown.length > 0 ? [`The body has unknown keys: ${names}. Known: ${known.join(', ')}.`] : []),
      ...(missing.length > 0 ? [`The body lacks '${missing.join("', '")}'.`] : []),
    ],
    hasUnknown: unknown.length > 0,
  };
}
