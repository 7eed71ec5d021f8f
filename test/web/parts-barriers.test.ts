import { expect, test } from 'vitest';
import { findBarriers } from '../kit/browser/axe.ts';
import { useParts } from '../kit/browser/use-parts.ts';
import { PART_STATES } from './parts-states.ts';

const open = useParts();

test.each(PART_STATES)(
  '$name has no barrier, in either theme, narrow or wide',
  async ({ part, props, reports = [], ready }) => {
    for (const [theme, width] of [
      ['light', 1920],
      ['dark', 1280],
      ['light', 360],
      ['dark', 360],
    ] as const) {
      const { page } = await open(part, props, { theme, width, reports });
      await ready(page);
      expect(await findBarriers(page), `${theme} ${width}`).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `sideways scroll at ${width}`).toBeLessThanOrEqual(0);
      if (process.env.PARTS_SHOTS)
        await page.screenshot({ path: `${process.env.PARTS_SHOTS}/${part}-${theme}-${width}.png` });
      await page.context().close();
    }
  },
);
