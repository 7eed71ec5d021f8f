import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { definitionSchema } from '../../src/language/keys/definition.ts';
import { actions, loadFolder } from './fixtures.ts';

type Case = { readonly name: string; readonly text: string };

const check = new Ajv2020({ strictTypes: false }).compile(definitionSchema());

const ajv = new Ajv2020({ strictTypes: false, strictRequired: false });
addFormats.default(ajv);
const withActions = ajv.compile(definitionSchema({ actions, org: 'acme' }));

const MINIMAL = { name: 'x', on: { pipeline_call: {} }, jobs: { a: { steps: [{ uses: 'a' }] } } };

const cases = loadFolder<readonly Case[]>('valid').flatMap(([, list]) => list);

/** The schema of the editor comes from the same tables as the check, and must not refuse what the check takes. */
test.each(cases)('the schema takes $name', ({ text }) => {
  check(parse(text, { logLevel: 'silent', stringKeys: true, maxAliasCount: -1 }));
  expect(check.errors).toBe(null);
});

test.each(cases)('the schema that knows the actions takes $name', ({ text }) => {
  withActions(parse(text, { logLevel: 'silent', stringKeys: true, maxAliasCount: -1 }));
  expect(withActions.errors).toBe(null);
});

/** What is said about an action and its inputs is in the schema too. */
const OF_ACTIONS: readonly string[] = ['UNKNOWN_ACTION', 'MISSING_INPUT', 'UNKNOWN_INPUT', 'INVALID_INPUT'];
type Invalid = Case & { readonly expect: readonly { readonly code: string; readonly path: string }[] };
const invalid = loadFolder<readonly Invalid[]>('invalid')
  .flatMap(([, list]) => list)
  // What an expression names is not for a schema to say.
  .filter(({ text }) => !/\$\{\{.*inputs/.test(text))
  .filter(({ expect: found }) =>
    found.every(({ code, path }) => OF_ACTIONS.includes(code) && /\.(uses|with\b.*)$/.test(path)),
  );

test.each(invalid)('the schema that knows the actions refuses $name', ({ text }) => {
  expect(withActions(parse(text, { logLevel: 'silent', stringKeys: true, maxAliasCount: -1 }))).toBe(false);
});

test.each([
  ['an unknown key', { name: 'x', on: { pipeline_call: {} }, jobs: { a: { steps: [{ uses: 'a' }] } }, job: 1 }],
  ['no jobs', { name: 'x', on: { pipeline_call: {} } }],
  ['a bad id of a job', { name: 'x', on: { pipeline_call: {} }, jobs: { '1a': { steps: [{ uses: 'a' }] } } }],
  ['no steps', { name: 'x', on: { pipeline_call: {} }, jobs: { a: {} } }],
  ['a step without uses', { name: 'x', on: { pipeline_call: {} }, jobs: { a: { steps: [{ id: 'b' }] } } }],
  ['a trigger that does not exist', { ...MINIMAL, on: { push: {} } }],
  ['a group without a name', { ...MINIMAL, concurrency: { limit: 2 } }],
  ['a limit of 21', { ...MINIMAL, concurrency: { group: 'a', limit: 21 } }],
  ['a role that does not exist', { ...MINIMAL, permissions: { application: 'boss' } }],
  ['nobody to run as', { ...MINIMAL, permissions: { 'run-as': 'me' } }],
  ['permissions that say nothing', { ...MINIMAL, permissions: {} }],
  ['an event without a pattern', { ...MINIMAL, on: { event: { inputs: {} } } }],
  ['an operator that does not exist', { ...MINIMAL, on: { event: { source: [{ regex: 'a' }] } } }],
  ['an artefact without patterns', { ...MINIMAL, on: { artefact: { type: 'workload', include: [] } } }],
  ['settings of a deployment request', { ...MINIMAL, on: { deployment_request: { env: 'a' } } }],
  ['a retry without attempts', { ...MINIMAL, jobs: { a: { steps: [{ uses: 'a', retry: {} }] } } }],
])('the schema refuses %s', (_, definition) => {
  expect(check(definition)).toBe(false);
});

/** What a map of a schema says its keys are; the author's own maps have none. */
function keysWithoutDescription(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, inner]: [string, unknown]) => {
    if (keyword !== 'properties' || typeof inner !== 'object' || inner === null)
      return keysWithoutDescription(inner, path);
    return Object.entries(inner).flatMap(([key, property]: [string, unknown]) => {
      const there = `${path}.${key}`;
      const isTold = typeof property === 'object' && property !== null && 'description' in property;
      return [...(isTold ? [] : [there]), ...keysWithoutDescription(property, there)];
    });
  });
}

test('every key has a description', () => {
  expect(keysWithoutDescription(definitionSchema(), '')).toEqual([]);
});
