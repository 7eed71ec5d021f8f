import { quoteAll } from '../words.ts';

/** The name as it is declared. Properties are found without regard to case when a run reads them, so they are here. */
export function findFolded(name: string, names: readonly string[]): string | undefined {
  const folded = name.toLowerCase();
  return names.find(known => known === name) ?? names.find(known => known.toLowerCase() === folded);
}

/** "it has `a`, `b`" */
export function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'it has none' : `it has ${quoteAll(names)}`;
}
