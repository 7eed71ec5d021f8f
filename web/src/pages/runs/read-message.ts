/** A failure begins with its code: `HTTP_STATUS: the server answered 500`. */
export function readMessage(message: string): { readonly code: string | undefined; readonly words: string } {
  const [, code, words = message] = /^([A-Z][A-Z0-9_]*): (.*)$/s.exec(message) ?? [];
  return { code, words };
}
