import { promisify, TextDecoder } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { httpFailure } from './http-failure.ts';

/** What the client asks for when the author does not say. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** Layers of compression; more than two are only ever an attack. */
const MAX_LAYERS = 3;

type Limit = { readonly maxOutputLength: number };
type Decompress = (bytes: Buffer, limit: Limit) => Promise<Buffer>;

const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  gzip: promised(gunzip),
  'x-gzip': promised(gunzip),
  deflate: inflateEither,
  br: promised(brotliDecompress),
  zstd: promised(zstdDecompress),
};

type ZlibFunction = (bytes: Buffer, limit: Limit, done: (error: Error | null, result: Buffer) => void) => void;

/** `promisify` alone does not find the overload with options. */
function promised(undo: ZlibFunction): Decompress {
  return promisify(undo);
}

/** Reads at most `maxBytes` of a body; breaking off destroys the stream and with it the connection. */
export async function collect(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of chunks) {
    size += part.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Undoes `Content-Encoding`; never makes more than `maxBytes`, whatever a bomb would grow to. */
export async function decompress(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const layers = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .flatMap(name => name.trim() || []);
  if (layers.length > MAX_LAYERS) throw httpFailure('CONNECTION_FAILED', 'the body is compressed too many times');
  let bytes = body;
  // The encodings are listed in the order in which they were applied.
  for (const name of layers.reverse()) {
    const undo = Object.hasOwn(DECOMPRESS, name) ? DECOMPRESS[name] : undefined;
    // An encoding that nobody asked for stays as it is; so does the empty body of a HEAD or a 304.
    if (undo === undefined || bytes.length === 0) return bytes;
    try {
      bytes = await undo(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      if (hasCode(error, 'ERR_BUFFER_TOO_LARGE')) throw tooLarge(maxBytes);
      throw httpFailure('CONNECTION_FAILED', `the body is not valid ${name}: ${String(error)}`);
    }
  }
  return bytes;
}

/** By the charset of `Content-Type`, else UTF-8; what is not text in it becomes U+FFFD. */
export function decodeText(body: Buffer, contentType: string | undefined): string {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  return decoder(charset).decode(body);
}

function decoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (error) {
    // A charset that the platform does not know.
    if (error instanceof RangeError) return new TextDecoder();
    throw error;
  }
}

/** `deflate` means zlib, and some servers send it bare: https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2 */
function inflateEither(bytes: Buffer, limit: Limit): Promise<Buffer> {
  const wrapped = ((bytes[0] ?? 0) & 0x0f) === 8;
  return promised(wrapped ? inflate : inflateRaw)(bytes, limit);
}

function tooLarge(maxBytes: number): Error {
  return httpFailure('RESPONSE_TOO_LARGE', `the body is more than ${maxBytes} bytes`);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
