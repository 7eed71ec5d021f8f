import { hash } from 'node:crypto';
import type { ApiRequest } from '../operation.ts';
import { type Refusal, type Reply, refuse } from '../reply.ts';

/** An object as the API shows it. `text`: its JSON, made once, with the etag in it. */
export type Entity = { readonly text: string; readonly etag: string };

const ETAG_CHARACTERS = 16;

/** `json`: text of an object that has one property at least. The etag is a hash of it. */
export function makeEntity(json: string): Entity {
  const etag = etagOf(json);
  return { text: `${json.slice(0, -1)},"etag":"${etag}"}`, etag };
}

export function etagOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, ETAG_CHARACTERS);
}

/** With what is told beside the object and is no part of it: the etag stays the same. */
export const withMore = ({ text, etag }: Entity, more: Readonly<Record<string, unknown>>): Entity => ({
  text: `${text.slice(0, -1)},${JSON.stringify(more).slice(1)}`,
  etag,
});

export function replyEntity(status: number, entity: Entity, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { etag: entity.etag, ...headers }, body: entity.text };
}

/** `If-Match` of a change. Undefined: it holds, or the request has none. */
export function checkIfMatch(request: ApiRequest, entity: Entity): Refusal | undefined {
  const given = request.headers['if-match'];
  if (given === undefined || namesEtag(given, entity.etag)) return undefined;
  return refuse('ETAG_MISMATCH', `The object is not the one that If-Match names: its etag is ${entity.etag} now.`);
}

/** Does a header with a list of entity tags (bare, quoted or weak) name this one? */
export function namesEtag(header: string, etag: string): boolean {
  return header
    .split(',')
    .map(tag =>
      tag
        .trim()
        .replace(/^W\//, '')
        .replace(/^"(.*)"$/, '$1'),
    )
    .some(tag => tag === '*' || tag === etag);
}
