import { describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { loadFolder, actions as ofFixtures } from '../language/fixtures.ts';

const namesOf = (schema: { readonly properties?: unknown }): string[] => Object.keys(schema.properties ?? {});

// The fixtures of the language have a catalogue of their own, so that actions may change without them; what both have must not differ.
describe('the catalogue of the language fixtures', () => {
  const both = [...ofFixtures].flatMap(([key, fixture]) => {
    const real = actions.get(key);
    return real === undefined ? [] : [{ key, fixture, real }];
  });

  it('has actions that are real', () => {
    expect(both.map(({ key }) => key)).toContain('actions/humanitec/approve@v1');
    expect(both.length).toBeGreaterThanOrEqual(4);
  });

  it.each(both)('names no input, output or error of $key that it does not have', ({ fixture, real }) => {
    expect(namesOf(real.inputs)).toEqual(expect.arrayContaining(namesOf(fixture.inputs)));
    expect(namesOf(real.outputs)).toEqual(expect.arrayContaining(namesOf(fixture.outputs)));
    expect(Object.keys(real.errors)).toEqual(expect.arrayContaining(Object.keys(fixture.errors ?? {})));
    expect(fixture.inputs.required ?? []).toEqual(real.inputs.required ?? []);
  });
});

it.each(loadFolder<readonly { readonly name: string; readonly text: string }[]>('valid'))(
  'definitions of %s that use real actions only are right for the real ones too',
  (_file, cases) => {
    for (const { name, text } of cases) {
      if (typeof text !== 'string') continue;
      const fixture = readPipeline(text, { actions: ofFixtures });
      if (!fixture.ok || !fixture.pipeline.jobs.every(job => job.steps.every(step => actions.has(step.action))))
        continue;
      const real = readPipeline(text, { actions });
      expect(real.ok ? [] : real.diagnostics.map(found => found.message), name).toEqual([]);
    }
  },
);
