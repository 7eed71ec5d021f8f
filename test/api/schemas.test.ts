import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { actions } from '../../src/actions/registry.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { openWorld, smallPipeline, type World } from '../kit/api-world.ts';
import { load, loadFolder } from '../language/fixtures.ts';

const LANGUAGE = '/orgs/acme/pipeline-schemas/latest';
const PIPELINES = '/orgs/acme/apps/shop/pipelines';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** As an editor or a client would: a package and what it calls draft 2020-12. */
function compile(schema: JsonObject) {
  const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, ownProperties: true });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

const asData = (text: string): Json => parse(text, { logLevel: 'silent', stringKeys: true, maxAliasCount: -1 });

describe('the schema of the language', () => {
  let check: ReturnType<typeof compile>;
  beforeAll(async () => {
    const answer = await world.client({ path: LANGUAGE });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/schema+json' } });
    check = compile(answer.json);
  });

  const examples = new URL('../../examples/', import.meta.url);
  test.each(readdirSync(examples))('accepts examples/%s', file => {
    check(asData(readFileSync(new URL(file, examples), 'utf8')));
    expect(check.errors).toBe(null);
  });

  type Case = { readonly name: string; readonly text: string };
  const valid = loadFolder<readonly Case[]>('valid').flatMap(([, cases]) => cases);
  // The fixtures have actions of their own; what is of them does not count here.
  const saved = valid.filter(({ text }) => readPipeline(text, { actions }).ok);
  test('nearly all valid definitions are of actions that there are', () => {
    expect(saved.length).toBeGreaterThan(valid.length * 0.8);
  });

  test.each(saved)('accepts a valid definition: $name', ({ text }) => {
    check(asData(text));
    expect(check.errors).toBe(null);
  });

  /** A definition that has every map whose keys the language knows. */
  const whole = {
    name: 'Whole',
    on: { pipeline_call: { inputs: { a: { type: 'string' } } } },
    concurrency: { group: 'one' },
    permissions: { application: 'developer' },
    jobs: {
      a: { steps: [{ uses: 'actions/humanitec/log@v1', with: { message: 'hi' }, retry: { 'max-attempts': 2 } }] },
    },
  };
  const places = ['', '/on', '/on/pipeline_call', '/concurrency', '/permissions', '/jobs/a', '/jobs/a/steps/0'];

  test('accepts the definition that the next cases break', () => {
    check(whole);
    expect(check.errors).toBe(null);
  });

  test.each([...places, '/jobs/a/steps/0/retry'])('refuses an unknown key in "%s"', place => {
    const broken = structuredClone(whole);
    // as: every place is one of an object of the definition above
    const holder = place
      .split('/')
      .slice(1)
      .reduce<object>((at, key) => Reflect.get(at, key) as object, broken);
    Object.assign(holder, { 'unknown-key': 1 });
    expect(check(broken)).toBe(false);
    const error = { keyword: 'additionalProperties', instancePath: place };
    expect(check.errors).toContainEqual(expect.objectContaining(error));
  });

  test('describes every key', async () => {
    const { json } = await world.client({ path: LANGUAGE });
    const silent = [...propertiesOf(json)].filter(([, property]) => typeof property.description !== 'string');
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  test('is not sent again to those who have it', async () => {
    const { etag = '' } = (await world.client({ path: LANGUAGE })).headers;
    expect(etag).toMatch(/^[0-9a-f]{16}$/);
    const again = await world.client({ path: LANGUAGE, headers: { 'if-none-match': `"${etag}"` } });
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
    expect((await world.client({ path: LANGUAGE, headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test.each([
    ['member', 200],
    ['rival', 404],
  ] as const)('is for everybody in the org: %s gets %i', async (person, status) => {
    expect((await world.client({ path: LANGUAGE, token: world.tokens[person] })).status).toBe(status);
  });
});

/** Every property of a schema and of the schemas in it, with the keys that lead to it. */
function* propertiesOf(schema: Json | undefined, path = ''): Generator<readonly [string, JsonObject]> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, child] of Object.entries(schema)) {
    if (key === 'default' || key === 'examples' || key === 'enum' || key === 'if') continue;
    if (key === 'properties') {
      for (const [name, property] of Object.entries(child as JsonObject)) {
        const own = `${path}.${name}`; // as: `properties` holds schemas by name
        yield [own, property as JsonObject];
        yield* propertiesOf(property as Json, own);
      }
    } else yield* propertiesOf(child as Json, path);
  }
}

describe('the schema of the inputs of a pipeline', () => {
  type Case = { readonly name: string; readonly declared: JsonObject; readonly given?: Json };

  /** Uploads a pipeline that declares these inputs. */
  async function upload(declared: JsonObject): Promise<string> {
    const definition = asData(smallPipeline()) as JsonObject; // as: it is a map
    const body = { ...definition, on: { pipeline_call: { inputs: declared } } };
    const created = await world.client({ method: 'POST', path: PIPELINES, body });
    expect(created.status, created.text).toBe(201);
    return `${PIPELINES}/${created.json.id}`;
  }

  const cases = load<readonly Case[]>('run-inputs.yaml');
  test.each(cases)('takes what a start takes: $name', async ({ declared, given = {} }) => {
    const path = await upload(declared);
    const schema = await world.client({ path: `${path}/inputs-schema` });
    expect(schema).toMatchObject({ status: 200, headers: { 'content-type': 'application/schema+json' } });
    const started = await world.client({ method: 'POST', path: `${path}/runs`, body: { inputs: given } });
    expect([201, 400, 422], started.text).toContain(started.status);
    expect(compile(schema.json)(given)).toBe(started.status === 201);
  });

  test('tells a form about each input', async () => {
    const path = await upload({ size: { type: 'integer', description: 'How many.', default: 2, required: true } });
    expect((await world.client({ path: `${path}/inputs-schema` })).json).toMatchObject({
      type: 'object',
      properties: { size: { type: 'integer', description: 'How many.', default: 2 } },
      additionalProperties: false,
    });
  });

  test('is that of the version that is asked for', async () => {
    const path = await upload({ before: { type: 'string' } });
    const first = (await world.client({ path })).json.version;
    const { etag = '' } = (await world.client({ path: `${path}/inputs-schema` })).headers;
    const headers = { 'content-type': 'text/yaml' };
    expect((await world.client({ method: 'PATCH', path, headers, body: smallPipeline() })).status).toBe(200);
    const now = await world.client({ path: `${path}/inputs-schema`, headers: { 'if-none-match': etag } });
    expect(Object.keys(now.json.properties)).toEqual([]);
    const old = await world.client({ path: `${path}/inputs-schema?version=${first}` });
    expect(Object.keys(old.json.properties)).toEqual(['before']);
    expect(old.headers.etag).toBe(etag);
    expect((await world.client({ path: `${path}/inputs-schema?version=x` })).status).toBe(404);
  });

  test('is not there without the trigger pipeline_call', async () => {
    const body = smallPipeline('no-call').replace('  pipeline_call:\n', '  deployment_request:\n');
    const headers = { 'content-type': 'text/yaml' };
    expect((await world.client({ method: 'POST', path: PIPELINES, headers, body })).status).toBe(201);
    const answer = await world.client({ path: `${PIPELINES}/no-call/inputs-schema` });
    expect(answer).toMatchObject({ status: 409, json: { error: 'NO_PIPELINE_CALL' } });
  });
});
