import { describe, expect, test } from 'vitest';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { actions, loadFolder } from './fixtures.ts';
import { plainPipeline } from './plain-pipeline.ts';

/** `expect`: what must be in the result; the rest of it may be anything. */
type Case = { readonly name: string; readonly text: string; readonly expect: object };

describe.each(loadFolder<readonly Case[]>('valid'))('valid definitions: %s', (_, cases) => {
  test.each(cases)('$name', ({ text, expect: expected }) => {
    const read = readPipeline(text, { actions });
    expect(read.ok ? plainPipeline(read.pipeline) : read.diagnostics).toMatchObject(expected);
  });
});
