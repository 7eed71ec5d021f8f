/** What came of asking a provider for something. */
export type Reply<T> =
  /** `notBefore`: the budget of requests is used up until then. */
  | { readonly kind: 'ok'; readonly value: T; readonly notBefore?: number }
  /** Too many requests: nothing was done, and nothing should be asked before `at` (milliseconds since the epoch). */
  | { readonly kind: 'later'; readonly at: number }
  /** No answer, or one of a server in trouble: it may have been done. */
  | { readonly kind: 'unclear'; readonly message: string }
  /** Not done yet, which is certain, and worth another attempt: trouble on the way to it, or something that passes. */
  | { readonly kind: 'undone'; readonly code: string; readonly message: string }
  /** `absent`: the provider knows nothing under this name. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly absent?: true };

export function refused(code: string, message: string): Extract<Reply<never>, { kind: 'refused' }> {
  return { kind: 'refused', code, message };
}

/** Trouble with a question that comes before what is to be done. */
export function undone<T>(reply: Reply<T>): Reply<T> {
  return reply.kind === 'unclear' ? { kind: 'undone', code: 'PROVIDER_ERROR', message: reply.message } : reply;
}

/** Goes on with the value of a reply; anything but `ok` stays as it is, and so does a budget that is used up. */
export async function andThen<T, U>(
  reply: Reply<T>,
  next: (value: T) => Promise<Reply<U>> | Reply<U>,
): Promise<Reply<U>> {
  if (reply.kind !== 'ok') return reply;
  const after = await next(reply.value);
  return after.kind === 'ok' && reply.notBefore !== undefined ? { notBefore: reply.notBefore, ...after } : after;
}

export function mapped<T, U>(reply: Reply<T>, change: (value: T) => U): Reply<U> {
  return reply.kind === 'ok' ? { ...reply, value: change(reply.value) } : reply;
}
