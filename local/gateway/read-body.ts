import type { IncomingMessage } from 'node:http';

/** Bytes that somebody whose body is too large may send until we hang up; whoever is heard out can read why. */
const PATIENCE = 8 * 1_024 * 1_024;

export type Body = { readonly bytes: Buffer } | { readonly failed: 'too-large' | 'too-large-to-read' | 'aborted' };

/** Keeps at most `limit` bytes, whatever the caller sends or said it would send. */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > PATIENCE) resolve({ failed: 'too-large-to-read' });
    });
    request.on('end', () => {
      const [first] = chunks;
      if (size > limit) resolve({ failed: 'too-large' });
      else resolve({ bytes: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size) });
    });
    // Also comes after `end`; then the promise has its answer already.
    request.on('close', () => resolve({ failed: 'aborted' }));
    request.on('error', () => resolve({ failed: 'aborted' }));
  });
}
