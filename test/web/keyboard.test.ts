import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useWeb } from '../kit/browser/use-web.ts';
import { PAGES } from './pages/index.ts';

const web = useWeb();

/** More stops than any page has. */
const MOST_STOPS = 600;

/** What can be used on the page and is no stop of the Tab key; what is one and shows no focus; and how the walk ended. */
async function walk(page: Page) {
  await page.evaluate(() => {
    const state = { reached: new Set<Element>(), unmarked: [] as string[] };
    Object.assign(window, { walked: state });
  });
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const ended = await page.evaluate(() => {
      // as: put there above
      const state = (window as unknown as { walked: { reached: Set<Element>; unmarked: string[] } }).walked;
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      if (focused === null || focused === document.body || state.reached.has(focused)) return true;
      state.reached.add(focused);
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
      const marked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      if (!marked) state.unmarked.push(focused.outerHTML.slice(0, 200));
      return false;
    });
    if (ended) break;
  }
  return page.evaluate(() => {
    const state = (window as unknown as { walked: { reached: Set<Element>; unmarked: string[] } }).walked; // as above
    const usable = document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [role=button]',
    );
    const missed = [...usable].filter(
      element =>
        !state.reached.has(element) &&
        element.checkVisibility({ visibilityProperty: true }) &&
        element.getClientRects().length > 0 &&
        !element.matches(':disabled') &&
        element.closest('[inert], [aria-hidden=true]') === null &&
        // One stop for a group, in which arrows move: radio buttons, lists, tool bars, graphs.
        element.closest(
          '[role=radiogroup], [role=listbox], [role=toolbar], [role=grid], [role=tree], [data-roving]',
        ) === null,
    );
    return {
      reached: state.reached.size,
      missed: missed.map(element => element.outerHTML.slice(0, 200)),
      unmarked: state.unmarked,
    };
  });
}

test.each(PAGES)(
  'on the page $name the Tab key reaches everything, and shows where it is',
  async ({ as, prepare, ready }) => {
    const page = await web.open(as, await prepare(web));
    await ready(page);
    // Before the first of them.
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute('tabindex');
    });
    const { reached, missed, unmarked } = await walk(page);
    expect({ missed, unmarked }).toEqual({ missed: [], unmarked: [] });
    expect(reached).toBeGreaterThan(1);
  },
);
