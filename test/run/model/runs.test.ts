import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTable } from '../../../local/table/open-table.ts';
import { FOUND } from './found.ts';
import { planArbitrary } from './plan.ts';
import { explain } from './reference.ts';
import { type Story, storyArbitrary } from './story.ts';
import { tell } from './world.ts';

/** More of them look further; the suite has to stay quick. */
const STORIES = Number(process.env.PIPECALL_MODEL_RUNS || 500);

async function problemsOf(story: Story): Promise<readonly string[]> {
  const table = openTable({ file: ':memory:', clock: { now: () => Date.UTC(2030, 0, 1) }, sweepSeconds: 0 });
  try {
    const told = await tell(table, story);
    return [...told.problems, ...explain(story.plan, told)];
  } finally {
    await table.close();
  }
}

it.each(FOUND)('$title', async ({ story }) => expect(await problemsOf(story)).toEqual([]));

it('a run ends as language.md says, whatever happens to it on the way', async () => {
  await fc.assert(
    fc.asyncProperty(storyArbitrary(planArbitrary), async story => {
      expect(await problemsOf(story)).toEqual([]);
    }),
    { numRuns: STORIES },
  );
});
