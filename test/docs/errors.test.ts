import { describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { CODES, type Code } from '../../src/language/codes.ts';
import type { Diagnostic } from '../../src/language/diagnostic.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { GENERATED } from './generated-definitions.ts';
import { blocksOf, readPage, sectionsOf } from './page.ts';

const examples = sectionsOf(readPage('errors.md'), 2).get('Each diagnostic by example') ?? '';
const sections = sectionsOf(examples, 3);
const codes = Object.keys(CODES) as Code[]; // as: Object.keys forgets the names

/** The wrong and the right definition of a section; both stand there, or both are described. */
function pairOf(code: Code): readonly string[] {
  const section = sections.get(code) ?? '';
  expect(section.match(/^(?:Wrong|Right):/gm), code).toEqual(['Wrong:', 'Right:']);
  const generated = GENERATED[code];
  const blocks = blocksOf(section).map(({ info, text }) => ({ info, text }));
  if (generated === undefined) expect(blocks).toMatchObject([{ info: 'yaml' }, { info: 'yaml' }]);
  else expect(blocks).toEqual([]);
  return generated === undefined ? blocks.map(({ text }) => text) : [generated.wrong, generated.right];
}

function diagnose(text = ''): readonly Diagnostic[] {
  const read = readPipeline(text, { actions });
  return read.ok ? [] : read.diagnostics;
}

test('every code has a section, in the order of the table', () => {
  expect([...sections.keys()]).toEqual(codes);
});

describe.each(codes)('%s', code => {
  test('the wrong definition has this mistake and no other', () => {
    const found = new Set(diagnose(pairOf(code)[0]).map(diagnostic => diagnostic.code));
    // It says that there are more of the mistakes before it.
    if (code === 'TOO_MANY_PROBLEMS') found.delete('UNKNOWN_KEY');
    expect([...found]).toEqual([code]);
  });

  test('the right definition is accepted', () => {
    expect(diagnose(pairOf(code)[1])).toEqual([]);
  });

  test('its section begins with what it means', () => {
    expect(sections.get(code)?.trimStart().startsWith(CODES[code])).toBe(true);
  });
});
