import type { JsonSchema } from '../../json.ts';
import type { ApiRequest } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { type Entity, etagOf, namesEtag } from './entity.ts';

/** https://json-schema.org/draft/2020-12/json-schema-core#name-application-schemajson */
const SCHEMA_TYPE = 'application/schema+json';

/** Nothing is added to a schema: an editor reads it as it is, and its etag stands in the header only. */
export function makeSchema(schema: JsonSchema): Entity {
  const text = JSON.stringify(schema);
  return { text, etag: etagOf(text) };
}

export function replySchema(request: ApiRequest, { text, etag }: Entity): Reply {
  const known = request.headers['if-none-match'];
  if (known !== undefined && namesEtag(known, etag)) return { status: 304, headers: { etag } };
  return { status: 200, headers: { 'content-type': SCHEMA_TYPE, etag }, body: text };
}
