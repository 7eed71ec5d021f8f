import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTable } from '../../local/table/open-table.ts';
import { readStored } from '../../src/store/runs.ts';
import { createEngine } from '../kit/engine.ts';

const TEXT = `
name: Test
on: { pipeline_call: { inputs: { data: { type: string } } } }
jobs:
  a:
    outputs: { data: "\${{ steps.p.outputs.echo }}" }
    steps:
      - { id: p, name: "step \${{ inputs.data }}", uses: actions/pipecall/probe@v1, with: { key: "\${{ inputs.data }}" } }
      - { uses: actions/humanitec/log@v1, with: { message: "log \${{ steps.p.outputs.echo }}" } }
  b:
    needs: a
    if: needs.a.outputs.data == inputs.data
    continue-on-error: true
    steps:
      - { uses: actions/humanitec/fail@v1, with: { message: "fail \${{ needs.a.outputs.data }}" } }
outputs: { data: "\${{ jobs.a.outputs.data }}" }`;

/** Texts that would do something if anybody evaluated, formatted or parsed them once more. */
const hostile = fc
  .array(
    fc.constantFrom(
      '${{',
      '}}',
      ' inputs.data ',
      "format('{0}')",
      '${{ 1 == 1 }}',
      '{0}',
      "''",
      '"',
      '\n',
      ': ',
      '${{ fromJSON(',
      '!!js',
      '__proto__',
      'é',
      '€',
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''));

it('what came as data appears literally in every sink', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async data => {
      const table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
      const engine = createEngine(table, {
        onProbe: ({ context, answer }) =>
          answer({ status: 'succeeded', outputs: { echo: context.inputs.key ?? null } }),
      });
      const path = await engine.start(TEXT, { data });
      expect(await engine.invoke(path)).toEqual({ next: 'done' });
      const run = await engine.run(path);
      const jobs = await engine.jobs(path);
      expect(engine.calls[0]?.context.inputs).toEqual({ key: data });
      expect(jobs.get(0)?.steps[0]?.name).toBe(`step ${data}`);
      expect(jobs.get(0)?.outputs).toEqual({ data });
      expect(await engine.log(path, 0)).toEqual([`log ${data}`]);
      expect(jobs.get(1)).toMatchObject({ status: 'failed', steps: [{ message: `FAILED: fail ${data}` }] });
      expect(await readStored(table, path.run, 'inputs', run.inputs)).toEqual({ data });
      expect(run.outputs === undefined ? undefined : await readStored(table, path.run, 'outputs', run.outputs)).toEqual(
        { data },
      );
      await table.close();
    }),
    { numRuns: 100 },
  );
});
