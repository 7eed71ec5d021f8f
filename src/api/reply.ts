import type { JsonObject } from '../json.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

/** What an API answers, over plain data. Header names are lower-case; `body` is absent when there is none. */
export type ApiResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What an operation answers when it did what was asked. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text of the body. Absent headers: it is JSON. */
  readonly body?: string;
};

/** What an operation answers when it did not: the caller's mistake, or a state of things that forbids it. */
export type Refusal = {
  readonly refused: ErrorCode;
  /** For a person: what, where, what to do. */
  readonly message: string;
  readonly details?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
};

export const isRefusal = (answer: object): answer is Refusal => 'refused' in answer;

export function refuse(
  refused: ErrorCode,
  message: string,
  more: { readonly details?: JsonObject; readonly headers?: Readonly<Record<string, string>> } = {},
): Refusal {
  return { refused, message, ...more };
}

/** One body for an unknown id, for an id of another tenant, and for an org where the caller has no role. */
export const NOT_FOUND: Refusal = refuse('NOT_FOUND', 'There is no such object, or you may not know of it.');

export const NO_CONTENT: Reply = { status: 204 };

export const JSON_TYPE = 'application/json';

/** On every answer: it is for this caller at this moment, and what users wrote is never taken for a page. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

export function respond(reply: Reply): ApiResponse {
  if (reply.body === undefined) return { status: reply.status, headers: { ...ALWAYS, ...reply.headers } };
  return {
    status: reply.status,
    headers: { ...ALWAYS, 'content-type': JSON_TYPE, ...reply.headers },
    body: reply.body,
  };
}

export function respondRefused(refusal: Refusal): ApiResponse {
  const { refused: error, message, details, headers } = refusal;
  const body = JSON.stringify(details === undefined ? { error, message } : { error, message, details });
  return respond({ status: ERROR_CODES[error].status, body, ...(headers === undefined ? {} : { headers }) });
}

/** The text is fixed: what went wrong inside is for the log, which the request id leads to. */
export function respondInternalError(requestId: string): ApiResponse {
  return respondRefused(
    refuse('INTERNAL_ERROR', 'The server failed. Repeat the request; if it fails again, report the request id.', {
      details: { request_id: requestId },
    }),
  );
}
