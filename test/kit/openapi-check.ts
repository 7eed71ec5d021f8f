import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { describeApi, errorsOf } from '../../src/api/openapi.ts';
import type { Route } from '../../src/api/route.ts';
import { createRouter } from '../../src/api/router.ts';
import { type RouteId, routes } from '../../src/api/routes.ts';
import type { Json, JsonObject } from '../../src/json.ts';

/** The document as a client gets it: text, read again. */
export const document: JsonObject = JSON.parse(JSON.stringify(describeApi()));

const DOCUMENT_ID = 'https://pipecall.example/openapi.json';

/** Validates against schemas of the document; knows what stands around them there. */
export function createDocumentAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
  addFormats.default(ajv);
  ajv.addVocabulary(['openapi', 'info', 'paths', 'webhooks', 'components', 'security']);
  ajv.addSchema({ $id: DOCUMENT_ID, ...document });
  return ajv;
}

const ajv = createDocumentAjv();
const findRoute = createRouter<RouteId>(routes);

export type CheckedResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** Fails the test when a response is not one that the OpenAPI document promises for its request. */
export function checkResponse(method: string, path: string, response: CheckedResponse): void {
  const what = `${method} ${path} -> ${response.status} ${response.text.slice(0, 300)}`;
  expect(response.headers['x-request-id'], what).toBeTruthy();
  const match = findRoute(path);
  const id = match?.routes.get((method === 'HEAD' ? 'GET' : method) as 'GET'); // as: any method may be asked for
  if (id !== undefined) {
    checkDescribed(routes[id], method, response, what);
  } else if (match !== undefined && method === 'OPTIONS') {
    expect(response.status, what).toBe(204);
  } else {
    expect([404, 405], what).toContain(response.status);
    if (method !== 'HEAD') checkSchema({ $ref: '#/components/schemas/Error' }, JSON.parse(response.text), what);
  }
}

function checkDescribed(route: Route, method: string, { status, headers, text }: CheckedResponse, what: string): void {
  const described = at(document, ['paths', route.path, route.method.toLowerCase(), 'responses', String(status)]);
  expect(described, `${what}: the status is not in the document`).toBeDefined();
  const promised = Object.keys(at(described, ['headers']) ?? {}).map(name => name.toLowerCase());
  for (const name of ['etag', 'link', 'location', 'preference-applied']) {
    if (headers[name] !== undefined) expect(promised, `${what}: header ${name}`).toContain(name);
  }
  if (method === 'HEAD' || at(described, ['content']) === undefined) {
    expect(text, what).toBe('');
    return;
  }
  const type = headers['content-type'] ?? '';
  const media = at(described, ['content', type]);
  expect(media, `${what}: content type '${type}'`).toBeDefined();
  const body = /[/+]json$/.test(type) ? JSON.parse(text) : text;
  checkSchema(at(media, ['schema']) as JsonObject, body, what); // as: an object of the document
  if (status >= 400) {
    expect(errorsOf(route).get(status) ?? [], `${what}: the code is not one of this route`).toContain(body.error);
  }
  if (headers.etag !== undefined && type === 'application/json') expect(body.etag, what).toBe(headers.etag);
}

/** By their text: compiling takes longer than the request that is checked. */
const compiled = new Map<string, ValidateFunction>();

function checkSchema(schema: JsonObject, value: unknown, what: string): void {
  const text = JSON.stringify(schema);
  const validate = compiled.get(text) ?? ajv.compile(absolute(schema));
  compiled.set(text, validate);
  expect(validate(value) ? [] : validate.errors, what).toEqual([]);
}

/** References into the document, from outside of it. */
function absolute(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT_ID}#/`));
}

/** The value at a path of keys; undefined: there is none. */
export function at(value: Json | undefined, keys: readonly string[]): Json | undefined {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = (found as JsonObject)[key];
  }
  return found;
}
