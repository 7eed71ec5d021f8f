import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { schemaCases } from '../fixtures/actions/schemas.ts';

// `strictTypes` would object to `format: date-time` beside a plain type, and to unions, and `strictRequired` to branches that only
// say which properties go together; the schemas use all of them on purpose.
const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
addFormats.default(ajv);

test('every action is found by its key', () => {
  expect([...actions.keys()].sort()).toEqual(
    [
      'aws: invoke-lambda publish put-events run-task send-message start-build start-execution',
      'humanitec: apply approve clone create-delta create-environment delete-environment deploy fail github-workflow',
      'humanitec: gitlab-pipeline http jq log sleep wait-for-readiness',
      'pipecall: announce-callback call-pipeline callback',
    ].flatMap(line => {
      const [owner, names = ''] = line.split(': ');
      return names.split(' ').map(name => `actions/${owner}/${name}@v1`);
    }),
  );
  expect(
    [...actions.values()]
      .filter(action => action.pure)
      .map(action => action.name.slice(18))
      .sort(),
  ).toEqual(['fail', 'jq', 'log', 'sleep']);
});

test.each([...actions])('%s is described in full', (_key, action) => {
  expect(action.summary).toMatch(/^[A-Z].*\.$/);
  for (const schema of [action.inputs, action.outputs]) {
    ajv.compile(schema);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    for (const property of Object.values(schema.properties ?? {})) {
      expect(property).toMatchObject({ description: expect.stringMatching(/^[A-Z`].*\.$/) });
    }
  }
  for (const [code, reason] of Object.entries(action.errors)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(reason).toMatch(/^[A-Z`].*\.$/);
  }
});

test.each(schemaCases)('%s takes %j: %s', (name, inputs, valid) => {
  const schema = actions.get(`actions/humanitec/${name}@v1`)?.inputs ?? {};
  expect(ajv.validate(schema, inputs)).toBe(valid);
});

test('the registry loads no client', async () => {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../../', import.meta.url)),
    entryPoints: ['src/actions/registry.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const files = Object.keys(metafile.inputs);
  expect(files.length).toBeGreaterThan(actions.size);
  for (const file of files) expect(file).toMatch(/^src\/actions\/(?!clients\/)/);
  expect(Object.values(metafile.outputs).flatMap(output => output.imports)).toEqual([]);
});
