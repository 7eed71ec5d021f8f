import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { pressBetweenFrames } from '../kit/browser/press-between-frames.ts';
import { useParts } from '../kit/browser/use-parts.ts';
import { jobs } from './parts-states.ts';

const open = useParts();

const count = (page: { evaluate(code: string): Promise<unknown> }) =>
  page.evaluate('document.querySelectorAll("main *").length');

test('100 jobs: only what is in view is there', async () => {
  const { page } = await open('run-graph', { jobs: jobs(100) });
  await page.getByText('Job number 0', { exact: true }).waitFor();
  const nodes = page.locator('[data-job]');
  await expect.poll(() => nodes.count()).toBeLessThan(60);
  expect(await nodes.count()).toBeGreaterThan(3);
  await expect.poll(() => count(page)).toBeLessThan(1500);
  await page.getByRole('button', { name: 'Show all jobs' }).click();
  await expect.poll(() => nodes.count()).toBe(100);
  expect(await count(page)).toBeLessThan(3000);
});

test('it is as high as its jobs are, and no higher than the window allows', async () => {
  const heightOf = async (count: number) => {
    const { page } = await open('run-graph', { jobs: jobs(count) }, { height: 900 });
    await page.getByText('Job number 0', { exact: true }).waitFor();
    return () => page.evaluate(() => document.querySelector('[data-roving]')?.clientHeight);
  };
  // One job of 68 pixels and the room around it.
  await expect.poll(await heightOf(1)).toBe(116);
  await expect.poll(await heightOf(60)).toBe(450);
});

test('what is selected is in view from the beginning', async () => {
  const { page } = await open('run-graph', { jobs: jobs(60), selected: 'job-40' });
  await page.locator('[data-job="job-40"]').waitFor();
  const inView = () =>
    page.evaluate(() => {
      const frame = document.querySelector('[data-roving]')?.getBoundingClientRect();
      const job = document.querySelector('[data-job="job-40"]')?.getBoundingClientRect();
      if (frame === undefined || job === undefined) return false;
      return job.left >= frame.left && job.right <= frame.right && job.top >= frame.top && job.bottom <= frame.bottom;
    });
  await expect.poll(inView).toBe(true);
});

test('one that is higher than the picture begins at its first job, and no room is shown beyond the last', async () => {
  const two = (row: number) => [
    { id: `a-${row}`, name: `First ${row}`, needs: [], status: 'succeeded' },
    { id: `b-${row}`, name: `Second ${row}`, needs: [`a-${row}`], status: 'succeeded' },
  ];
  const tall = Array.from({ length: 9 }, (_, row) => two(row)).flat();
  const edges = (page: Page) =>
    page.evaluate(() => {
      const frame = document.querySelector('[data-roving]')?.getBoundingClientRect();
      const ends = [...document.querySelectorAll('[data-job]')].map(job => job.getBoundingClientRect());
      const { top = 0, bottom = 0 } = frame ?? {};
      return {
        above: Math.round(Math.min(...ends.map(end => end.top)) - top),
        below: Math.round(bottom - Math.max(...ends.map(end => end.bottom))),
      };
    });
  for (const selected of [undefined, 'a-0', 'b-8']) {
    const { page } = await open('run-graph', { jobs: tall, selected }, { height: 800 });
    await page.locator('[data-job]').nth(5).waitFor();
    // As much as the margin at the most; less than nothing: there is more of it.
    await expect.poll(async () => (await edges(page)).above).toBeLessThanOrEqual(24);
    await expect.poll(async () => (await edges(page)).below).toBeLessThanOrEqual(24);
    if (selected !== 'b-8') await expect.poll(async () => (await edges(page)).above).toBe(24);
    await page.locator(`[data-job="${selected ?? 'a-0'}"]`).waitFor();
  }
});

test('a status moves no job', async () => {
  const { page, show } = await open('run-graph', { jobs: jobs(30) });
  const boxes = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[data-job]')].map(node => {
        const { x, y, width, height } = node.getBoundingClientRect();
        return `${node.getAttribute('data-job')} ${x} ${y} ${width} ${height}`;
      }),
    );
  await page.getByText('Job number 0', { exact: true }).waitFor();
  // The first view is there: 0.75 of the size.
  await expect.poll(async () => (await boxes())[0]).toContain(' 192 51');
  const before = await boxes();
  expect(before.length).toBeGreaterThan(3);
  const next = jobs(30).map(job => ({ ...job, status: 'failed', completedAt: '2026-01-01T09:00:00Z' }));
  await show({ jobs: next });
  await page.getByText('Failed').nth(3).waitFor();
  expect(await boxes()).toEqual(before);
});

test('Tab goes through all jobs in order, arrows along the edges, Enter selects, and Tab leaves at the end', async () => {
  const { page, told } = await open('run-graph', { jobs: jobs(40) }, { reports: ['onSelect'] });
  await page.getByText('Job number 0', { exact: true }).waitFor();
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-job') ?? document.activeElement?.textContent);
  await page.locator('[data-job="job-0"]').focus();
  const seen = new Set<string>(['job-0']);
  for (let step = 1; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    await expect.poll(async () => seen.has((await focused()) ?? '')).toBe(false);
    seen.add((await focused()) ?? '');
  }
  expect([...seen].every(id => id.startsWith('job-'))).toBe(true);
  expect(seen.size).toBe(40);
  await page.keyboard.press('Home');
  await expect.poll(focused).toBe('job-0');
  await page.keyboard.press('ArrowRight');
  await expect.poll(focused).toMatch(/^job-[123]$/);
  const child = await focused();
  await page.keyboard.press('Enter');
  await expect.poll(() => told('onSelect')).toEqual([child]);
  await page.locator('[data-job][aria-current="true"]').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Tab');
  await expect.poll(async () => (await focused())?.startsWith('job-')).toBe(false);
});

test('no key is lost, however fast they come', async () => {
  const { page } = await open('run-graph', { jobs: jobs(40) });
  await page.locator('[data-job="job-0"]').focus();
  await pressBetweenFrames(page, 'Tab', 39);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-job'));
  const last = await focused();
  await page.keyboard.press('End');
  expect(await focused()).toBe(last);
  await pressBetweenFrames(page, 'ArrowLeft', 10);
  await expect.poll(focused).toBe('job-0');
});

test('hostile names are text; narrow screens get the list', async () => {
  const { page, told } = await open('run-graph', { jobs: jobs(12) }, { width: 360, reports: ['onSelect'] });
  await page.getByText('⟦U+202E⟧').first().waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  await expect.poll(() => page.getByRole('listitem').count()).toBe(12);
  await page.getByRole('button', { name: /Job number 5/ }).click();
  expect(await told('onSelect')).toEqual(['job-5']);
  await page.getByRole('button', { name: 'Graph' }).click();
  // What is selected is in view.
  await page.locator('[data-job="job-5"]').waitFor();
});
