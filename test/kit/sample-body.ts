import fc from 'fast-check';
import type { Route } from '../../src/api/route.ts';
import { schemas } from '../../src/api/schemas.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { smallPipeline } from './api-world.ts';

/** What no pattern tells. */
const KNOWN: Readonly<Record<string, Json>> = {
  type: 'development',
  email: 'somebody@example.com',
  url: 'https://example.com/hook',
  inputs: {},
};

/** A body that the route takes, with what its schema requires and nothing else. Undefined: the route takes none. */
export function sampleBody(
  route: Route,
): { readonly body: unknown; readonly headers: Readonly<Record<string, string>> } | undefined {
  const { body } = route;
  if (body === undefined) return undefined;
  if (body.kind === 'definition') {
    return { body: smallPipeline(), headers: { 'content-type': 'application/x-yaml' } };
  }
  return { body: sample('', schemas[body.schema]), headers: {} };
}

function sample(name: string, schema: JsonObject): Json {
  if (Array.isArray(schema.enum) && schema.enum[0] !== undefined) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  const known = KNOWN[name];
  if (known !== undefined) return known;
  const [type] = Array.isArray(schema.type) ? schema.type : [schema.type];
  switch (type) {
    case 'object': {
      const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
      const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonObject>>; // as: what JSON Schema says
      return Object.fromEntries(required.map(key => [key, sample(key, properties[key] ?? {})]));
    }
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Number(schema.minimum ?? 1);
    case 'array':
      return [];
    default:
      return sampleText(schema);
  }
}

/** Text of the form that the schema asks for. */
export function sampleText({ pattern, minLength = 1, maxLength = 100 }: JsonObject): string {
  const matching = fc.stringMatching(new RegExp(typeof pattern === 'string' ? pattern : '^[a-z]+$'));
  const fits = matching.filter(text => text.length >= Number(minLength) && text.length <= Number(maxLength));
  const [text = ''] = fc.sample(fits, { numRuns: 1, seed: 1 });
  return text;
}
