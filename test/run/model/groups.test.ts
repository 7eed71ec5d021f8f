import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTable } from '../../../local/table/open-table.ts';
import { groupStoryArbitrary, tellGroup } from './groups-world.ts';

/** More of them look further; the suite has to stay quick. */
const STORIES = Number(process.env.PIPECALL_MODEL_RUNS || 150);

it('a group has never more holders than its limit, lets in first who came first, and every run ends', async () => {
  await fc.assert(
    fc.asyncProperty(groupStoryArbitrary, async story => {
      const table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
      try {
        expect(await tellGroup(table, story)).toEqual([]);
      } finally {
        await table.close();
      }
    }),
    { numRuns: STORIES },
  );
});
