import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds on the page as it is: rule, what it asks, and where it is not so. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const found = await page.evaluate<readonly string[]>(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.flatMap(({ id, help, nodes }) => nodes.map(node => id + ': ' + help + ' at ' + node.target.join(' ') + ' – ' + node.failureSummary)))`,
  );
  return found;
}
