import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { definitionSchema } from '../../src/language/keys/definition.ts';
import { loadFolder } from './fixtures.ts';

type Case = { readonly name: string; readonly text: string };

const check = new Ajv2020({ strictTypes: false }).compile(definitionSchema());

const cases = loadFolder<readonly Case[]>('valid').flatMap(([, list]) => list);

/** The schema of the editor comes from the same tables as the check, and must not refuse what the check takes. */
test.each(cases)('the schema takes $name', ({ text }) => {
  check(parse(text, { logLevel: 'silent', stringKeys: true, maxAliasCount: -1 }));
  expect(check.errors).toBe(null);
});

test.each([
  ['an unknown key', { name: 'x', on: { pipeline_call: {} }, jobs: { a: { steps: [{ uses: 'a' }] } }, job: 1 }],
  ['no jobs', { name: 'x', on: { pipeline_call: {} } }],
  ['a bad id of a job', { name: 'x', on: { pipeline_call: {} }, jobs: { '1a': { steps: [{ uses: 'a' }] } } }],
  ['no steps', { name: 'x', on: { pipeline_call: {} }, jobs: { a: {} } }],
  ['a step without uses', { name: 'x', on: { pipeline_call: {} }, jobs: { a: { steps: [{ id: 'b' }] } } }],
])('the schema refuses %s', (_, definition) => {
  expect(check(definition)).toBe(false);
});
