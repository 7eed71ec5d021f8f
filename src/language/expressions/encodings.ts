import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { checkLength } from './bounds.ts';
import type { Call } from './function-entry.ts';
import { type Data, toData, toText } from './json-data.ts';

/** Units of work: hashing a byte takes some eight times as long as copying a character; a block has 64 bytes. */
const WORK_PER_BYTE = 8;
const WORK_PER_HASH = 64 * WORK_PER_BYTE;

/** Bytes at once: more arguments than that overflow the stack. */
const CHUNK = 8192;

/** Standard alphabet with padding (RFC 4648, section 4), of the text's UTF-8. */
export function base64([value]: readonly Data[], { meter }: Call): Data {
  const bytes = bytesOf(value);
  checkLength('base64', Math.ceil(bytes.length / 3) * 4);
  meter.charge(bytes.length);
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return toData(btoa(binary));
}

/** Of the text's UTF-8, in lower-case hexadecimal. */
export function sha256([value]: readonly Data[], { meter }: Call): Data {
  const bytes = bytesOf(value);
  meter.charge(WORK_PER_HASH + bytes.length * WORK_PER_BYTE);
  return toData(bytesToHex(digest(bytes)));
}

/** As the value stands inside text: null is empty, lists and maps are JSON. */
function bytesOf(value: Data | undefined): Uint8Array {
  return new TextEncoder().encode(value === undefined ? '' : toText(value));
}
