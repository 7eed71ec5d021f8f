import { isDeepStrictEqual } from 'node:util';
import { data, Evaluator } from '@actions/expressions';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document, parseDocument, Scalar } from 'yaml';
import type { Json, JsonObject } from '../../src/json.ts';
import { MAX_RESULT } from '../../src/language/expressions/bounds.ts';
import { compileCondition, compileTemplate } from '../../src/language/expressions/compile-template.ts';
import { CONTEXTS } from '../../src/language/expressions/contexts.ts';
import { evaluate, evaluateCondition } from '../../src/language/expressions/evaluate.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { actions } from './fixtures.ts';
import { plainPipeline, printDefinition } from './plain-pipeline.ts';

const allowed = { contexts: CONTEXTS, status: false, step: true };
const name = fc.constantFrom('a', 'b', 'list', 'map', 'A', 'x-y', 'constructor', '__proto__', 'toString', 'length');
const json = fc.jsonValue({ maxDepth: 4 }).map(value => value as Json); // fast-check says unknown.

/** Random expressions: mostly well formed, over contexts that may hold anything. */
const { expression } = fc.letrec<{ expression: string }>(tie => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(
      fc.constantFrom('null', 'true', 'false', 'NaN', '1e999', "''", "'{0}'", "'[1]'", "'{'", '*', '()', '1 2', "'"),
      fc.integer().map(String),
      fc.double({ noNaN: true }).map(String),
      fc.string({ maxLength: 8 }).map(text => `'${text.replaceAll("'", "''")}'`),
      fc.constantFrom(...CONTEXTS, 'github', 'env'),
    ),
    fc
      .tuple(fc.constantFrom(...CONTEXTS), fc.array(name, { maxLength: 4 }))
      .map(([context, names]) => [context, ...names].join('.')),
    fc
      .tuple(tie('expression'), fc.constantFrom('&&', '||', '==', '!=', '<', '>', '<=', '>='), tie('expression'))
      .map(parts => parts.join(' ')),
    tie('expression').map(inner => `(${inner})`),
    tie('expression').map(inner => `!${inner}`),
    fc
      .tuple(fc.constantFrom('inputs', 'steps.a', '(needs)'), tie('expression'))
      .map(([holder, index]) => `${holder}[${index}]`),
    fc.constantFrom('inputs.*', 'inputs.*.a', 'inputs.list.*.*', 'inputs[*].b'),
    fc
      .tuple(
        fc.constantFrom(
          'contains',
          'startsWith',
          'endsWith',
          'format',
          'join',
          'toJSON',
          'fromJSON',
          'case',
          'always',
          'now',
          'uuid',
          'base64',
          'sha256',
          'eval',
          'constructor',
        ),
        fc.array(tie('expression'), { maxLength: 4 }),
      )
      .map(([called, args]) => `${called}(${args.join(', ')})`),
  ),
}));

/** The properties of the objects that every program shares. */
function globals(): string {
  const shared = [globalThis, Object.prototype, Array.prototype, String.prototype, Function.prototype];
  return shared.map(holder => Object.getOwnPropertyNames(holder).join()).join('\n');
}

describe('expressions', () => {
  test('never throw, stay within their bounds and change nothing', () => {
    const before = globals();
    fc.assert(
      fc.property(expression, fc.dictionary(name, json), (source, inputs) => {
        const contexts = { inputs, steps: { a: inputs }, needs: inputs } as JsonObject;
        const copy = JSON.stringify(contexts);
        for (const text of [`\${{ ${source} }}`, `<\${{ ${source} }}>\${{${source}}}`]) {
          const { template, problems } = compileTemplate(text, allowed);
          for (const { offset } of problems) expect(offset).toBeLessThanOrEqual(text.length);
          if (problems.length > 0) continue;
          const evaluated = evaluate(template, { contexts, now: 0, seed: 's' });
          if (evaluated.ok) expect(JSON.stringify(evaluated.value).length).toBeLessThanOrEqual(MAX_RESULT * 2);
          else expect(evaluated.message).toMatch(/\S/);
        }
        const { condition, problems } = compileCondition(source, allowed);
        if (problems.length === 0) expect(typeof evaluateCondition(condition, { contexts }).ok).toBe('boolean');
        expect(JSON.stringify(contexts)).toBe(copy);
      }),
      { numRuns: 2000 },
    );
    expect(globals()).toBe(before);
  });

  test('random text never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), source => {
        compileTemplate(`\${{${source}}}`, allowed);
        compileCondition(source, allowed);
        compileTemplate(source, allowed);
      }),
      { numRuns: 2000 },
    );
  });

  test('mean what the package means by them', () => {
    fc.assert(
      fc.property(expression, fc.dictionary(fc.constantFrom('a', 'b', 'list', 'map'), json), (source, inputs) => {
        fc.pre(!hasKeysThatThePackageLoses(inputs));
        const { expressions, problems } = compileTemplate(`\${{ ${source} }}`, allowed);
        const [placed] = expressions;
        if (problems.length > 0 || placed === undefined) return;
        if (placed.expression.functions.some(called => OURS.includes(called))) return;
        const theirs = packageValue(placed.expression.tree, { inputs: inputs as JsonObject });
        const ours = evaluate(
          { kind: 'expression', expression: placed.expression },
          { contexts: { inputs: inputs as JsonObject } },
        );
        if (theirs !== undefined && ours.ok) expect(JSON.stringify(ours.value)).toBe(theirs);
      }),
      { numRuns: 2000 },
    );
  });

  test('data is never evaluated again, in no sink', () => {
    const hostile = fc.tuple(fc.string(), expression, fc.string()).map(([a, inner, b]) => `${a}\${{ ${inner} }}${b}`);
    fc.assert(
      fc.property(hostile, text => {
        const contexts = { inputs: { text, list: [text], json: JSON.stringify([text]) } };
        const seen = (source: Json) => {
          const evaluated = evaluate(compileTemplate(source, allowed).template, { contexts });
          return evaluated.ok ? evaluated.value : undefined;
        };
        expect(seen('${{ inputs.text }}')).toBe(text);
        expect(seen('<${{ inputs.text }}>')).toBe(`<${text}>`);
        expect(seen(['${{ inputs.text }}', { a: 'x${{ inputs.text }}' }])).toEqual([text, { a: `x${text}` }]);
        expect(seen("${{ format('{0}', inputs.text) }}")).toBe(text);
        expect(seen('${{ join(inputs.list) }}')).toBe(text);
        expect(seen('${{ fromJSON(inputs.json)[0] }}')).toBe(text);
        expect(seen('${{ toJSON(inputs.text) }}')).toBe(JSON.stringify(text));
        expect(seen('${{ base64(inputs.text) }}')).toBe(Buffer.from(text).toString('base64'));
        expect(seen('${{ inputs.list }}')).toEqual([text]);
        expect(seen('<${{ inputs.list }}>')).toBe(`<${JSON.stringify([text])}>`);
      }),
    );
  });
});

/** Functions that the package does not have. */
const OURS: readonly string[] = ['now', 'uuid', 'base64', 'sha256'];

/** The package loses keys that differ in case only, and `__proto__`; ours does not. */
function hasKeysThatThePackageLoses(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  const folded = new Set(keys.map(key => key.toLowerCase()));
  return folded.size < keys.length || folded.has('__proto__') || Object.values(value).some(hasKeysThatThePackageLoses);
}

/** What the package alone makes of it, as JSON; undefined when it throws or has no JSON for it. */
function packageValue(tree: ConstructorParameters<typeof Evaluator>[0], contexts: JsonObject): string | undefined {
  const all = { ...Object.fromEntries(CONTEXTS.map(context => [context, null])), ...contexts };
  const dictionary: unknown = JSON.parse(JSON.stringify(all), data.reviver);
  if (!(dictionary instanceof data.Dictionary)) return undefined;
  try {
    const value = new Evaluator(tree, dictionary).evaluate();
    return value.kind === data.Kind.Number && !Number.isFinite(value.value)
      ? undefined
      : JSON.stringify(value, data.replacer);
  } catch {
    return undefined; // Whether both refuse the same is not the question.
  }
}

describe('definitions', () => {
  test('random text is read or refused, with places inside of it', () => {
    const pieces = [
      'name: x\n',
      'on:\n',
      '  pipeline_call:\n',
      'jobs:\n',
      '  a:\n',
      '    steps:\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ': ',
      '? ',
      '|',
      '>',
      '"',
      "'",
      '&a ',
      '*a ',
      '<<: ',
      '!!str ',
      '---\n',
      '# c\n',
      '\t',
      '\r\n',
      '${{ inputs.x }}',
      'if: ',
      'needs: ',
      'uses: actions/humanitec/log\n',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 40 })
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(text, source => {
        const read = readPipeline(source, { actions });
        const lines = source.split('\n');
        let before = { line: 0, column: 0 };
        for (const { line, column } of read.ok ? [] : read.diagnostics) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
          expect(line > before.line || (line === before.line && column >= before.column)).toBe(true);
          before = { line, column };
        }
        expect(read.ok || read.diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('a problem in an expression is placed at its name, however the string is written', () => {
    const around = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .map(text => text.replaceAll(/[$\ufeff]|nothere/g, ' '));
    const blanks = fc.stringMatching(/^[ \n]{0,6}$/);
    const string = fc
      .tuple(around, blanks, blanks, around)
      .map(([before, a, b, after]) => `${before}${a}\${{ ${b}nothere }}${after}`);
    const style = fc.constantFrom<Scalar.Type>(
      'PLAIN',
      'QUOTE_SINGLE',
      'QUOTE_DOUBLE',
      'BLOCK_LITERAL',
      'BLOCK_FOLDED',
    );
    const SAY = {
      name: 'x',
      on: { pipeline_call: {} },
      jobs: { a: { steps: [{ uses: 'actions/humanitec/log', with: { message: '' } }] } },
    };
    fc.assert(
      fc.property(string, style, fc.integer({ min: 20, max: 90 }), (message, type, lineWidth) => {
        const document = new Document(SAY);
        const scalar = new Scalar(message);
        scalar.type = type;
        document.setIn(['jobs', 'a', 'steps', 0, 'with', 'message'], scalar);
        const text = document.toString({ lineWidth });
        // The package prints some folded texts so that they read otherwise (`\\\\ ` for blanks at the end of a line).
        fc.pre(parseDocument(text).getIn(['jobs', 'a', 'steps', 0, 'with', 'message']) === message);
        const read = readPipeline(text, { actions });
        if (read.ok || read.diagnostics[0]?.code === 'CHARACTER_NOT_ALLOWED') return;
        const [{ code, line, column } = { code: '', line: 0, column: 0 }] = read.diagnostics;
        expect(code).toBe('UNKNOWN_CONTEXT');
        // A line may be folded inside of the name.
        const rest = text
          .split('\n')
          .slice(line - 1)
          .join('\n')
          .slice(column - 1);
        expect(rest.replaceAll(/\\\n\s*/g, '')).toMatch(/^nothere/);
      }),
      { numRuns: 1000 },
    );
  });

  test('what is read, printed and read again is the same pipeline', () => {
    fc.assert(
      fc.property(definition, source => {
        const first = readPipeline(JSON.stringify(source), { actions });
        if (!first.ok) throw new Error(JSON.stringify(first.diagnostics));
        const printed = printDefinition(first.pipeline);
        const text = new Document(printed).toString();
        // The package prints some texts so that it reads them otherwise itself: `\\\\` and blanks around a line break.
        fc.pre(isDeepStrictEqual(parseDocument(text).toJS(), JSON.parse(JSON.stringify(printed))));
        const second = readPipeline(text, { actions });
        expect(second.ok ? plainPipeline(second.pipeline) : second.diagnostics).toEqual(plainPipeline(first.pipeline));
      }),
      { numRuns: 300 },
    );
  });
});

const id = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/)
  .filter(text => !['__proto__', 'constructor', 'prototype'].includes(text));
const permissions = fc.constantFrom<JsonObject>(
  { 'run-as': 's-0b5e8a3c-52b6-4a36-9d3c-5a4d6a8b7c11' },
  { application: 'developer' },
  { application: 'owner', 'env-types': { development: 'deployer' } },
  { 'env-types': { staging: 'deployer', production: 'deployer' } },
);
const concurrency = fc.constantFrom<Json | undefined>(
  undefined,
  'deploy',
  'a-${{ pipeline.id }}',
  { group: '${{ pipeline.name }}', 'cancel-in-progress': true },
  { group: 'x', limit: 20 },
);
const retry = fc.option(
  fc.record(
    {
      'max-attempts': fc.integer({ min: 1, max: 10 }),
      'delay-seconds': fc.double({ min: 0, max: 86_400, noNaN: true }).map(seconds => Math.abs(seconds)),
      backoff: fc.integer({ min: 1, max: 10 }),
      on: fc.constantFrom(['TIMEOUT'], ['INTERNAL_ERROR', 'TIMEOUT']),
    },
    { requiredKeys: ['max-attempts'] },
  ),
  { nil: undefined },
);
/** At least one trigger; `pipeline_call` and `event` agree about the inputs. */
const triggers = fc
  .subarray(['pipeline_call', 'event', 'deployment_request', 'artefact'] as const, { minLength: 1 })
  .map(kinds => {
    const all: Record<(typeof kinds)[number], Json> = {
      pipeline_call: { inputs: { order: { required: true, type: 'string', maxLength: 9 }, token: { secret: true } } },
      event: {
        source: ['shop', { prefix: 'shop.' }],
        detail: { amount: [{ numeric: ['>', 1] }], $or: [{ a: [null] }, { b: { c: [{ exists: false }] } }] },
        inputs: { order: '${{ event.detail.id }}' },
      },
      deployment_request: null,
      artefact: { type: 'container', include: ['^a/.*'], 'match-ref': 'refs/heads/main' },
    };
    return Object.fromEntries(kinds.map(kind => [kind, all[kind]]));
  });
const message = fc.oneof(
  fc.string().map(text => text.replaceAll('${{', '')),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('${{ pipeline.id }}', 'a ${{ pipeline.run }} b', '${{ app.values.region }}', '${{ uuid() }}'),
);

/** Valid definitions: later jobs need earlier ones. */
const definition = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 20 }).map(text => text.replaceAll('${{', 'x')),
    metadata: fc.dictionary(id, fc.string()),
    triggers,
    permissions,
    concurrency,
    ids: fc.uniqueArray(id, { minLength: 1, maxLength: 6 }),
    seeds: fc.array(
      fc.record({
        needs: fc.array(fc.nat(5), { maxLength: 3 }),
        messages: fc.array(message, { minLength: 1, maxLength: 3 }),
        if: fc.constantFrom(undefined, true, 'always()', '${{ failure() || true }}', "pipeline.id == 'x'"),
        retry,
        minutes: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      }),
      { minLength: 6, maxLength: 6 },
    ),
  })
  .map(({ name: title, triggers: on, permissions: who, concurrency: group, metadata, ids, seeds }) => {
    const jobs = ids.map((job, index) => {
      const { needs = [], messages = [], if: condition, retry: again, minutes } = seeds[index] ?? {};
      const before = [
        ...new Set(needs.map(need => ids[need]).filter(need => need !== undefined && ids.indexOf(need) < index)),
      ];
      const steps = messages.map((said, step) => ({
        uses: 'actions/humanitec/log',
        id: `s${step}`,
        with: { message: said },
        retry: again,
      }));
      return [job, { needs: before, if: condition, steps, 'timeout-minutes': minutes }] as const;
    });
    return { name: title, on, permissions: who, concurrency: group, metadata, jobs: Object.fromEntries(jobs) };
  });
