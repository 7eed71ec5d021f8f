import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useWeb } from '../kit/browser/use-web.ts';
import { INPUTS_DEFINITION } from './pages/pipelines.ts';
import { APP, addPipeline } from './pages/seed.ts';

const web = useWeb();

type Choice = { readonly label: string; readonly value: string };

/** Chooses one after the other, faster than the page renders what was chosen. */
async function chooseAtOnce(page: Page, choices: readonly Choice[]): Promise<void> {
  for (const { label, value } of choices) {
    await page.getByLabel(label, { exact: true }).locator(`option[value="${value}"]`).waitFor({ state: 'attached' });
  }
  await page.evaluate(choices => {
    for (const { label, value } of choices) {
      const select = [...document.querySelectorAll('select')].find(one => one.labels[0]?.textContent === label);
      if (select === undefined) throw new Error(`there is nothing to choose at ‘${label}’`);
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }, choices);
}

async function keepsBoth(page: Page, choices: readonly [Choice, Choice]): Promise<void> {
  await chooseAtOnce(page, choices);
  for (const { label, value } of choices) {
    await expect.poll(() => page.getByLabel(label, { exact: true }).inputValue()).toBe(value);
  }
}

test('of the audit log: one chosen right after another takes nothing away', async () => {
  const page = await web.open('admin', `${APP}/access/audit`);
  await keepsBoth(page, [
    { label: 'Action', value: 'createValue' },
    { label: 'Decision', value: 'refused' },
  ]);
});

test('of the runs: one chosen right after another takes nothing away', async () => {
  const pipeline = await addPipeline(web, INPUTS_DEFINITION('filtered'));
  const page = await web.open('viewer', `${APP}/runs`);
  await keepsBoth(page, [
    { label: 'Status', value: 'failed' },
    { label: 'Pipeline', value: pipeline },
  ]);
});

test('of what changed between two versions: one chosen right after another takes nothing away', async () => {
  const id = await addPipeline(web, INPUTS_DEFINITION('compared'));
  for (const name of ['Second', 'Third']) {
    await web.api(
      'owner',
      `PATCH ${APP}/pipelines/${id}`,
      INPUTS_DEFINITION(id).replace(/^name: .*$/m, `name: ${name}`),
    );
  }
  const { json } = await web.api('owner', `GET ${APP}/pipelines/${id}/versions`);
  const [, second, first] = json;
  const page = await web.open('viewer', `${APP}/pipelines/${id}/versions`);
  await keepsBoth(page, [
    { label: 'From', value: first.id },
    { label: 'To', value: second.id },
  ]);
});
