import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ActionDescription } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/registry.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { actionsPage } from './actions-page.ts';
import { blocksOf, readPage, sectionsOf } from './page.ts';
import { exampleFile, pages } from './write-pages.ts';

test.each([...pages()])('docs/%s is what the code says: `npm run docs` writes it anew', (name, text) => {
  expect(readPage(name) === text, `docs/${name} is stale: run \`npm run docs\``).toBe(true);
});

const sections = sectionsOf(readPage('actions.md'), 2);

test.each([...actions])('%s has a section with all that it takes, answers and fails with', (key, action) => {
  const section = sections.get(`\`${key}\``) ?? '';
  const names = [action.inputs, action.outputs].flatMap(schema => Object.keys(schema.properties ?? {}));
  for (const name of [...names, ...Object.keys(action.errors)]) expect(section).toContain(`| \`${name}\` |`);
});

test.each([...actions])('%s has an example that is accepted', (key, action) => {
  expect(existsSync(exampleFile(action)), `write ${exampleFile(action).pathname}`).toBe(true);
  const [block, ...more] = blocksOf(sections.get(`\`${key}\``) ?? '');
  expect(more).toEqual([]);
  const read = readPipeline(block?.text ?? '', { actions });
  expect(read.ok ? [] : read.diagnostics).toEqual([]);
  expect(block?.text).toContain(`uses: ${key}`);
});

test('every example is of an action', () => {
  const known = new Set([...actions.values()].map(action => exampleFile(action).pathname.split('/').at(-1)));
  const files = readdirSync(new URL('../fixtures/actions/examples/', import.meta.url));
  expect(files.filter(file => !known.has(file))).toEqual([]);
});

test('an action of somebody else appears by itself', () => {
  const own: ActionDescription = {
    name: 'actions/acme/greet',
    version: 2,
    summary: 'Greets.',
    inputs: {
      type: 'object',
      required: ['who'],
      properties: {
        who: { type: ['string', 'integer'], minLength: 1, maxLength: 2_000, description: 'A | B.' },
        tone: { enum: ['warm', 'cold'], default: 'warm', description: 'How.' },
        times: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1, maximum: 9 } },
      },
    },
    outputs: { type: 'object' },
    errors: { RUDE: 'It was rude.' },
    pure: true,
  };
  const page = actionsPage([own], () => undefined);
  expect(page.slice(page.indexOf('| action'))).toMatchInlineSnapshot(`
    "| action | does |
    | --- | --- |
    | [\`actions/acme/greet@v2\`](#actionsacmegreetv2) | Greets. |

    ## \`actions/acme/greet@v2\`

    Greets. Pure.

    | input | type | default | meaning |
    | --- | --- | --- | --- |
    | \`who\` | text or whole number, not empty, at most 2,000 characters | required | A \\| B. |
    | \`tone\` | \`warm\`, \`cold\` | \`warm\` | How. |
    | \`times\` | list of whole number, at least 1, at most 9, not empty |  |  |

    It has no outputs.

    | error | meaning |
    | --- | --- |
    | \`RUDE\` | It was rude. |
    "
  `);
});
