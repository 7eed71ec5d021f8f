import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiRequest } from '../../src/api/operation.ts';
import type { RawQuery } from '../../src/api/query.ts';
import { type ApiResponse, type Refusal, refuse } from '../../src/api/reply.ts';

const NO_QUERY: RawQuery = new Map();

/** Refuses what is not UTF-8 instead of replacing it: a definition is kept byte for byte. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function readEvent(event: APIGatewayProxyEventV2): ApiRequest | Refusal {
  const body = readBody(event);
  if (typeof body === 'object') return body;
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    query: readQuery(event.rawQueryString),
    headers: event.headers as Readonly<Record<string, string>>, // as: the gateway leaves out headers without a value
    body,
    requestId: event.requestContext.requestId,
  };
}

function readBody(event: APIGatewayProxyEventV2): string | undefined | Refusal {
  if (event.body === undefined || !event.isBase64Encoded) return event.body;
  try {
    return utf8.decode(Buffer.from(event.body, 'base64'));
  } catch (error) {
    if (error instanceof TypeError) return refuse('MALFORMED_REQUEST', 'The body is not UTF-8.');
    throw error;
  }
}

/** From the raw text: the gateway's own map joins repeated parameters by commas, which values may hold too. */
export function readQuery(text: string): RawQuery {
  if (text === '') return NO_QUERY;
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}

export function toResult({ status, headers, body }: ApiResponse): APIGatewayProxyStructuredResultV2 {
  return body === undefined
    ? { statusCode: status, headers: { ...headers } }
    : { statusCode: status, headers: { ...headers }, body };
}
