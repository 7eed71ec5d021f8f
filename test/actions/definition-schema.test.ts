import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { actions } from '../../src/actions/registry.ts';
import { definitionSchema } from '../../src/language/keys/definition.ts';
import { type ActionShapes, readPipeline } from '../../src/language/read-pipeline.ts';
import { exampleFile } from '../docs/write-pages.ts';
import { saveCases } from '../fixtures/actions/at-save.ts';

type ActionShape = ActionShapes extends ReadonlyMap<string, infer S> ? S : never;

const schema = definitionSchema({ actions, org: 'acme' });
const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, ownProperties: true });
addFormats.default(ajv);
const check = ajv.compile(schema);

const definition = (step: string): string =>
  `name: Test\non:\n  pipeline_call: { inputs: { a: {} } }\njobs:\n  a:\n    steps:\n      - ${step}\n`;

const accepts = (text: string): boolean => check(parse(text, { logLevel: 'silent', stringKeys: true }));

/** An editor underlines what the check at save would refuse, and nothing else. */
test.each(saveCases)('%s with %j is judged as at save', (action, lines, found) => {
  const uses = `actions/${action.includes('/') ? action : `humanitec/${action}`}@v1`;
  const step = `uses: ${uses}\n        with:\n${lines.map(line => `          ${line}\n`).join('')}`;
  expect(accepts(definition(step))).toBe(found.length === 0);
});

const FORMS: readonly (readonly [uses: string, accepted: boolean])[] = [
  ['actions/humanitec/log@v1', true],
  ['actions/humanitec/log', true],
  ['native://actions/humanitec/log@v1', true],
  ['native://actions/humanitec/log', true],
  ['actions/humanitec/lgo@v1', false],
  ['actions/humanitec/log@v2', false],
  ['actions/humanitec/log@1', false],
  ['actions/acme/notify@v3', true],
  ['native://actions/acme/notify', true],
  ['actions/rival/notify@v3', false],
  ['actions/acme/notify@latest', false],
  ['log', false],
];

test.each(FORMS)('%s is a name: %s', (uses, accepted) => {
  expect(accepts(definition(`{ uses: '${uses}', with: { message: hi } }`))).toBe(accepted);
  const registered = { inputs: { type: 'object' }, outputs: { type: 'object' } };
  const known = new Map<string, ActionShape>([...actions, ['actions/acme/notify@v3', registered]]);
  expect(readPipeline(definition(`{ uses: '${uses}', with: { message: hi } }`), { actions: known }).ok).toBe(accepted);
});

describe.each([...actions])('%s', (key, action) => {
  const { inputs, summary } = action;
  const given = readFileSync(exampleFile(action), 'utf8');

  test('its example is accepted', () => {
    accepts(given);
    expect(check.errors).toBe(null);
  });

  test('its name and what it is for are completed', () => {
    const step = JSON.parse(JSON.stringify(schema)).$defs.step;
    expect(step.properties.uses.anyOf).toContainEqual({ const: key, description: summary });
  });

  test('every input is completed, with its description, and may be an expression', () => {
    const { allOf } = JSON.parse(JSON.stringify(schema)).$defs.step;
    const branch = allOf.find((each: { if: object }) => JSON.stringify(each.if).includes(`"${key}"`));
    const { properties } = branch.then.properties.with;
    // as: every action describes its inputs by name
    const described = inputs.properties as Readonly<Record<string, { readonly description: string }>>;
    for (const [input, { description }] of Object.entries(described)) {
      expect(properties[input]).toMatchObject({ description });
      const expression = { properties: { it: properties[input] } };
      const value = { it: '${{ inputs.a }}' };
      expect(
        new Ajv2020({ strictTypes: false, strictRequired: false })
          .addFormat('date-time', true)
          .validate(expression, value),
        input,
      ).toBe(true);
    }
    expect(Object.keys(properties)).toEqual(Object.keys(described));
  });

  test('an input that it does not have is found', () => {
    expect(accepts(definition(`{ uses: '${key}', with: { no_such_input: 1 } }`))).toBe(false);
  });
});

test('it stays small enough to be sent to an editor', () => {
  expect(JSON.stringify(schema).length).toBeLessThan(100_000);
});
