import type { Page } from 'playwright-core';

/**
 * A key that repeats faster than the page draws: no frame, and so no `scroll` event, comes between two presses.
 * The browser's own action of the key is not taken.
 */
export async function pressBetweenFrames(page: Page, key: string, times: number): Promise<void> {
  await page.evaluate(
    async ([key, times]) => {
      for (let press = 0; press < times; press += 1) {
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        await Promise.resolve();
      }
    },
    [key, times] as const,
  );
}
