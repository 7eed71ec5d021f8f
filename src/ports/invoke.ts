import type { Json } from '../json.ts';

/** What carries an action out that an org registered. */
export type InvokeTarget =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'module'; readonly name: string };

export type InvokeFailure =
  /** There is no such target here. */
  | 'TARGET_NOT_FOUND'
  /** The deployment does not let actions call it. */
  | 'TARGET_FORBIDDEN'
  /** It threw, or came to its end in another way than by an answer. */
  | 'TARGET_FAILED'
  /** It has more to do than it may. */
  | 'THROTTLED'
  /** It cannot be reached now. */
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'TOO_LARGE'
  /** Its answer is not JSON. */
  | 'INVALID_ANSWER';

export type Invoked =
  | { readonly ok: true; readonly payload: Json }
  | { readonly ok: false; readonly code: InvokeFailure; readonly message: string };

export type InvokeOptions = {
  readonly signal: AbortSignal;
  /** `wait`: for its answer. `hand over`: the target has the payload and works on its own; the answer is null. */
  readonly mode: 'wait' | 'hand over';
  /** Milliseconds that it is waited for. */
  readonly timeout: number;
};

/** Bytes of JSON, of what a target is given and of what it answers. */
export const INVOKE_LIMIT = 256 * 1_024;

/** Calls the targets of registered actions, with the rights that the deployment gave to actions and no others. */
export interface Invoke {
  invoke(target: InvokeTarget, payload: Json, options: InvokeOptions): Promise<Invoked>;
}
