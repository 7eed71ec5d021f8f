import { expect, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { saveCases } from '../fixtures/actions/at-save.ts';

const HEAD = 'name: Test\non:\n  pipeline_call:\njobs:\n  a:\n    steps:\n';

test.each(saveCases)('%s with %j', (action, lines, found) => {
  const step = `      - uses: actions/${action.includes('/') ? action : `humanitec/${action}`}@v1\n        with:\n${lines.map(line => `          ${line}\n`).join('')}`;
  const read = readPipeline(HEAD + step, { actions });
  const withLine = `${HEAD}${step}`.split('\n').findIndex(line => line.trim() === 'with:') + 1;
  const seen = read.ok ? [] : read.diagnostics.map(({ line, code, message }) => [line - withLine, code, message]);
  expect(seen).toEqual(found.map(([line, code, part]) => [line, code, expect.stringContaining(part)]));
  // Each points at something: a key of `with`, a value, or the word itself.
  for (const { line, column } of read.ok ? [] : read.diagnostics) {
    const [at = '', ...rest] = (`${HEAD}${step}`.split('\n')[line - 1] ?? '').slice(column - 1);
    expect(`${at}${rest.join('')}`).toMatch(/^\S/);
  }
});
