import { createHmac } from 'node:crypto';

/** Says what it is, as https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md wants it. */
const PREFIX = 'whsec_';

/** Bytes: as many as the hash has; the specification asks for 24 to 64. */
export const SECRET_BYTES = 32;

/** `random`: so many bytes of cryptographic randomness. */
export const makeSecret = (random: Uint8Array): string => `${PREFIX}${Buffer.from(random).toString('base64')}`;

export type Signed = {
  /** The same for every attempt. */
  readonly id: string;
  /** Milliseconds since the epoch: of this attempt. */
  readonly at: number;
  readonly body: string;
};

/** The headers by which a receiver knows who sent this and when: one signature for each secret. */
export function signatureHeaders(
  { id, at, body }: Signed,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = secrets.map(secret => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
