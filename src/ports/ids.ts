/** Identifiers and randomness as core code may know them: handed in, so that a test can foresee them. */
export interface Ids {
  /** A random UUID (version 4, RFC 9562), for things that have no order. */
  uuid(): string;
  /** A time-ordered UUID (version 7, RFC 9562): later ones of one process sort after earlier ones. */
  ordered(): string;
  /** `bytes` bytes of cryptographic randomness. */
  random(bytes: number): Uint8Array;
}
