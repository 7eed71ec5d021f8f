import type { Json } from '../../json.ts';

/** Characters below which a text within a larger secret is too common to be masked. */
const LEAST = 4;
const MOST_LEAVES = 1_000;
const DEEPEST = 20;

/** Texts and numbers within a secret that is a JSON map or list, like the credentials of a cloud: expressions take it apart. */
export function leavesOf(secret: string): readonly string[] {
  const leaves: string[] = [];
  const visit = (value: Json, depth: number): void => {
    if (leaves.length >= MOST_LEAVES || value === null || typeof value === 'boolean') return;
    if (typeof value === 'object') {
      if (depth < DEEPEST) for (const entry of Object.values(value)) visit(entry, depth + 1);
      return;
    }
    const text = String(value);
    if (text.length >= LEAST) leaves.push(text);
  };
  const value = parsed(secret);
  if (typeof value === 'object') visit(value, 0);
  return leaves;
}

function parsed(secret: string): Json | undefined {
  if (!/^\s*[[{]/.test(secret)) return undefined;
  try {
    // as: what JSON.parse answers is JSON
    return JSON.parse(secret) as Json;
  } catch {
    // Most secrets are no JSON.
    return undefined;
  }
}
