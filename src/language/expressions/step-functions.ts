import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { EvaluationError } from './bounds.ts';
import type { Call } from './function-entry.ts';
import { type Data, toData } from './json-data.ts';

/** Units of work for hashing one name. */
const WORK = 1024;

/** The moment of the step, in RFC 3339 with milliseconds and `Z`: the same in each expression of the step. */
export function now(_: readonly Data[], { now: moment, meter }: Call): Data {
  if (moment === undefined) throw new EvaluationError('now() has no answer here: it is known to steps only');
  meter.charge(WORK);
  return toData(new Date(moment).toISOString());
}

/**
 * A UUID of the step and of the place of the call, so that a step that is tried again after a crash gets the same one:
 * version 8, SHA-256 (RFC 9562, section 5.8 and appendix B.2).
 */
export function uuid(_: readonly Data[], { seed, place, meter }: Call): Data {
  if (seed === undefined) throw new EvaluationError('uuid() has no answer here: it is known to steps only');
  meter.charge(WORK);
  const bytes = sha256(new TextEncoder().encode(`${seed}\n${place()}`)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return toData(bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
}
