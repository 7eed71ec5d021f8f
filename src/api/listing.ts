import type { Cursor } from '../ports/table.ts';
import type { Listed } from '../store/pipelines.ts';
import type { ApiDependencies, ApiRequest } from './operation.ts';
import { openCursor, sealCursor } from './page-tokens.ts';
import { type Refusal, type Reply, refuse } from './reply.ts';

/** Bytes (of UTF-16 text, near enough) after which a page ends early: a Lambda function answers 6 MB at the most. */
const PAGE_TEXT = 4 * 1_024 * 1_024;

/** Records that one read of the table answers at the most. */
const READ_LIMIT = 100;

/** Reads for one page. Where filters leave nothing of them, the page is short or empty and has a next one all the same. */
const MOST_READS = 10;

const NONCE_BYTES = 12;

/** A list: how it is read and shown. The order is that of `read`. */
export type Listing<T> = {
  readonly read: (limit: number, after: Cursor | undefined) => Promise<Listed<T>>;
  /** Where the list goes on behind this record. */
  readonly cursorOf: (record: T) => Cursor;
  /** Absent: every record belongs to the list. */
  readonly keep?: (record: T) => boolean;
  /** `keep` leaves out hardly any, so no more are read than the page lacks. */
  readonly keepsMost?: boolean;
  /** Undefined: there is nothing to show of it, so it is left out. */
  readonly render: (record: T) => Promise<string | undefined> | string | undefined;
};

type ListCall = {
  readonly request: ApiRequest;
  readonly caller: { readonly id: string };
  readonly query: { readonly per_page: number; readonly page?: string };
};

/** One page, and a link to the next one exactly when there is one (or when too much was filtered out to tell). */
export async function replyList<T>(
  { keys, ids, baseUrl = '' }: Pick<ApiDependencies, 'keys' | 'ids' | 'baseUrl'>,
  { request, caller, query }: ListCall,
  listing: Listing<T>,
): Promise<Reply | Refusal> {
  const binding = bindingOf(request, caller.id);
  const after = query.page === undefined ? undefined : openCursor(keys.page, binding, query.page);
  if (query.page !== undefined && after === undefined) {
    return refuse(
      'INVALID_PAGE_TOKEN',
      'The page token is not of this caller and query; take it from the Link header.',
    );
  }
  const { items, next } = await readPage(listing, query.per_page, after);
  const body = `[${items.join(',')}]`;
  if (next === undefined) return { status: 200, body };
  const token = sealCursor(keys.page, ids.random(NONCE_BYTES), binding, next);
  const search = new URLSearchParams([...parametersWithoutPage(request), ['page', token]]);
  return { status: 200, headers: { link: `<${baseUrl}${request.path}?${search}>; rel="next"` }, body };
}

/** Reads one record more than the page holds: whether there is a next page is known, not guessed. */
async function readPage<T>(
  listing: Listing<T>,
  perPage: number,
  start: Cursor | undefined,
): Promise<{ readonly items: readonly string[]; readonly next?: Cursor }> {
  const { read, cursorOf, keep, keepsMost = keep === undefined, render } = listing;
  const items: string[] = [];
  let size = 0;
  let last: T | undefined;
  let after = start;
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const missing = perPage + 1 - items.length;
    const page = await read(keepsMost ? Math.min(missing, READ_LIMIT) : READ_LIMIT, after);
    const wanted = keep === undefined ? page.records : page.records.filter(keep);
    const shown = await Promise.all(wanted.slice(0, missing).map(render));
    for (const [index, text] of shown.entries()) {
      if (text === undefined) continue;
      if (last !== undefined && (items.length === perPage || size + text.length > PAGE_TEXT)) {
        return { items, next: cursorOf(last) };
      }
      items.push(text);
      size += text.length;
      last = wanted[index];
    }
    if (page.next === undefined) return { items };
    after = page.next;
  }
  return after === undefined ? { items } : { items, next: after };
}

/** What a page token holds for: who asks, for what, with which parameters in whatever order. */
function bindingOf(request: ApiRequest, caller: string): string {
  const parameters = parametersWithoutPage(request).map(([name, value]) => `${name}=${value}`);
  return JSON.stringify([caller, request.path, parameters.sort()]);
}

function parametersWithoutPage(request: ApiRequest): [string, string][] {
  return [...request.query].flatMap(([name, values]) =>
    name === 'page' ? [] : values.map((value): [string, string] => [name, value]),
  );
}
