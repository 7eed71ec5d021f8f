import { expect, test } from 'vitest';
import { languageSchema } from '../fixtures/web/language-schema.ts';
import { useParts } from '../kit/browser/use-parts.ts';
import { DEFINITION, PROBLEM } from './parts-states.ts';

const open = useParts();

const props = { value: DEFINITION, label: 'Definition', schema: languageSchema };

test('offers keys and values while one types, and Enter takes one', async () => {
  const { page, told } = await open('yaml-editor', { ...props, value: '' }, { reports: ['onChange'] });
  const editor = page.getByRole('textbox', { name: /^Definition/ });
  await editor.click();
  // The list takes no key in its first moments, so that nobody takes an offer without having seen it: then Enter is a new line.
  await expect
    .poll(async () => {
      await editor.press('Control+a');
      await editor.press('Delete');
      await editor.pressSequentially('na');
      await page.getByRole('option', { name: /^name/ }).waitFor();
      await page.evaluate(async () => {
        for (let frames = 0; frames < 20; frames += 1) await new Promise(requestAnimationFrame);
      });
      await editor.press('Enter');
      return (await told('onChange')).at(-1);
    })
    .toContain('name: ');
});

test('styles live in the shadow root, not in style elements', async () => {
  const { page } = await open('yaml-editor', props);
  await page.getByText('Release').waitFor();
  const found = await page.evaluate(() => {
    const root = [...document.querySelectorAll('main *')].find(element => element.shadowRoot !== null)?.shadowRoot;
    return {
      adopted: root?.adoptedStyleSheets.length ?? 0,
      elements: document.querySelectorAll('style').length + (root?.querySelectorAll('style').length ?? 0),
    };
  });
  expect(found.adopted).toBeGreaterThan(0);
  expect(found.elements).toBe(0);
});

test('problems are underlined and listed; F8 and the list lead to them', async () => {
  const { page } = await open('yaml-editor', { ...props, problems: [PROBLEM] }, { reports: ['onChange'] });
  await page.locator('.cm-lintRange-error', { hasText: 'inputs' }).waitFor();
  await page.getByText('1 problem', { exact: true }).waitFor();
  const editor = page.getByRole('textbox', { name: /^Definition/ });
  await editor.focus();
  await editor.press('F8');
  await page.getByText('Line 4, column 11').waitFor();
  await editor.press('Control+Home');
  await page.getByText('Line 1, column 1').waitFor();
  await page.getByRole('button', { name: /inputz/ }).click();
  await page.getByText('Line 4, column 5').waitFor();
});

test('a selection over several lines is typed over, bracketed and deleted without a word from the policy', async () => {
  const { page, told } = await open('yaml-editor', props, { reports: ['onChange'] });
  const editor = page.getByRole('textbox', { name: /^Definition/ });
  const text = async () => (await told('onChange')).at(-1);
  await editor.click();
  await editor.press('Control+a');
  await page.keyboard.insertText('id: x\nname: y\n');
  await expect.poll(text).toBe('id: x\nname: y\n');
  await editor.press('Control+a');
  await page.keyboard.type('(');
  await expect.poll(text).toBe('(id: x\nname: y\n)');
  await editor.press('Control+a');
  await page.evaluate(() => document.execCommand('delete'));
  await expect.poll(text).toBe('');
  await editor.press('Control+z');
  await expect.poll(text).toBe('(id: x\nname: y\n)');
  await editor.press('Control+a');
  await page.keyboard.type('a');
  await expect.poll(text).toBe('a');
});

test('a text that is only read stays as it is when one types over all of it', async () => {
  const { page } = await open('yaml-editor', { ...props, target: 9 });
  const editor = page.getByRole('textbox', { name: 'Definition' });
  await editor.click();
  const before = await editor.innerText();
  await editor.press('Control+a');
  await page.keyboard.insertText('gone');
  await editor.press('x');
  await editor.press('Delete');
  expect(await editor.innerText()).toBe(before);
});

test('what a slower host says after the next key undoes nothing; another text of its own replaces all', async () => {
  const { page, show, told } = await open('yaml-editor', { ...props, value: 'x' }, { reports: ['onChange'] });
  const editor = page.getByRole('textbox', { name: /^Definition/ });
  await editor.focus();
  await editor.press('Control+End');
  for (const key of ['a', 'b', 'c']) await editor.press(key);
  await expect.poll(async () => (await told('onChange')).at(-1)).toBe('xabc');
  for (const value of ['xa', 'xabc']) await show({ ...props, value });
  await editor.press('d');
  await expect.poll(async () => (await told('onChange')).at(-1)).toBe('xabcd');
  await show({ ...props, value: 'theirs' });
  await expect.poll(() => editor.innerText()).toBe('theirs');
});

test('Tab indents; Escape, then Tab leaves, however long after', async () => {
  const { page, told } = await open('yaml-editor', { ...props, value: 'x' }, { reports: ['onChange'] });
  const editor = page.getByRole('textbox', { name: /^Definition/ });
  const text = async () => (await told('onChange')).at(-1);
  await editor.focus();
  await editor.press('Tab');
  await expect.poll(text).toBe('  x');
  // Whoever goes on writing after Escape indents.
  await editor.press('Escape');
  await editor.press('End');
  await editor.press('Tab');
  await expect.poll(text).toBe('    x');
  await editor.press('Escape');
  await page.clock.setFixedTime(Date.now() + 86_400_000);
  await editor.press('Tab');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('After the part');
  // Whoever comes back indents, too.
  await editor.focus();
  await editor.press('Tab');
  await expect.poll(text).toBe('      x');
});

test('Escape closes a list of offers, or the search, before it does anything else', async () => {
  const { page, told } = await open('yaml-editor', { ...props, value: '' }, { reports: ['onChange'] });
  const editor = page.getByRole('textbox', { name: /^Definition/ });
  const text = async () => (await told('onChange')).at(-1);
  await editor.click();
  await editor.pressSequentially('na');
  const offer = page.getByRole('option', { name: /^name/ });
  await offer.waitFor();
  await editor.press('Escape');
  await offer.waitFor({ state: 'detached' });
  await editor.press('Tab');
  await expect.poll(text).toBe('  na');
  await editor.press('Control+f');
  const search = page.getByRole('textbox', { name: 'Find' });
  await search.waitFor();
  await editor.focus();
  await editor.press('Escape');
  await search.waitFor({ state: 'detached' });
  await editor.press('Tab');
  await expect.poll(text).toBe('    na');
});

test('read only: nothing is typed, and Tab passes', async () => {
  const { page } = await open('yaml-editor', { ...props, target: 9 });
  await page.locator('.cm-target', { hasText: 'steps' }).waitFor();
  await page.getByText('Line 9, column 1', { exact: true }).waitFor();
  const editor = page.getByRole('textbox', { name: 'Definition' });
  await editor.focus();
  await editor.press('x');
  expect(await editor.innerText()).not.toContain('xname');
  await editor.press('Tab');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('After the part');
});

test('a word is explained on hover, an expression is set off, and hostile text is text', async () => {
  const value = `${DEFINITION}# <img src=x onerror=alert(1)> \u202egnirts\n`;
  const { page } = await open('yaml-editor', { ...props, value }, { reports: ['onChange'] });
  await page.locator('.cm-expression').waitFor();
  await page.getByText('pipeline_call').hover();
  await page.getByText('Started by a request to the API').waitFor();
  await page.getByText('⟦U+202E⟧').waitFor();
  expect(await page.locator('img[src=x]').count()).toBe(0);
});

test('a diff is side by side where there is room, else one text', async () => {
  const versions = {
    before: { name: 'Version 1', text: DEFINITION },
    after: { name: 'Version 2', text: DEFINITION.replace('Release', 'Deploy') },
  };
  const wide = await open('yaml-diff', versions, { width: 1400 });
  await expect.poll(() => wide.page.getByRole('textbox').count()).toBe(2);
  const narrow = await open('yaml-diff', versions, { width: 400 });
  await narrow.page.getByText('Deploy').waitFor();
  await expect.poll(() => narrow.page.getByRole('textbox').count()).toBe(1);
  await narrow.page.getByText('Release').waitFor();
});
