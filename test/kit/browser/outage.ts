import type { Locator, Page, Route } from 'playwright-core';

const INTERNAL = { status: 500, json: { error: 'INTERNAL', message: 'It failed.' } };

/**
 * What the page asks for at the address fails until `tryAgain` clicks; with that very click the server is back. Were it back
 * before, the page might mend itself while the test is on its way to the button. Nothing: there is no answer at all.
 */
export async function outage(
  page: Page,
  address: Parameters<Page['route']>[0],
  answer: Parameters<Route['fulfill']>[0] | 'nothing' = INTERNAL,
): Promise<{ tryAgain(within: Page | Locator): Promise<void> }> {
  let state: 'lasts' | 'ends' | 'over' = 'lasts';
  // The page knows nothing of it before somebody is about to click; nothing else leads away from it then.
  const isOver = async () =>
    state === 'over' || (state === 'ends' && (await page.evaluate(() => 'outageIsOver' in window)));
  await page.route(address, async route => {
    if (route.request().resourceType() !== 'fetch' || (await isOver())) return route.fallback();
    return answer === 'nothing' ? route.abort() : route.fulfill(answer);
  });
  return {
    async tryAgain(within) {
      await page.evaluate(() =>
        addEventListener('click', () => Object.assign(window, { outageIsOver: true }), { capture: true }),
      );
      state = 'ends';
      await within.getByRole('button', { name: 'Try again' }).click();
      state = 'over';
    },
  };
}
