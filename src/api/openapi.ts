import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { assertNever } from './assert-never.ts';
import { DEFINITION_TYPE, DEFINITION_TYPES, JSON_TYPES } from './body.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { describeWebhooks } from './openapi-webhooks.ts';
import { PATH_PARAMETERS, type PathParameter } from './path-parameters.ts';
import { JSON_TYPE } from './reply.ts';
import type { QueryParameter, RequestHeader, ResponseHeader, Route, RouteResponse } from './route.ts';
import { routes } from './routes.ts';
import { type SchemaName, schemas } from './schemas.ts';

/** What every operation may refuse with. */
const ANY: readonly ErrorCode[] = ['MALFORMED_REQUEST', 'INVALID_QUERY', 'BODY_TOO_LARGE', 'INTERNAL_ERROR'];
/** What every operation that asks for a permission may refuse with. */
const PROTECTED: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'];
/** What every operation that reads a body may refuse with. */
const WITH_BODY: readonly ErrorCode[] = ['UNSUPPORTED_CONTENT_TYPE'];

const REQUEST_HEADERS: Readonly<Record<RequestHeader, string>> = {
  Accept: '`application/json` asks for JSON instead of the text as it was uploaded.',
  'Idempotency-Key': 'Kept for 24 hours for each caller and pipeline: the same request again answers the same run.',
  'If-Match': 'The etag that the object must still have.',
  'If-None-Match': 'An etag that is known already: 304 while the object still has it.',
  Prefer: '`wait=N`: the answer may be held back for up to N seconds (25 at the most).',
};

const RESPONSE_HEADERS: Readonly<Record<ResponseHeader, string>> = {
  ETag: 'The etag of the object, unquoted.',
  'Idempotency-Replayed': '`true`: the request came before, and this is the run that it started.',
  Link: '`<…>; rel="next"`: the next page. Absent on the last one.',
  Location: 'Where the new object is.',
  'Preference-Applied': 'The preference that was followed: `wait=N`.',
};

/** Codes that a route may refuse with, by status. */
export function errorsOf(route: Route): ReadonlyMap<number, readonly ErrorCode[]> {
  const codes = [
    ...ANY,
    ...(route.permission === 'none' ? [] : PROTECTED),
    ...(route.body === undefined ? [] : WITH_BODY),
    ...route.errors,
  ];
  return Map.groupBy(codes, code => ERROR_CODES[code].status);
}

/** The OpenAPI 3.1 document of the route table. https://spec.openapis.org/oas/v3.1.1 */
export function describeApi(): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [id, route] of Object.entries<Route>(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeOperation(id, route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Pipecall',
      version: '1',
      description: 'Pipelines that are started over HTTP. Every failure has the shape of `Error`.',
    },
    paths,
    webhooks: describeWebhooks(),
    components: {
      schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token: `pcl_…`.' } },
    },
    security: [{ token: [] }],
  };
}

function describeOperation(id: string, route: Route): JsonObject {
  return {
    operationId: id,
    summary: route.summary,
    ...(route.permission === 'none'
      ? { security: [] }
      : { description: describePermissions([route.permission, ...(route.judges ?? [])], route.judged !== undefined) }),
    parameters: [
      ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => describePathParameter(name)),
      ...route.query.map(describeQueryParameter),
      ...route.headers.map(name => ({
        name,
        in: 'header',
        description: REQUEST_HEADERS[name],
        schema: { type: 'string' },
      })),
    ],
    ...(route.body === undefined ? {} : { requestBody: describeBody(route.body) }),
    responses: { ...describeResponses(route), ...describeErrors(route) },
  };
}

const describePermissions = (names: readonly string[], ofCaller: boolean): string =>
  `Needs the permission ${names.map(name => `\`${name}\``).join(' and ')}${ofCaller ? ', except about oneself' : ''}.`;

function describePathParameter(name: string): JsonObject {
  const { description, ...schema } = PATH_PARAMETERS[name as PathParameter]; // as: the router refuses any other name
  return { name, in: 'path', required: true, description, schema: { type: 'string', ...schema } };
}

function describeQueryParameter(parameter: QueryParameter): JsonObject {
  const { name, description } = parameter;
  const more = parameter.kind === 'map' ? { style: 'deepObject', explode: true } : {};
  return { name, in: 'query', description, schema: querySchema(parameter), ...more };
}

function querySchema(parameter: QueryParameter): JsonSchema {
  switch (parameter.kind) {
    case 'text':
      return { type: 'string', minLength: 1 };
    case 'texts':
      return { type: 'array', items: { type: 'string' } };
    case 'flag':
      return { type: 'boolean' };
    case 'time':
      return { type: 'string', format: 'date-time' };
    case 'map':
      return { type: 'object', additionalProperties: { type: 'string' } };
    case 'choice':
      return { enum: parameter.values };
    case 'choices':
      return { type: 'array', items: { enum: parameter.values } };
    case 'count':
      return { type: 'integer', minimum: parameter.min, maximum: parameter.max, default: parameter.default };
    default:
      return assertNever(parameter);
  }
}

const reference = (name: SchemaName): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

function describeBody(body: NonNullable<Route['body']>): JsonObject {
  const types = body.kind === 'definition' ? DEFINITION_TYPES : JSON_TYPES;
  const schemaOf = (type: string): JsonSchema => {
    if (body.kind === 'json') return reference(body.schema);
    return type === JSON_TYPE ? reference('Definition') : { type: 'string' };
  };
  return {
    required: !(body.kind === 'json' && body.optional === true),
    content: Object.fromEntries(types.map(type => [type, { schema: schemaOf(type) }])),
  };
}

function describeResponses(route: Route): JsonObject {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, response]) => [status, describeResponse(response)]),
  );
}

function describeResponse({ description, schema, list, type, definition, headers = [] }: RouteResponse): JsonObject {
  const described = { description, headers: { ...describeHeaders(['X-Request-Id']), ...describeHeaders(headers) } };
  if (schema === undefined) return described;
  const shape = list === true ? { type: 'array', items: reference(schema) } : reference(schema);
  return {
    ...described,
    content: {
      [type ?? JSON_TYPE]: { schema: shape },
      ...(definition === true ? { [DEFINITION_TYPE]: { schema: { type: 'string' } } } : {}),
    },
  };
}

function describeErrors(route: Route): JsonObject {
  return Object.fromEntries(
    [...errorsOf(route)].map(([status, codes]) => [
      status,
      {
        description: codes.map(code => `\`${code}\`: ${ERROR_CODES[code].meaning}`).join('\n\n'),
        headers: describeHeaders(['X-Request-Id']),
        content: { [JSON_TYPE]: { schema: reference('Error') } },
      },
    ]),
  );
}

function describeHeaders(names: readonly (ResponseHeader | 'X-Request-Id')[]): JsonObject {
  return Object.fromEntries(
    names.map(name => [
      name,
      {
        description: name === 'X-Request-Id' ? 'Finds the request in the log.' : RESPONSE_HEADERS[name],
        schema: { type: 'string' },
      },
    ]),
  );
}
