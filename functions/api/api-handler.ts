import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Api } from '../../src/api/api.ts';
import { describeError, type Log } from '../../src/api/log.ts';
import { isRefusal, respondInternalError, respondRefused } from '../../src/api/reply.ts';
import { readEvent, toResult } from './event.ts';

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;
type Middleware = MiddlewareObj<Event, Result>;

export type ApiHandler = (event: Event, context: Context) => Promise<Result>;

/** The API as a Lambda function behind an HTTP API (payload 2.0); `npm start` calls the very same one. */
export function createApiHandler(api: Api, log: Log): ApiHandler {
  return middy<Event, Result>()
    .use(requestLog(log))
    .use(requestId())
    .use(faults(log))
    .handler(async event => {
      const request = readEvent(event);
      return toResult(isRefusal(request) ? respondRefused(request) : await api(request));
    });
}

/** One line per request, when its answer is known. */
function requestLog(log: Log): Middleware {
  const started = new WeakMap<Event, number>();
  const write: Middleware['after'] = ({ event, response }) => {
    const { http, requestId } = event.requestContext;
    const milliseconds = Math.round((performance.now() - (started.get(event) ?? 0)) * 10) / 10;
    log({
      level: 'info',
      message: 'request',
      requestId,
      method: http.method,
      path: shownPath(event),
      status: response?.statusCode,
      milliseconds,
    });
  };
  return {
    before: ({ event }) => {
      started.set(event, performance.now());
    },
    after: write,
    onError: write,
  };
}

/** Every answer says how to find its request in the log. */
function requestId(): Middleware {
  const add: Middleware['after'] = request => {
    const { response, event } = request;
    if (!response) return;
    request.response = {
      ...response,
      headers: { ...response.headers, 'x-request-id': event.requestContext.requestId },
    };
  };
  return { after: add, onError: add };
}

/** What the API throws is platform trouble or a bug: a fixed text outside, everything in the log. */
function faults(log: Log): Middleware {
  return {
    onError: request => {
      const { requestId } = request.event.requestContext;
      const { method } = request.event.requestContext.http;
      log({
        level: 'error',
        message: 'request failed',
        requestId,
        method,
        path: shownPath(request.event),
        ...describeError(request.error),
      });
      request.response = toResult(respondInternalError(requestId));
    },
  };
}

/** The path of a callback is a secret: whoever has it may post. */
const shownPath = ({ rawPath }: Event): string => (rawPath.startsWith('/callbacks/') ? '/callbacks/***' : rawPath);
