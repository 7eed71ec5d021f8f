import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { isDeeper, type Json } from '../json.ts';
import type { Key } from '../ports/table.ts';
import { idempotencyKey, type PipelinePath } from '../store/keys.ts';
import { type Refusal, refuse } from './reply.ts';

/** An Idempotency-Key that a request came with: where it is kept, and what the request was. */
export type Idempotency = {
  readonly key: Key;
  readonly fingerprint: string;
  /** Milliseconds; absent: a day. */
  readonly keptFor?: number;
};

const LONGEST_KEY = 255;

/** Levels of lists and maps, those around the inputs included: no run starts from inputs that go deeper. */
const MOST_LEVELS = 110;

/**
 * Undefined: the request has no such header. `request`: what makes two requests the same one, beside who calls and which
 * pipeline. A body may hold secrets, so its fingerprint is keyed.
 */
export function idempotencyOf(
  header: string | undefined,
  fingerprintKey: KeyObject,
  path: PipelinePath,
  caller: string,
  request: Json,
): Idempotency | Refusal | undefined {
  if (header === undefined) return undefined;
  const sent = header.trim();
  if (sent === '' || sent.length > LONGEST_KEY) {
    return refuse('INVALID_IDEMPOTENCY_KEY', `Idempotency-Key: send 1 to ${LONGEST_KEY} characters.`);
  }
  // It will be refused for what it brings, so its key is never used.
  if (isDeeper(request, MOST_LEVELS)) return undefined;
  return {
    key: idempotencyKey(path, caller, createHash('sha256').update(sent).digest('hex')),
    fingerprint: createHmac('sha256', fingerprintKey).update(canonical(request)).digest('hex'),
  };
}

export const KEY_REUSED: Refusal = refuse(
  'IDEMPOTENCY_KEY_REUSED',
  'This Idempotency-Key came with another request before; send the same request again, or a new key.',
);

export const RUN_DELETED: Refusal = refuse(
  'RUN_DELETED',
  'The run that this Idempotency-Key started was deleted; send a new key to start another.',
);

/** JSON text that does not depend on the order of keys. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
