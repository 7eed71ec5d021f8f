import { INDEXES, type Item, type Page, type Query } from '../ports/table.ts';

/** The answer to a query, with the cursor behind its last item when its limit ended it. */
export function pageOf(items: readonly Item[], { index, limit }: Query): Page {
  const last = items.at(-1);
  if (!last || items.length !== limit) return { items };
  const names = ['pk', 'sk', ...(index ? [INDEXES[index].pk, INDEXES[index].sk] : [])];
  return { items, next: Object.fromEntries(names.map(name => [name, String(last[name])])) };
}
