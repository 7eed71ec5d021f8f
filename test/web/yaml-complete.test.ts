import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { parse } from 'yaml';
import { actions as shapes } from '../../src/actions/registry.ts';
import { FUNCTIONS as LANGUAGE_FUNCTIONS } from '../../src/language/expressions/functions.ts';
import { definitionSchema } from '../../src/language/keys/definition.ts';
import { complete } from '../../web/src/parts/yaml-editor/complete.ts';
import { describe } from '../../web/src/parts/yaml-editor/describe.ts';
import { FUNCTIONS } from '../../web/src/parts/yaml-editor/expression-words.ts';
import { plainOrQuoted } from '../../web/src/parts/yaml-editor/schema-words.ts';
import { COMPLETIONS } from '../fixtures/web/completions.ts';
import { languageSchema } from '../fixtures/web/language-schema.ts';

const known = { appValues: ['REGION', 'TOKEN'] };

function at(marked: string) {
  const offset = marked.indexOf('‸');
  const text = marked.replace('‸', '');
  return { text, offset, found: complete(languageSchema, text, offset, known) };
}

test.each(COMPLETIONS)('complete: $name', ({ text: marked, all, has = [], lacks = [], taken }) => {
  const { text, found } = at(marked);
  const labels = found?.options.map(option => option.label) ?? [];
  if (all !== undefined) expect(labels).toEqual(all);
  else if (has.length === 0 && lacks.length === 0) expect(labels).toEqual([]);
  expect(labels).toEqual(expect.arrayContaining([...has]));
  expect(labels.filter(label => lacks.includes(label))).toEqual([]);
  expect(new Set(labels).size).toBe(labels.length);
  if (taken === undefined) return;
  const [first] = found?.options ?? [];
  const insert = first?.insert ?? first?.label ?? '';
  expect(`${text.slice(0, found?.from)}${insert}‸${text.slice(found?.to)}`).toBe(taken);
});

group('complete', () => {
  test('says what a key is', () => {
    const { found } = at('jobs:\n  a:\n    ‸');
    expect(found?.options[0]).toMatchObject({
      label: 'steps',
      kind: 'key',
      detail: 'required, array',
      info: 'What the job does, in order.',
    });
  });

  test('quotes what would be read as something else', () => {
    const { found } = at(
      'jobs:\n  a:\n    steps:\n      - uses: native://pipelines/approve@v1\n        with:\n          env_type: ‸',
    );
    expect(found?.options.find(option => option.label === 'true')?.insert).toBe('"true"');
  });

  test.each([
    ['jobs: { a: { steps: [{ uses: ‸ }] } }', ['actions/humanitec/log@v1', 'actions/aws/invoke-lambda@v1']],
    ['jobs:\n  a:\n    steps:\n      - uses: actions/humanitec/http@v1\n        with:\n          ‸', ['method', 'url']],
    [
      'jobs:\n  a:\n    steps:\n      - uses: actions/humanitec/log\n        with:\n          level: ‸',
      ['info', 'error'],
    ],
  ])('knows the actions there are: %j', (marked, labels) => {
    const whole = definitionSchema({ actions: shapes, org: 'demo' });
    const found = complete(whole, marked.replace('‸', ''), marked.indexOf('‸'), known);
    expect(found?.options.map(option => option.label)).toEqual(expect.arrayContaining(labels));
  });

  test('says what an input is for', () => {
    const row = COMPLETIONS.find(one => one.name === 'inputs of the run');
    expect(at(row?.text ?? '').found?.options[0]?.info).toBe('What to release – string');
  });

  test('answers or is silent on any half of any text', () => {
    const texts = COMPLETIONS.map(row => row.text.replace('‸', ''));
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.string({ maxLength: 5 }), (text, cut, typed) => {
        const head = text.slice(0, cut % (text.length + 1)) + typed;
        const found = complete(languageSchema, head, head.length, known);
        if (found === undefined) return;
        expect(found.from).toBeGreaterThanOrEqual(0);
        expect(found.from).toBeLessThanOrEqual(head.length);
        expect(found.to).toBe(head.length);
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  'text',
  'true',
  'No',
  '1.5',
  'a: b',
  'a #b',
  '',
  '@x',
  'x:',
  '~',
  'a, b',
  'actions/x@v1',
  '- a',
  '{a}',
  'null',
])('plainOrQuoted(%j) is read back', text => {
  expect(parse(`[${plainOrQuoted(text, true)}]`)).toEqual([text]);
  expect(parse(`a: ${plainOrQuoted(text, false)}`)).toEqual({ a: text });
});

test('the functions are those of the language', () => {
  const ofLanguage = [...LANGUAGE_FUNCTIONS.values()];
  expect(FUNCTIONS.map(one => one.name).sort()).toEqual(ofLanguage.map(one => one.name).sort());
  expect(
    FUNCTIONS.filter(one => one.status)
      .map(one => one.name)
      .sort(),
  ).toEqual(
    ofLanguage
      .filter(one => one.asksStatus)
      .map(one => one.name)
      .sort(),
  );
});

test.each([
  ['na‸me: x', 'name', 'Shown to people.'],
  ['on:\n  pipe‸line_call:', 'pipeline_call', 'Started by a request to the API, with inputs.'],
  ['jobs:\n  a:\n    steps:\n      - uses: actions/humanitec/l‸og@v1', 'uses', 'Writes a line into the log.'],
  [
    'jobs:\n  a:\n    steps:\n      - uses: actions/humanitec/log@v1\n        with:\n          le‸vel: info',
    'level',
    'One of: debug, info, warning, error.',
  ],
  ['jobs:\n  my‸job: {}', 'myjob', 'Type: object.'],
  ['# na‸me', undefined, undefined],
  ['nothing:\n  at: al‸l', undefined, undefined],
])('describe: %j', (marked, title, line) => {
  const description = describe(languageSchema, marked.replace('‸', ''), marked.indexOf('‸'));
  expect(description?.title).toBe(title);
  if (line !== undefined) expect(description?.lines).toContain(line);
});
