import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTable } from '../../../local/table/open-table.ts';
import { FOUND_IN_GROUPS } from './found.ts';
import { type GroupStory, groupStoryArbitrary } from './groups-story.ts';
import { tellGroup } from './groups-world.ts';

/** More of them look further; the suite has to stay quick. */
const STORIES = Number(process.env.PIPECALL_MODEL_RUNS || 250);

async function problemsOf(story: GroupStory): Promise<readonly string[]> {
  const table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
  try {
    return await tellGroup(table, story);
  } finally {
    await table.close();
  }
}

it.each(FOUND_IN_GROUPS)('$title', async ({ story }) => expect(await problemsOf(story)).toEqual([]));

it('a group has never more holders than its limit, lets in first who came first, and every run ends', async () => {
  await fc.assert(
    fc.asyncProperty(groupStoryArbitrary, async story => {
      expect(await problemsOf(story)).toEqual([]);
    }),
    { numRuns: STORIES },
  );
});
