/**
 * Who is signed in: a token, in session storage and nowhere else. It ends with the tab, no other tab sees it, and no request
 * carries it by itself as a cookie would be.
 */
const KEY = 'pipecall.token';

export type Session = {
  readonly token: string | undefined /** Why one has to sign in again. */;
  readonly reason: string | undefined;
};

let session: Session = { token: sessionStorage.getItem(KEY) ?? undefined, reason: undefined };
const listeners = new Set<() => void>();

export const readSession = (): Session => session;

export function watchSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startSession(token: string): void {
  sessionStorage.setItem(KEY, token);
  change({ token, reason: undefined });
}

/** `reason`: nobody signed out; the server refused the token. */
export function endSession(reason?: string): void {
  sessionStorage.removeItem(KEY);
  change({ token: undefined, reason });
}

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}
