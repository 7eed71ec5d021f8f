import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { findBarriers } from '../../kit/browser/axe.ts';
import type { Web } from '../../kit/browser/open-web.ts';
import { isSettled } from '../../kit/browser/settled.ts';
import type { WebPage } from './page.ts';

type Look = { readonly width: number; readonly theme: 'light' | 'dark'; readonly axe: boolean };

/**
 * For each opening of the page, how it is looked at: with the bars, cards and columns of that width. What is between narrow and
 * wide is made of the same as they are. A theme is opened, not changed to: colours that are still changing are of neither.
 */
const OPENINGS: readonly (readonly Look[])[] = [
  [
    { width: 360, theme: 'light', axe: true },
    { width: 1_024, theme: 'light', axe: false },
    { width: 1_920, theme: 'light', axe: true },
  ],
  [{ width: 1_920, theme: 'dark', axe: true }],
];

/** A test for each page: axe-core finds no barrier, narrow and wide, light and dark, and nothing makes the page scroll sideways. */
export function lookAt(web: Web, pages: readonly WebPage[]): void {
  test.each(pages)(
    'the page $name has no barrier in either theme, and never scrolls sideways',
    async ({ as, prepare, ready }) => {
      const found: string[] = [];
      for (const looks of OPENINGS) {
        const page = await web.open(as, await prepare(web), looks[0]);
        await ready(page);
        // Away from what it clicked: under a page that changes its size it would come to hover over something.
        await page.mouse.move(0, 0);
        for (const look of looks) {
          await show(page, look);
          found.push(...(await faultsOf(page, look)).map(fault => `${look.width} pixels, ${look.theme}: ${fault}`));
        }
        await web.closePages();
      }
      expect(found).toEqual([]);
    },
  );
}

async function show(page: Page, { width }: Look): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await page.waitForFunction(wide => innerWidth === wide, width);
  await isSettled(page);
}

async function faultsOf(page: Page, { width, axe }: Look): Promise<readonly string[]> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  const sideways = wide > width ? [`the page is ${wide} pixels wide, so that it scrolls sideways`] : [];
  return axe ? [...sideways, ...(await findBarriers(page))] : sideways;
}
