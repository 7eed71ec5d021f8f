import { describe, expect, test } from 'vitest';
import { describeApi, errorsOf } from '../../src/api/openapi.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import { statusEventsSchemas } from '../../src/api/schemas/status-events.ts';
import { schemas } from '../../src/api/schemas.ts';
import type { Json } from '../../src/json.ts';
import { at, createDocumentAjv, document } from '../kit/openapi-check.ts';

/** Every value of the document with the keys that lead to it. */
function* walk(value: Json | undefined, keys: readonly string[] = []): Generator<[readonly string[], Json]> {
  if (value === undefined) return;
  yield [keys, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* walk(child, [...keys, key]);
}

const everything = [...walk(document)];

describe('the OpenAPI document', () => {
  test('is of version 3.1 and is plain JSON', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(at(document, ['info', 'title'])).toBe('Pipecall');
    expect(document).toEqual(describeApi());
  });

  test('has every route with an id of its own', () => {
    const ids = everything.filter(([keys]) => keys.at(-1) === 'operationId').map(([, id]) => id);
    expect(ids.toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  test('refers to what is there', () => {
    const references = everything.filter(([keys]) => keys.at(-1) === '$ref').map(([, reference]) => String(reference));
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      expect(reference).toMatch(/^#\//);
      expect(at(document, reference.slice(2).split('/')), reference).toBeDefined();
    }
  });

  test.each(Object.keys(schemas))('has a schema %s that compiles', name => {
    const ajv = createDocumentAjv();
    expect(() =>
      ajv.compile({ $ref: `https://pipecall.example/openapi.json#/components/schemas/${name}` }),
    ).not.toThrow();
  });

  test('has no schema that nothing uses', () => {
    const used = new Set(everything.filter(([keys]) => keys.at(-1) === '$ref').map(([, reference]) => reference));
    // What is put on the bus is no answer of an operation.
    const answered = Object.keys(schemas).filter(name => !(name in statusEventsSchemas));
    for (const name of answered) expect(used).toContain(`#/components/schemas/${name}`);
  });

  test('has schemas of parameters, headers and bodies that compile', () => {
    const inline = everything.filter(([keys]) => keys.at(-1) === 'schema').map(([, schema]) => schema);
    const ajv = createDocumentAjv();
    for (const schema of inline) {
      const text = JSON.stringify(schema).replaceAll('"#/', '"https://pipecall.example/openapi.json#/');
      expect(() => ajv.compile(JSON.parse(text)), text).not.toThrow();
    }
  });

  test.each(Object.entries<Route>(routes))('describes %s completely', (_id, route) => {
    const operation = at(document, ['paths', route.path, route.method.toLowerCase()]);
    const names = [...walk(at(operation, ['parameters']))]
      .filter(([keys]) => keys.at(-1) === 'name')
      .map(([, name]) => name);
    const placeholders = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(names).toEqual([...placeholders, ...route.query.map(({ name }) => name), ...route.headers]);
    expect(new Set(names).size).toBe(names.length);
    const statuses = [...Object.keys(route.responses), ...errorsOf(route).keys()].map(Number);
    expect(Object.keys(at(operation, ['responses']) ?? {}).map(Number)).toEqual(
      [...new Set(statuses)].toSorted((a, b) => a - b),
    );
    expect(at(operation, ['requestBody']) === undefined).toBe(route.body === undefined);
    expect(at(operation, ['security'])).toEqual(route.permission === 'none' ? [] : undefined);
  });

  test('asks for the token everywhere else', () => {
    expect(document.security).toEqual([{ token: [] }]);
    expect(at(document, ['components', 'securitySchemes', 'token'])).toMatchObject({ type: 'http', scheme: 'bearer' });
  });
});
