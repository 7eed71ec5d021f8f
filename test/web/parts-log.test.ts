import { expect, test } from 'vitest';
import { pressBetweenFrames } from '../kit/browser/press-between-frames.ts';
import { useParts } from '../kit/browser/use-parts.ts';
import { lines } from './parts-states.ts';

const open = useParts();

const section = (count: number) => ({ id: '0', title: 'Build', status: 'executing', lines: lines(count) });
const props = (count: number) => ({ label: 'Log', fileName: 'log.txt', sections: [section(count)] });

const elements = (page: { evaluate(code: string): Promise<unknown> }) =>
  page.evaluate('document.querySelectorAll("main *").length');

test('10,000 lines are some hundred elements, at the top, at the end and between', async () => {
  const { page } = await open('log-view', props(10_000));
  await page.getByText('line 5:').waitFor();
  expect(await elements(page)).toBeLessThan(900);
  const log = page.getByRole('region', { name: 'Log' });
  await log.evaluate(box => box.scrollTo(0, box.scrollHeight / 2));
  await page
    .getByText(/^line 49\d\d: $/)
    .first()
    .waitFor();
  expect(await elements(page)).toBeLessThan(900);
  await log.press('End');
  await page.getByText('line 9999:').waitFor();
  expect(await elements(page)).toBeLessThan(900);
});

test('the end is followed until the reader scrolls up, and again after the jump', async () => {
  const { page, show } = await open('log-view', { ...props(500), live: true });
  await page.getByText('line 499:').waitFor();
  await show({ ...props(600), live: true });
  await page.getByText('line 599:').waitFor();
  const log = page.getByRole('region', { name: 'Log' });
  await log.hover();
  await page.mouse.wheel(0, -2000);
  const jump = page.getByRole('button', { name: 'Jump to the end' });
  await jump.waitFor();
  const height = () => log.evaluate(box => box.scrollHeight);
  const before = await height();
  await show({ ...props(700), live: true });
  await expect.poll(height).toBeGreaterThan(before + 1_000);
  expect(await page.getByText('line 699:').count()).toBe(0);
  await jump.click();
  await page.getByText('line 699:').waitFor();
  await jump.waitFor({ state: 'detached' });
  await show({ ...props(800), live: true });
  await page.getByText('line 799:').waitFor();
});

test('the last line is at the end of the view, however the lines before it wrap', async () => {
  const { page } = await open('log-view', { ...props(300), live: true }, { width: 360 });
  const last = page.getByText('line 299:');
  await last.waitFor();
  const rest = () =>
    page.getByRole('region', { name: 'Log' }).evaluate(box => box.scrollHeight - box.clientHeight - box.scrollTop);
  await expect.poll(rest).toBeLessThanOrEqual(8);
});

test('End and Home lead to the end and to the beginning of a log that wraps', async () => {
  const wrapping = lines(600).map((line, at) => ({ ...line, message: `line ${at}: ${'word '.repeat((at * 7) % 60)}` }));
  const sections = [{ ...section(0), lines: wrapping }];
  const { page } = await open('log-view', { ...props(0), sections }, { width: 360 });
  await page.getByText('line 5:').waitFor();
  const log = page.getByRole('region', { name: 'Log' });
  const rest = () => log.evaluate(box => box.scrollHeight - box.clientHeight - box.scrollTop);
  await log.press('End');
  await page.getByText('line 599:').waitFor();
  await expect.poll(rest).toBeLessThanOrEqual(8);
  await log.press('Home');
  await page.getByText('line 5:').waitFor();
  await expect.poll(() => log.evaluate(box => box.scrollTop)).toBe(0);
});

test('search counts and goes on from hit to hit with the keyboard alone', async () => {
  const { page } = await open('log-view', props(10_000));
  await page.getByRole('region', { name: 'Log' }).press('/');
  const field = page.getByRole('searchbox', { name: 'Search in the log' });
  await field.pressSequentially('LINE 777');
  await page.getByText('1 of 11', { exact: true }).waitFor();
  await page.locator('mark').first().waitFor();
  await field.press('Enter');
  await page.getByText('2 of 11', { exact: true }).waitFor();
  await page.getByText('line 7770').waitFor();
  await field.press('Shift+Enter');
  await field.press('Shift+Enter');
  await page.getByText('11 of 11', { exact: true }).waitFor();
  await page.getByText('line 7779').waitFor();
  await field.fill('nothing like it');
  await page.getByText('Not found').waitFor();
});

test('a key that comes as soon as the hits are counted is not undone', async () => {
  const { page } = await open('log-view', props(10_000));
  const field = page.getByRole('searchbox', { name: 'Search in the log' });
  await field.evaluate(element => {
    const watch = new MutationObserver(() => {
      if (!document.body.textContent.includes('1 of 11')) return;
      watch.disconnect();
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await field.fill('LINE 777');
  await page.getByText('line 7770').waitFor();
  await page.getByText('2 of 11', { exact: true }).waitFor();
});

test('hostile lines are text', async () => {
  const { page } = await open('log-view', props(10));
  await page.getByText('⟦U+202E⟧').waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).toBe('Parts');
  await expect.poll(() => page.getByText('<img src=x').count()).toBe(1);
  expect(await page.locator('main').innerText()).not.toContain('\u001b');
});

test('a number leads to its line, a range is copied, all is downloaded', async () => {
  const { page, told } = await open('log-view', props(50), { reports: ['onLine'] });
  await page.getByRole('link', { name: 'Line 5', exact: true }).click();
  await expect.poll(() => told('onLine')).toEqual([{ section: '0', line: 5 }]);
  await page.getByRole('link', { name: 'Line 6', exact: true }).click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: 'Copy lines 5–6' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe('line 4: ok all is well\nERROR line 5: ok all is well\n');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('log.txt');
});

test('lines are reached and chosen with the keyboard, however fast the keys come', async () => {
  const { page, told } = await open('log-view', props(200), { reports: ['onLine'] });
  await page.getByText('line 5:').waitFor();
  await page.getByRole('button', { name: /Build/ }).focus();
  await pressBetweenFrames(page, 'ArrowDown', 60);
  await page.keyboard.press('Enter');
  await expect.poll(() => told('onLine')).toEqual([{ section: '0', line: 60 }]);
  await pressBetweenFrames(page, 'ArrowUp', 59);
  await page.keyboard.press('Enter');
  await expect
    .poll(() => told('onLine'))
    .toEqual([
      { section: '0', line: 60 },
      { section: '0', line: 1 },
    ]);
});

test('arrows pass a section without lines, and what has the focus stays when the reader scrolls away', async () => {
  const sections = [
    section(2),
    { ...section(0), id: '1', title: 'Wait' },
    { ...section(500), id: '2', title: 'Deploy' },
  ];
  const { page, told } = await open('log-view', { ...props(0), sections }, { reports: ['onLine'] });
  await page.getByText('No lines yet.').waitFor();
  await page.getByRole('button', { name: /Build/ }).focus();
  for (let row = 0; row < 5; row += 1) await page.keyboard.press('ArrowDown');
  const log = page.getByRole('region', { name: 'Log' });
  await log.evaluate(box => box.scrollTo(0, box.scrollHeight));
  await page.getByText('line 499:').waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => told('onLine')).toEqual([{ section: '2', line: 1 }]);
});

test('a link to a line shows it, levels leave lines out, a section closes', async () => {
  const { page } = await open('log-view', { ...props(5_000), target: { section: '0', line: 4_000 } });
  await page.getByText('line 3999:').waitFor();
  await page.getByRole('combobox', { name: 'Levels' }).selectOption('error');
  await page.getByRole('region', { name: 'Log' }).press('Home');
  await page.getByText('5,000 lines, 4,167 hidden').waitFor();
  await page.getByRole('button', { name: /Build/ }).click();
  await expect.poll(() => page.locator('[data-line]').count()).toBe(0);
});
