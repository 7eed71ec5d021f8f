import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { variableOf as variableNameOf } from '../../cli/run/gather-inputs.ts';
import { checkInputs } from '../../web/src/parts/inputs-form/check-inputs.ts';
import { cliOf } from '../../web/src/parts/inputs-form/cli-of.ts';
import { curlOf, shellWord } from '../../web/src/parts/inputs-form/curl-of.ts';
import { fieldKind, secretInputs } from '../../web/src/parts/inputs-form/field-kind.ts';
import { defaultInputs, givenInputs } from '../../web/src/parts/inputs-form/request-body.ts';
import { missingInputs, shownInputs, variableOf } from '../../web/src/parts/inputs-form/shown-inputs.ts';
import { CHECKS, CLIS, CURLS, KINDS, SHOWN } from '../fixtures/web/inputs.ts';

test.each(KINDS)('fieldKind: $kind for $schema', ({ schema, kind }) => {
  expect(fieldKind(schema)).toBe(kind);
});

describe('checkInputs', () => {
  test.each(CHECKS)('$schema with $value', ({ schema, value, message }) => {
    const inputs = value === undefined ? {} : { it: value };
    const problems = checkInputs({ type: 'object', properties: { it: schema }, required: ['it'] }, inputs);
    expect(problems.map(problem => problem.message)).toEqual(message === undefined ? [] : [message]);
  });

  test('says where, for members too', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'object', properties: { b: { type: 'string' }, 'c/d': { minimum: 1 } }, required: ['b'] },
      },
      required: ['z'],
    };
    expect(checkInputs(schema, { a: { 'c/d': 0 } })).toEqual([
      { path: ['z'], message: 'is required' },
      { path: ['a', 'b'], message: 'is required' },
      { path: ['a', 'c/d'], message: 'must be 1 or more' },
    ]);
  });

  test.each(['(a+)+$', '(a|a)*$', '(?i)a', '['])('leaves the pattern %s to the server', pattern => {
    const schema = { type: 'object', properties: { it: { type: 'string', pattern } } };
    expect(checkInputs(schema, { it: `${'a'.repeat(60)}!` })).toEqual([]);
  });
});

describe('givenInputs', () => {
  const nested = { type: 'object', properties: { x: { type: 'string' } } };
  const schema = { properties: { a: { type: 'string' }, b: nested, c: nested }, required: ['c'] };

  test('what is not set is left out; an empty text is set', () => {
    expect(givenInputs(schema, { a: '', b: { x: undefined }, c: { x: undefined } })).toEqual({ a: '', c: {} });
    expect(givenInputs(schema, { a: undefined, b: { x: '1' } })).toEqual({ a: undefined, b: { x: '1' } });
    expect(givenInputs(schema, undefined)).toEqual({});
  });

  test('begins with the defaults', () => {
    const given = {
      properties: { a: { default: 0 }, b: { ...nested, properties: { x: { type: 'string', default: '' } } }, c: {} },
    };
    expect(defaultInputs(given)).toEqual({ a: 0, b: { x: '' } });
  });
});

test.each(SHOWN)('shownInputs: $name', ({ schema, inputs, broken, shown, missing }) => {
  expect(shownInputs(schema, inputs, new Set(broken))).toEqual(shown);
  expect(missingInputs(schema, inputs)).toEqual(missing);
});

describe('curlOf', () => {
  test.each(CURLS)('$name', ({ request, expected }) => {
    expect(curlOf(request)).toBe(expected);
  });

  test('no secret value appears', () => {
    const schema = { properties: { token: { type: 'string', writeOnly: true } } };
    expect(secretInputs(schema)).toEqual(['token']);
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: fc.constantFrom('q', 'z', "'", '"', '$') }), secret => {
        const inputs = shownInputs(schema, { token: secret });
        expect(inputs).toHaveLength(1);
        expect(curlOf({ url: 'https://x', inputs })).not.toContain(secret);
        expect(cliOf({ server: 'https://x', org: 'a', app: 'b', pipeline: 'c', inputs })).not.toContain(secret);
      }),
    );
  });

  test('a shell hands over what is asked for, whatever the secret holds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pipecall-curl-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    // What jq makes of such a program, which is JSON but for `env.NAME`; not every machine has jq.
    const jq = `#!${process.execPath}\nconst env = process.env; process.stdout.write(JSON.stringify(eval('(' + process.argv[3] + ')')));\n`;
    // What is sent, without a server.
    const curl = '#!/bin/sh\ncat\n';
    await writeFile(join(folder, 'jq'), jq, { mode: 0o755 });
    await writeFile(join(folder, 'curl'), curl, { mode: 0o755 });
    const secret = 'two "lines"\n$HOME `id` \\ \'';
    const schema = {
      properties: { version: { type: 'string' }, 'api-key': { type: 'string', writeOnly: true } },
      required: ['version', 'api-key'],
    };
    const line = curlOf({ url: 'https://x', inputs: shownInputs(schema, {}) });
    const env = { PATH: `${folder}:/usr/bin:/bin`, PIPECALL_INPUT_API_KEY: secret, PIPECALL_TOKEN: 't' };
    const sent = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8', env });
    expect(JSON.parse(sent)).toEqual({ inputs: { version: '<version>', 'api-key': secret } });
  });

  test('a shell reads every text back as it was', () => {
    const texts = fc.string({
      unit: fc.oneof(
        fc.constantFrom("'", '"', '$', '`', '\\', '\n', ' ', '!', '*', '~'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(
        fc.array(
          texts.filter(text => !text.includes('\0')),
          { minLength: 1, maxLength: 20 },
        ),
        words => {
          const line = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
          expect(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })).toBe(
            words.map(word => `${word}\0`).join(''),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('cliOf', () => {
  test.each(CLIS)('$name', ({ request, expected }) => {
    expect(cliOf(request)).toBe(expected);
  });

  test('a shell reads every text back as it was, or as JSON that says it', () => {
    const place = { server: 'https://x', org: 'a', app: 'b', pipeline: 'c' };
    const texts = fc.string({
      unit: fc.constantFrom("'", '"', '$', '`', '\\', '\n', ' ', '~', '=', 'x', '\u202e', 'é'),
    });
    fc.assert(
      fc.property(texts, text => {
        const line = cliOf({ ...place, inputs: [{ name: 'it', kind: 'value', value: text }] }).replace(
          'npm run --silent pipecall',
          "printf '%s\\0'",
        );
        const said = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }).split('\0').at(-2) ?? '';
        expect(said.startsWith('it:=') ? JSON.parse(said.slice(4)) : said.slice(3)).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  test('names the variables that the command itself reads', () => {
    for (const name of ['token', 'api-key', 'Über 1']) {
      const inputs = [{ kind: 'secret', name, isText: true }] as const;
      expect(curlOf({ url: 'https://x', inputs })).toContain(variableOf(name));
      expect(variableNameOf(name)).toBe(variableOf(name));
    }
  });
});
