import type { ApiError } from '../../api/client.ts';
import type { Json } from '../../api/types.ts';
import type { Problem } from '../../parts/yaml-editor/problem.ts';

/** What the server says about a text that may become a version. */
export type Judgement =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fine' }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] }
  /** Somebody else has saved it meanwhile. */
  | { readonly kind: 'overtaken' }
  /** For a reason that is not in the text. */
  | { readonly kind: 'refused'; readonly error: ApiError }
  /** An attempt to save it got no answer: nothing is known about the text. */
  | { readonly kind: 'unsaved'; readonly error: ApiError };

/** The server, or the way to it, fails: another attempt may succeed with the same text. */
export const isOutage = ({ status }: ApiError): boolean => status === 0 || status >= 500;

const OVERTAKEN: ReadonlySet<string> = new Set(['ETAG_MISMATCH', 'CHANGED_MEANWHILE']);
/** The server gives them no place; it is that of the key `id`. */
const ABOUT_ID: ReadonlySet<string> = new Set(['PIPELINE_ID_TAKEN', 'PIPELINE_ID_MISMATCH']);

/** What an error says about the text that was sent. */
export function judgementOf(error: ApiError, text: string): Judgement {
  if (OVERTAKEN.has(error.code)) return { kind: 'overtaken' };
  if (error.code === 'INVALID_DEFINITION') {
    const problems = problemsIn(error.details?.diagnostics);
    if (problems.length > 0) return { kind: 'wrong', problems };
  }
  if (ABOUT_ID.has(error.code)) {
    const problem = { ...idPlace(text), code: error.code, message: error.message };
    return { kind: 'wrong', problems: [problem] };
  }
  return { kind: 'refused', error };
}

/** The value of the key `id`, else the beginning of the text. */
function idPlace(text: string): { readonly line: number; readonly column: number } {
  const found = /^id:[ \t]*/m.exec(text);
  if (found === null) return { line: 1, column: 1 };
  return { line: text.slice(0, found.index).split('\n').length, column: found[0].length + 1 };
}

function problemsIn(diagnostics: Json | undefined): readonly Problem[] {
  return (Array.isArray(diagnostics) ? diagnostics : []).flatMap(entry => {
    const { code, message, line, column, hint } = asMap(entry);
    if (typeof message !== 'string' || typeof line !== 'number' || typeof column !== 'number') return [];
    return [{ line, column, code: String(code), message, ...(typeof hint === 'string' ? { hint } : {}) }];
  });
}

function asMap(value: Json): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json }) // as: neither a list nor null
    : {};
}
