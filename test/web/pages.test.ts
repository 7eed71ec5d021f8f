import { describe, expect, test } from 'vitest';
import { findBarriers } from '../kit/browser/axe.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { PAGES } from './pages/index.ts';

const web = useWeb();

describe.each(PAGES)('the page $name', ({ as, prepare, ready }) => {
  test.each(['light', 'dark'] as const)('has no barrier that axe-core finds, %s', async theme => {
    const page = await web.open(as, await prepare(web), { theme });
    await ready(page);
    expect(await findBarriers(page)).toEqual([]);
  });

  test.each([360, 1_024, 1_920])('fits a width of %i pixels: nothing makes the page scroll sideways', async width => {
    const page = await web.open(as, await prepare(web), { width });
    await ready(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
    // What is between the two is made of the same as they are.
    if (width !== 1_024) expect(await findBarriers(page)).toEqual([]);
  });
});
