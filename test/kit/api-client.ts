import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { ApiHandler } from '../../functions/api/api-handler.ts';
import { checkResponse } from './openapi-check.ts';

export type ApiCall = {
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value becomes JSON, with its content type. */
  readonly body?: unknown;
  /** null: none is sent. Absent: that of the client. */
  readonly token?: string | null;
};

export type ApiAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; undefined when it is not. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers without a type for each
  readonly json: any;
};

export type ApiClient = (call: ApiCall) => Promise<ApiAnswer>;

/** Calls the handler with events as API Gateway makes them. EVERY answer is checked against the OpenAPI document. */
export function createApiClient(handler: ApiHandler, token?: string): ApiClient {
  let count = 0;
  return async call => {
    const { method = 'GET', path: url, body } = call;
    const [path = '', query = ''] = url.split('?');
    const bearer = call.token === undefined ? token : call.token;
    const json = body !== undefined && typeof body !== 'string';
    const headers = {
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...call.headers,
    };
    const event: APIGatewayProxyEventV2 = {
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: query,
      headers,
      requestContext: {
        accountId: '1',
        apiId: '1',
        domainName: 'api.example',
        domainPrefix: 'api',
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: `request-${++count}`,
        routeKey: '$default',
        stage: '$default',
        time: '01/Jan/2030:00:00:00 +0000',
        timeEpoch: 0,
      },
      ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : (body as string) }),
      isBase64Encoded: false,
    };
    const result = await handler(event, { awsRequestId: `request-${count}` } as Context);
    const answer = {
      status: result.statusCode ?? 0,
      headers: result.headers as Record<string, string>,
      text: result.body ?? '',
    };
    checkResponse(method, path, answer);
    const isJson = /[/+]json$/.test(answer.headers['content-type'] ?? '') && answer.text !== '';
    return { ...answer, json: isJson ? JSON.parse(answer.text) : undefined };
  };
}
