import { describe, expect, test } from 'vitest';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { actions } from './fixtures.ts';

/** Bytes: as large as a definition may be. What is refused must not cost more than reading so much. */
const FULL = 256 * 1024;

const HEAD = 'name: x\non: {pipeline_call: {}}\n';
const SAY = '{uses: actions/humanitec/log, with: {message: hi}}';

function fill(piece: string, around = ['', '']): string {
  const [before = '', after = ''] = around;
  const room = FULL - Buffer.byteLength(before) - Buffer.byteLength(after);
  return before + piece.repeat(Math.floor(room / Buffer.byteLength(piece))) + after;
}

function count(times: number, piece: (index: number) => string): string {
  return Array.from({ length: times }, (_, index) => piece(index)).join('');
}

function withInput(declaration: string): string {
  return `name: x\non: {pipeline_call: {inputs: {a: ${declaration}}}}\njobs: {a: {steps: [${SAY}]}}\n`;
}

function withEvent(detail: string): string {
  return `name: x\non: {event: {detail: ${detail}}}\npermissions: {application: viewer}\njobs: {a: {steps: [${SAY}]}}\n`;
}

function saying(message: string): string {
  return `${HEAD}jobs:\n  a:\n    steps:\n      - uses: actions/humanitec/log\n        with:\n          message: ${message}\n`;
}

/** The text, and the code that the answer begins with; none: it is a valid definition. */
const TEXTS: readonly (readonly [name: string, text: string, code: string | undefined])[] = [
  ['10 MB', 'a'.repeat(10_000_000), 'TEXT_TOO_LARGE'],
  ['one byte too many', `# ${'x'.repeat(FULL - 2)}é`, 'TEXT_TOO_LARGE'],
  ['NUL', fill('\0'), 'CHARACTER_NOT_ALLOWED'],
  ['lone surrogates', '\ud800'.repeat(50_000), 'CHARACTER_NOT_ALLOWED'],
  ['100,000 open lists', '['.repeat(100_000), 'YAML_TOO_DEEP'],
  ['100,000 open maps', '{'.repeat(100_000), 'YAML_TOO_DEEP'],
  ['open maps with keys', fill('{a: '), 'YAML_TOO_DEEP'],
  ['nested block lists', fill('- '), 'YAML_TOO_DEEP'],
  ['nested explicit keys', fill('? '), 'YAML_TOO_DEEP'],
  ['nested block maps', count(700, level => `${' '.repeat(level)}a:\n`), 'YAML_TOO_DEEP'],
  ['101 levels', `${'['.repeat(101)}${']'.repeat(101)}`, 'YAML_TOO_DEEP'],
  [
    'levels behind an alias',
    `a: &a ${'['.repeat(60)}${']'.repeat(60)}\nb: ${'['.repeat(60)}*a${']'.repeat(60)}\n`,
    'YAML_TOO_DEEP',
  ],
  ['101 aliases', `a: &a x\nb: [${'*a,'.repeat(101)}]\n`, 'YAML_TOO_MANY_ALIASES'],
  ['many aliases', fill('- *a\n'), 'YAML_TOO_MANY_ALIASES'],
  [
    'billion laughs',
    `a0: &a0 [${'x,'.repeat(10)}]\n${count(9, i => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]\n`)}`,
    'YAML_ALIASES_TOO_LARGE',
  ],
  [
    'a large text behind many aliases',
    `a: &a ${'x'.repeat(100_000)}\nb: [${'*a,'.repeat(100)}]\n`,
    'YAML_ALIASES_TOO_LARGE',
  ],
  ['quadratic merge keys', count(90, i => `a${i}: &a${i}\n  <<: *a${i - 1}\n  k${i}: 1\n`), 'MISSING_KEY'],
  ['the same key again and again', fill('k:\n'), 'DUPLICATE_KEY'],
  ['many keys', count(30_000, i => `k${i}:\n`), 'MISSING_KEY'],
  ['many keys in a flow map', `{${count(30_000, i => `k${i}, `)}}`, 'MISSING_KEY'],
  ['custom tags', fill('- !t a\n'), 'YAML_TAG'],
  ['tags without a value', fill('! '), 'YAML_TAG'],
  ['several documents', fill('---\n'), 'YAML_SEVERAL_DOCUMENTS'],
  ['directives', fill('%A b\n'), 'YAML_DIRECTIVE'],
  ['anchors without a value', fill('&a '), 'YAML_SYNTAX'],
  ['commas', fill(',', ['[']), 'YAML_SYNTAX'],
  ['closing brackets', fill('}'), 'YAML_SYNTAX'],
  ['question marks in a list', fill('? ', ['[']), 'YAML_SYNTAX'],
  ['commas in a map', fill(',', ['{']), 'YAML_SYNTAX'],
  ['empty lists behind each other', fill('[]'), 'YAML_SYNTAX'],
  ['bad escapes', fill('- "\\q"\n'), 'YAML_SYNTAX'],
  ['comments', fill('# c\n'), 'TEXT_EMPTY'],
  ['blank lines', fill('\n'), 'TEXT_EMPTY'],
  ['a map of comments', fill('# c\n', ['a: 1\n']), 'MISSING_KEY'],
  ['unknown root keys', HEAD + count(15_000, i => `namex${i}: 1\n`), 'MISSING_KEY'],
  ['9,000 jobs', `${HEAD}jobs:\n${count(9000, i => ` j${i}: {}\n`)}`, 'INVALID_VALUE'],
  ['5,000 steps', `${HEAD}jobs:\n a:\n  steps:\n${`   - ${SAY}\n`.repeat(4000)}`, 'INVALID_VALUE'],
  ['unknown inputs', `${saying('hi')}${count(9000, i => `          messag${i}: 1\n`)}`, 'INVALID_VALUE'],
  [
    'unknown needs',
    `${HEAD}jobs:\n a:\n  needs:\n${count(20_000, i => `   - n${i}\n`)}  steps: [${SAY}]\n`,
    'UNKNOWN_JOB',
  ],
  [
    'everything needs everything',
    `${HEAD}jobs:\n${count(100, i => ` j${i}: {needs: [${count(100, k => `j${k},`)}], steps: [${SAY}]}\n`)}`,
    'SELF_NEED',
  ],
  [
    'bad expressions',
    saying(`"${fill('${{foo}}', ['x'.repeat(200)])}"`)
      .slice(0, FULL - 10)
      .concat('"'),
    'UNKNOWN_CONTEXT',
  ],
  ['good expressions', saying(`"${'${{pipeline.id}}'.repeat(16_000)}"`), undefined],
  ['an expression of 1 MB', saying(`"\${{ ${"'a' == ".repeat(37_000)}1 }}"`), 'EXPRESSION_TOO_LONG'],
  ['an expression of depth 10,000', saying(`"\${{ ${'('.repeat(9990)}1${')'.repeat(9990)} }}"`), 'EXPRESSION_TOO_DEEP'],
  ['10,000 negations', saying(`"\${{ ${'!'.repeat(10_000)}1 }}"`), 'EXPRESSION_TOO_DEEP'],
  ['a chain of comparisons', saying(`"\${{ ${'1 == '.repeat(3900)}1 }}"`), 'EXPRESSION_TOO_DEEP'],
  ['open calls', saying(`"\${{ ${'format('.repeat(2500)} }}"`), 'EXPRESSION_TOO_DEEP'],
  ['expressions that are not closed', saying(`"${'${{ '.repeat(60_000)}"`), 'EXPRESSION_NOT_CLOSED'],
  ['an id for a slow check', `${HEAD}id: ${'a'.repeat(200_000)}!\njobs: {a: {steps: [${SAY}]}}\n`, 'INVALID_ID'],
  [
    'a pattern that backtracks elsewhere',
    withInput('{type: string, pattern: "^(a+)+$", default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}'),
    'INVALID_DEFAULT',
  ],
  ['a pattern that grows', withInput(`{type: string, pattern: "${'((a{10}){10}){9}'.repeat(60)}"}`), 'INVALID_PATTERN'],
  ['nested groups', withInput(`{type: string, pattern: "${'('.repeat(450)}a${')'.repeat(450)}"}`), undefined],
  ['a long pattern', withInput(`{type: string, pattern: "${'a'.repeat(100_000)}"}`), 'INVALID_PATTERN'],
  [
    'many patterns',
    withInput(`{type: object, patternProperties: {${count(9000, i => `"a+${i}": {}, `)}}}`),
    'INVALID_SCHEMA',
  ],
  ['many schemas', withInput(`{anyOf: [${'{},'.repeat(60_000)}]}`), 'INVALID_SCHEMA'],
  [
    'many schemas behind aliases',
    withInput(`{anyOf: &s [${'{type: string},'.repeat(90)}]${count(50, i => `}, b${i}: {anyOf: *s`)}}`),
    'INVALID_SCHEMA',
  ],
  ['a large event pattern', withEvent(`{state: [${count(10_000, i => `{prefix: a${i}},`)}]}`), 'INVALID_EVENT_PATTERN'],
  ['nested event patterns', withEvent(`${'{a: '.repeat(90)}[1]${'}'.repeat(90)}`), undefined],
  [
    'an event pattern that can be met in 10^12 ways',
    withEvent(`{${count(12, i => `f${i}: {$or: [${count(10, k => `{a: [${k}]},`)}]},`)}}`),
    'INVALID_EVENT_PATTERN',
  ],
  [
    'an event pattern behind aliases',
    withEvent(`{a0: &a0 {x: [1]}, ${count(9, i => `a${i + 1}: &a${i + 1} {$or: [${`*a${i},`.repeat(10)}]},`)}}`),
    'YAML_ALIASES_TOO_LARGE',
  ],
  ['a wildcard for a slow check', withEvent(`{a: [{wildcard: "${'a*'.repeat(900)}*"}]}`), 'INVALID_EVENT_PATTERN'],
  [
    'many patterns of artefacts',
    `name: x\non: {artefact: {type: workload, include: [${'"a+",'.repeat(40_000)}]}}\njobs: {a: {steps: [${SAY}]}}\n`,
    'INVALID_VALUE',
  ],
  ['a large enum', withInput(`{enum: [${count(30_000, i => `${i},`)}]}`), 'INVALID_VALUE'],
];

describe('hostile definitions', () => {
  test.each(TEXTS)('%s', (_, text, code) => {
    const read = readPipeline(text, { actions });
    const diagnostics = read.ok ? [] : read.diagnostics;
    expect(diagnostics[0]?.code).toBe(code);
    // The answer stays small whatever is asked.
    expect(diagnostics.length).toBeLessThanOrEqual(501);
    expect(JSON.stringify(diagnostics).length).toBeLessThan(FULL);
  });
});

test('a list of problems that is too long says so', () => {
  const read = readPipeline(HEAD + count(15_000, i => `k${i}: 1\n`), { actions });
  expect(read.ok ? [] : read.diagnostics.at(-1)).toMatchObject({ code: 'TOO_MANY_PROBLEMS', path: '' });
});

test('nobody changes the objects that all others come from', () => {
  readPipeline('__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\n', { actions });
  readPipeline(saying('{__proto__: {polluted: 1}}'), { actions });
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
