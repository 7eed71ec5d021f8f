/**
 * Who is signed in: a token, in session storage and nowhere else. It ends with the tab, no other tab sees it, and no request
 * carries it by itself as a cookie would be.
 */
const KEY = 'pipecall.token';

export type Session = {
  readonly token: string | undefined;
  /** Why one has to sign in again: the server refused the token. What one was at stays as it is until then. */
  readonly reason: string | undefined;
  /** Another number: another person may look at it, who must not see what the one before was shown. */
  readonly round: number;
};

let session: Session = { token: sessionStorage.getItem(KEY) ?? undefined, reason: undefined, round: 0 };
const listeners = new Set<() => void>();
let waiting: ((isSame: boolean) => void)[] = [];

export const readSession = (): Session => session;

export function watchSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `isSame`: it is the person whose token was refused, and they go on with what they were at. */
export function startSession(token: string, isSame = false): void {
  sessionStorage.setItem(KEY, token);
  change({ token, reason: undefined, round: isSame ? session.round : session.round + 1 });
  tellWaiting(isSame);
}

export function endSession(): void {
  sessionStorage.removeItem(KEY);
  change({ token: undefined, reason: undefined, round: session.round + 1 });
  tellWaiting(false);
}

/** The server does not take the token (any more). Answers, when somebody has signed in, whether it is the same person. */
export function interruptSession(reason: string): Promise<boolean> {
  if (session.token !== undefined) {
    sessionStorage.removeItem(KEY);
    change({ ...session, token: undefined, reason });
  }
  return new Promise(resolve => waiting.push(resolve));
}

function tellWaiting(isSame: boolean): void {
  const told = waiting;
  waiting = [];
  for (const tell of told) tell(isSame);
}

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}
