import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalTable, openTable } from '../../../local/table/open-table.ts';
import { planArbitrary } from './plan.ts';
import { explain } from './reference.ts';
import { storyArbitrary, tell } from './world.ts';

/** More of them look further; the suite has to stay quick. */
const STORIES = Number(process.env.PIPECALL_MODEL_RUNS || 150);

let table: LocalTable;
beforeAll(() => {
  table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
});
afterAll(() => table.close());

it('a run ends as language.md says, whatever happens to it on the way', async () => {
  await fc.assert(
    fc.asyncProperty(storyArbitrary(planArbitrary), async story => {
      const told = await tell(table, story);
      expect([...told.problems, ...explain(story.plan, told)]).toEqual([]);
    }),
    { numRuns: STORIES },
  );
});
