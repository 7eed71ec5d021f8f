import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useWeb } from '../kit/browser/use-web.ts';
import { addressOf } from './pages/run.ts';
import { addPipeline, addRun, oncePerServer } from './pages/seed.ts';

const web = useWeb();

/** Elements of the whole page, whatever is shown of the run. */
const MOST_ELEMENTS = 2_500;

const elements = (page: Page): Promise<number> => page.evaluate('document.querySelectorAll("*").length');

/** 100 jobs; the first one has 100 steps, of which the first writes 10,000 lines. */
const largeRun = oncePerServer(async opened => {
  const said = (job: number) => `      - uses: actions/humanitec/log@v1\n        with: { message: "line of ${job}" }\n`;
  const many = `      - uses: actions/humanitec/log@v1
        with: { message: "\${{ inputs.lines }}" }
`;
  const jobs = Array.from({ length: 100 }, (_, index) => {
    const needs =
      index < 10 ? '' : `    needs: [job-${index - 10}, job-${index % 10 === 0 ? index - 1 : index - 11}]\n`;
    const steps = index === 0 ? many + said(0).repeat(99) : said(index);
    return `  job-${index}:\n    name: Job ${index}\n${needs}    steps:\n${steps}`;
  });
  const pipeline = await addPipeline(
    opened,
    `id: large\nname: Large\non:\n  pipeline_call:\n    inputs:\n      lines: { type: string }\njobs:\n${jobs.join('')}`,
  );
  // The most that one message may have is 32 KiB.
  const lines = Array.from({ length: 10_000 }, (_, index) => (index % 1_000 === 999 ? index + 1 : 'x')).join('\n');
  return { pipeline, run: await addRun(opened, pipeline, { lines }) };
});

describe('a run of 100 jobs, 100 steps in one of them, and 10,000 lines in one of these', () => {
  test('is a bounded number of elements: as it opens, along the log, as a list, with all jobs in view', async () => {
    const { pipeline, run } = await largeRun(web);
    const page = await web.open('developer', `${addressOf(pipeline, run)}/jobs/job-0?step=1`, { width: 1920 });
    const log = page.getByRole('region', { name: 'Log of step 1' });
    await log.getByText('x', { exact: true }).first().waitFor();
    const graph = page.getByRole('region', { name: 'Jobs' });
    await graph.locator('[aria-current=true]').waitFor();
    await expect.poll(() => elements(page)).toBeLessThan(MOST_ELEMENTS);

    await log.press('End');
    await log.getByText('10000', { exact: true }).first().waitFor();
    await expect.poll(() => log.locator('[data-line]').count()).toBeLessThan(200);
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('5000');
    await page.getByText('1 of 1', { exact: true }).waitFor();
    await log.locator('mark').waitFor();
    await expect.poll(() => elements(page)).toBeLessThan(MOST_ELEMENTS);

    await page.getByRole('button', { name: 'Show all jobs' }).click();
    await expect.poll(() => graph.locator('[data-job]').count()).toBe(100);
    await expect.poll(() => elements(page)).toBeLessThan(2 * MOST_ELEMENTS);
    await page.getByRole('button', { name: 'List' }).click();
    await graph.getByRole('button', { name: 'Job 99 Succeeded' }).waitFor();
    await expect.poll(() => elements(page)).toBeLessThan(2 * MOST_ELEMENTS);
  });
});

test('while a run executes, the whole page makes no more than one request a second of its own clock', async () => {
  const pipeline = await addPipeline(
    web,
    `id: ticks
name: Ticks
on:
  pipeline_call:
jobs:
  ticks:
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: tick }
      - uses: actions/humanitec/sleep@v1
        with: { seconds: 86400 }
`,
  );
  const run = await addRun(web, pipeline, {}, 'started');
  const page = await web.open('developer', '/me');
  // Each time one looks the run has changed: the page has no reason to look more seldom.
  let looks = 0;
  const isOfRun = ({ pathname }: URL) => pathname.startsWith('/orgs/') && pathname.endsWith(`/runs/${run}`);
  await page.route(isOfRun, async route => {
    const { 'if-none-match': _, ...headers } = route.request().headers();
    const response = await route.fetch({ headers });
    looks += 1;
    await route.fulfill({ response, json: { ...(await response.json()), etag: `looked-${looks}` } });
  });
  // The page’s clock stands still unless the test moves it: how fast this machine is does not matter.
  await page.clock.install();
  const [asked, open] = [[] as string[], new Set<unknown>()];
  page.on('request', request => {
    if (request.resourceType() !== 'fetch') return;
    asked.push(request.url());
    open.add(request);
  });
  page.on('requestfinished', request => open.delete(request));
  page.on('requestfailed', request => open.delete(request));
  await page.goto(`${web.url}/ui${addressOf(pipeline, run)}`);
  // Opening the page reads what it shows at once; from then on it only looks again.
  await page.getByRole('region', { name: 'Jobs' }).locator('[aria-current=true]').waitFor();
  await page.getByRole('link', { name: /^1\. actions\/humanitec\/log/ }).waitFor();
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 5_000);
  await expect.poll(() => open.size).toBe(0);
  const perSecond: { readonly all: number; readonly ofRun: number }[] = [];
  for (let second = 0; second < 60; second += 1) {
    asked.length = 0;
    // In short steps: an answer comes before the page’s clock has gone far.
    for (let step = 0; step < 10; step += 1) {
      await page.clock.runFor(100);
      await expect.poll(() => open.size, { interval: 5 }).toBe(0);
    }
    perSecond.push({ all: asked.length, ofRun: asked.filter(url => url.includes(`/runs/${run}`)).length });
  }
  const sum = (of: 'all' | 'ofRun') => perSecond.reduce((all, second) => all + second[of], 0);
  expect(sum('ofRun')).toBeGreaterThan(20);
  expect(sum('all')).toBeLessThanOrEqual(perSecond.length);
  expect(Math.max(...perSecond.map(({ ofRun }) => ofRun))).toBe(1);
});
