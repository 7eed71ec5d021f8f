import type { AssumedCredentials } from '../assume-role.ts';
import type { Home } from './targets.ts';

/** On whose behalf: the step by its id, and when it is cut off. */
export type Caller = { readonly stepId: string; readonly signal: AbortSignal };

/** What a client of one step is made with. */
export type ClientConfig = {
  readonly region: string;
  readonly credentials: () => Promise<AssumedCredentials>;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
};

export type ActionConnection = {
  /** A name without an ARN is one of there. */
  readonly home: Home;
  /** Undefined: it may be reached. Else the refusal. */
  refusalOf(arn: string): Refusal | undefined;
  /** `arn` says the region. */
  config(caller: Caller, arn: string): ClientConfig;
};

export type Refusal = {
  readonly ok: false;
  readonly code:
    | 'TARGET_NOT_ALLOWED'
    | 'NOT_FOUND'
    | 'ACCESS_DENIED'
    | 'INVALID_REQUEST'
    | 'THROTTLED'
    | 'AWS_ERROR'
    | 'ABORTED';
  readonly message: string;
  /** The same call may go better later. */
  readonly passing: boolean;
};

export type Reply<T> = { readonly ok: true; readonly value: T } | Refusal;

export function refused(code: Refusal['code'], message: string, passing = false): Refusal {
  return { ok: false, code, message, passing };
}
