import type { HttpFailure } from '../action.ts';

/** An expected failure of an exchange on its way out of callbacks and streams; the client turns it into an answer. */
export type HttpFailureError = Error & { readonly failure: HttpFailure };

export function httpFailure(failure: HttpFailure, message: string): HttpFailureError {
  return Object.assign(new Error(message), { failure });
}

export function isHttpFailure(error: unknown): error is HttpFailureError {
  return error instanceof Error && 'failure' in error;
}
