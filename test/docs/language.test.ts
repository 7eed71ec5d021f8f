import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/json.ts';
import { CONTEXTS } from '../../src/language/expressions/contexts.ts';
import { FUNCTIONS } from '../../src/language/expressions/functions.ts';
import { definitionSchema } from '../../src/language/keys/definition.ts';
import { keywordsOf } from '../../src/language/keys/input-keywords.ts';
import { FORMATS } from '../../src/language/schema/validator.ts';
import { putRole } from '../../src/store/roles.ts';
import { putSubject } from '../../src/store/subjects.ts';
import { openWorld, type World } from '../kit/api-world.ts';
import { blocksOf, readPage } from './page.ts';

const page = readPage('language.md');
const blocks = blocksOf(page);
const definitions = blocks.filter(({ info }) => info === 'yaml');

describe('the examples of docs/language.md', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    // The service user of the examples: a pipeline runs as nobody who is not in the org.
    const [id = ''] = /s-[0-9a-f]{8}-[0-9a-f-]{27}/.exec(page) ?? [];
    await putSubject(world.table, { id, type: 'service', name: 'Example', createdAt: 1 });
    await putRole(world.table, id, { scope: 'org', org: 'acme', role: 'member' }, 1);
  });
  afterAll(() => world.close());

  test.each(definitions)('the definition at line $line can be uploaded', async ({ text }) => {
    const path = '/orgs/acme/apps/shop/pipelines';
    const headers = { 'content-type': 'application/x-yaml' };
    const { status, text: answer } = await world.client({ method: 'POST', path, headers, body: text });
    expect(status, answer).toBe(201);
  });

  test('are whole: no block of YAML is kept out of this test', () => {
    expect(definitions.length).toBeGreaterThan(20);
    const others = blocks.filter(({ info }) => info !== 'yaml');
    expect(others.map(({ info }) => info)).toEqual(others.map(() => 'sh'));
  });

  test('begin with a pipeline of ten lines', () => {
    expect(definitions[0]?.text.trim().split('\n').length).toBeLessThanOrEqual(10);
  });
});

/** `.jobs.*.steps[].uses`: `*` stands for a name that the author chooses. */
type KeyPath = string;

/** Behind these stand patterns of EventBridge, whose fields the author chooses. */
const FOREIGN = /^\.on\.event\.(?:source|detail-type|detail)./;

function* keysOf(schema: Json | undefined, path = ''): Generator<KeyPath> {
  if (!isMap(schema) || FOREIGN.test(`${path}.`)) return;
  for (const branch of branchesOf(schema)) yield* keysOf(branch, path);
  for (const [key, child] of Object.entries(isMap(schema.properties) ? schema.properties : {})) {
    yield `${path}.${key}`;
    yield* keysOf(child, `${path}.${key}`);
  }
  yield* keysOf(schema.additionalProperties, `${path}.*`);
  yield* keysOf(schema.items, `${path}[]`);
}

/** The keys of a schema that a definition uses. */
function* usedKeys(schema: Json | undefined, value: Json, path = ''): Generator<KeyPath> {
  if (!isMap(schema)) return;
  for (const branch of branchesOf(schema)) yield* usedKeys(branch, value, path);
  if (Array.isArray(value)) for (const item of value) yield* usedKeys(schema.items, item, `${path}[]`);
  if (!isMap(value)) return;
  const known = isMap(schema.properties) ? schema.properties : {};
  for (const [key, child] of Object.entries(value)) {
    if (Object.hasOwn(known, key)) {
      yield `${path}.${key}`;
      yield* usedKeys(known[key], child, `${path}.${key}`);
    } else yield* usedKeys(schema.additionalProperties, child, `${path}.*`);
  }
}

function branchesOf({ anyOf, oneOf, allOf }: JsonObject): readonly Json[] {
  return [anyOf, oneOf, allOf].flatMap(branches => (Array.isArray(branches) ? (branches as readonly Json[]) : []));
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('docs/language.md', () => {
  // JSON.parse: the schema as it is served; what it refers to stands in its place.
  const served: JsonObject = JSON.parse(JSON.stringify(definitionSchema()));
  const step = isMap(served.$defs) ? JSON.stringify(served.$defs.step) : '';
  const schema: JsonObject = JSON.parse(JSON.stringify(served).replace('{"$ref":"#/$defs/step"}', () => step));
  const keys = [...new Set(keysOf(schema))];

  test('the schema has the keys of all parts of a definition', () => {
    expect(keys).toEqual(expect.arrayContaining(['.jobs.*.steps[].uses', '.on.pipeline_call.inputs.*.type']));
  });

  test.each(keys)('explains %s', key => {
    expect(page).toContain(`\`${key.split('.').at(-1)}\``);
  });

  test('has an example of every key', () => {
    const used = new Set(definitions.flatMap(({ text }) => [...usedKeys(schema, parse(text))]));
    expect(keys.filter(key => !used.has(key))).toEqual([]);
  });

  test.each([...FUNCTIONS.values()].map(({ name }) => name))('explains the function %s', name => {
    expect(page).toContain(`\`${name}(`);
  });

  test.each(CONTEXTS)('explains the context %s', context => {
    expect(page).toMatch(new RegExp(`^\\| .*\`${context}[.\`].* \\|`, 'm'));
  });

  test.each([...keywordsOf(undefined), ...FORMATS])('names the keyword or format %s', word => {
    expect(page).toContain(`\`${word}\``);
  });
});
