import { expect, test } from 'vitest';
import { actions } from '../../src/actions/registry.ts';
import { checkInputs } from '../../src/api/inputs.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { smallPipeline } from '../kit/api-world.ts';

test('a version without the trigger pipeline_call cannot be started by a request', async () => {
  const read = readPipeline(smallPipeline(), { actions });
  if (!read.ok) return expect.fail(JSON.stringify(read.diagnostics));
  const checked = await checkInputs({ ...read.pipeline, triggers: {} }, {});
  expect(checked).toMatchObject({ refused: 'NO_PIPELINE_CALL', message: expect.stringContaining("'pipeline_call'") });
  const other = await checkInputs({ ...read.pipeline, triggers: { deployment_request: {} } }, {});
  expect(other).toMatchObject({ message: expect.stringContaining('it is started by deployment_request.') });
});
