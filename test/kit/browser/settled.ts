import type { Page } from 'playwright-core';

/** Frames in which nothing moves before the page counts as being at rest: what follows a resize takes one or two. */
const STILL = 4;
/** A page that moves for longer never rests. Frames and not seconds: a slow machine draws fewer of them. */
const MOST_FRAMES = 2_000;

/**
 * Resolves when no skeleton holds the place of anything any more, and nothing has come, gone, moved or changed its size for some
 * frames: what is measured then is what somebody sees who looks for a while.
 */
export async function isSettled(page: Page): Promise<void> {
  const rests = await page.evaluate(
    async ([still, most]) => {
      const places = (): string =>
        Array.from(document.body.querySelectorAll('*'), element => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return `${element.tagName} ${x} ${y} ${width} ${height}`;
        }).join();
      let before = '';
      for (let frames = 0, unmoved = 0; frames < most; frames += 1) {
        await new Promise(requestAnimationFrame);
        const now = places();
        unmoved = now === before && document.querySelector('[data-skeleton]') === null ? unmoved + 1 : 0;
        if (unmoved === still) return true;
        before = now;
      }
      return false;
    },
    [STILL, MOST_FRAMES] as const,
  );
  if (!rests) throw new Error(`${page.url()} does not come to rest: something on it moves, or is still being read`);
}
