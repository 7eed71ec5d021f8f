import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Web } from '../../kit/browser/open-web.ts';
import { isSettled } from '../../kit/browser/settled.ts';
import type { WebPage } from './page.ts';

/** More stops than any page has. */
const MOST_STOPS = 600;

type Walked = { reached: Set<Element>; unmarked: string[]; last: Element | null; outside: number };

/** What can be used on the page and is no stop of the Tab key; what is one and shows no focus; and how the walk ended. */
async function walk(page: Page) {
  await page.evaluate(() => {
    const state = { reached: new Set<Element>(), unmarked: [] as string[], last: null, outside: 0 };
    Object.assign(window, { walked: state });
  });
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    // In an editor Tab indents, unless Escape was pressed before it.
    if (await page.evaluate(isWriting)) await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    const ended = await page.evaluate(async () => {
      // as: put there above
      const state = (window as unknown as { walked: Walked }).walked;
      // Between its end and its beginning a dialog has the focus nowhere, or on its guard, for some frames.
      const nowhere = () =>
        document.activeElement === null || document.activeElement.matches('body, [data-base-ui-focus-guard]');
      const inDialog = document.querySelector('[role=dialog], [role=alertdialog]') !== null;
      for (let frames = 0; frames < 60 && inDialog && nowhere(); frames += 1) {
        await new Promise(requestAnimationFrame);
      }
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      if (focused === null || focused === document.body) {
        state.outside += 1;
        return state.outside > 1;
      }
      // A field for a date has a stop for each of its parts.
      if (focused === state.last) return false;
      if (state.reached.has(focused)) return true;
      state.last = focused;
      // Leads from the end of a dialog to its beginning.
      if (focused.matches('[data-base-ui-focus-guard]')) return false;
      state.reached.add(focused);
      // An editor is marked as a whole, some frames after it has got the focus.
      const editor = focused.closest('.cm-editor');
      for (let frames = 0; frames < 120 && editor?.matches(':not(.cm-focused)'); frames += 1) {
        await new Promise(requestAnimationFrame);
      }
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(editor ?? focused);
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
    const dialog = document.querySelector('[role=dialog], [role=alertdialog]');
    const missed = [...usable].filter(
      element =>
        (dialog === null || dialog.contains(element)) &&
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

/** Whether what has the focus is an editor that one can write in. */
const isWriting = (): boolean => {
  const focused = document.activeElement?.shadowRoot?.activeElement;
  return focused?.matches('.cm-content:not([aria-readonly=true])') === true;
};

/** A test for each page: everything that can be used is a stop of the Tab key, and shows that it has the focus. */
export function tabThrough(web: Web, pages: readonly WebPage[]): void {
  test.each(pages)(
    'on the page $name the Tab key reaches everything, and shows where it is',
    async ({ as, prepare, ready }) => {
      const page = await web.open(as, await prepare(web));
      await ready(page);
      // What came later than the focus went by would have been missed.
      await isSettled(page);
      // Before the first of them; of an open dialog the first is where its focus is.
      await page.evaluate(() => {
        if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return;
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
}
