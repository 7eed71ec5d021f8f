import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { drawn } from '../kit/browser/drawn.ts';
import { hasFocus } from '../kit/browser/focus.ts';
import { outage } from '../kit/browser/outage.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { INPUTS_DEFINITION, pipelines } from './pages/pipelines.ts';
import { APP, addPipeline, addRun } from './pages/seed.ts';

const web = useWeb();

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const waiting = (id: string): string =>
  `id: ${id}\nname: ${id}\non: { pipeline_call: {} }\njobs:\n  wait:\n    steps:\n      - uses: actions/humanitec/sleep@v1\n        with: { seconds: 3600 }\n`;

describe('the list of pipelines', () => {
  test('shows what became of the last runs, what starts each, and leads to all of it', async () => {
    await pipelines(web);
    const page = await web.open('developer', `${APP}/pipelines`);
    const deploy = row(page, 'deploy-service');
    const strip = deploy.getByRole('list', { name: 'Last runs, the newest last' });
    await strip.waitFor();
    await expect.poll(() => strip.getByRole('link', { name: /^Succeeded, / }).count()).toBe(2);
    await row(page, 'nightly-clean-up')
      .getByRole('link', { name: /^Failed, / })
      .waitFor();
    await expect.poll(() => deploy.innerText()).toContain('by a call');
    await row(page, 'Greets').waitFor({ state: 'detached' });
    await deploy.getByRole('link', { name: 'Run Deploy a service' }).click();
    await page.waitForURL('**/pipelines/deploy-service/run');
    await page.goBack();
    await row(page, 'deploy-service').getByRole('link', { name: 'Deploy a service', exact: true }).click();
    await page.waitForURL('**/pipelines/deploy-service');
    await page.getByRole('heading', { level: 1, name: 'Deploy a service' }).waitFor();
  });

  test('is searched by name, id, trigger and metadata as one types', async () => {
    await pipelines(web);
    const page = await web.open('viewer', `${APP}/pipelines`);
    await row(page, 'nightly-clean-up').waitFor();
    const search = page.getByRole('searchbox', { name: 'Search pipelines' });
    await search.fill('PAYMENTS');
    await page.getByText('1 pipeline found').waitFor();
    await row(page, 'deploy-service').waitFor();
    await expect.poll(() => row(page, 'nightly-clean-up').count()).toBe(0);
    await search.fill('no such thing');
    await page.getByRole('button', { name: 'Show all pipelines' }).click();
    await row(page, 'nightly-clean-up').waitFor();
  });

  test('a search looks at pages that were not read yet, too', async () => {
    await pipelines(web);
    const page = await web.open('viewer', '/me');
    await page.route(/\/apps\/hello\/pipelines\?/, async route => {
      const url = new URL(route.request().url());
      url.searchParams.set('per_page', '1');
      await route.continue({ url: url.href });
    });
    await page.goto(`${web.url}/ui${APP}/pipelines`);
    await page.getByRole('button', { name: 'Load more' }).waitFor();
    // The oldest of all, so on the last page.
    await page.getByRole('searchbox').fill('hello');
    await row(page, 'Hello').waitFor();
    await page.getByText('1 pipeline found', { exact: true }).waitFor();
  });

  test('new runs come into the strip without a reload', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('comes-live'));
    const page = await web.open('viewer', `${APP}/pipelines`);
    await row(page, id).getByText('Has not run yet').waitFor();
    await addRun(web, id, { version: 'v1' });
    await row(page, id)
      .getByRole('link', { name: /^Succeeded, / })
      .waitFor();
  });

  test('a viewer reads why it makes no pipeline; an empty app says what to do', async () => {
    const page = await web.open('viewer', `${APP}/pipelines`);
    const button = page.getByRole('button', { name: 'New pipeline' });
    await expect.poll(() => button.getAttribute('aria-description')).toContain('pipelines.create');
    await button.hover();
    await page.getByText('it needs ‘pipelines.create’ in the app ‘hello’').waitFor();
    await button.click({ force: true });
    expect(new URL(page.url()).pathname).toBe(`/ui${APP}/pipelines`);
    await web.api('admin', 'POST /orgs/demo/apps', { id: 'bare', name: 'Bare' });
    const admin = await web.open('admin', '/orgs/demo/apps/bare/pipelines');
    await admin.getByRole('link', { name: 'Make the first pipeline' }).click();
    await admin.getByRole('heading', { name: 'New pipeline' }).waitFor();
  });

  test('an outage says what to do, and the list comes back', async () => {
    const page = await web.open('viewer', '/me');
    const { tryAgain } = await outage(page, '**/apps/hello/pipelines?*', 'nothing');
    await page.goto(`${web.url}/ui${APP}/pipelines`);
    const alert = page.getByRole('alert').filter({ hasText: 'The pipelines could not be read' });
    await alert.getByText('The server did not answer').waitFor();
    await tryAgain(alert);
    await row(page, 'Hello').waitFor();
    // Chromium's own words about what the test cut off.
    expect(web.troubles().filter(trouble => !trouble.includes('net::ERR_FAILED'))).toEqual([]);
  });

  test('names are text, whatever they hold', async () => {
    await addPipeline(
      web,
      'id: hostile\nname: "<img src=x onerror=alert(1)><b>bold</b> \\u202Eevil \\u001B[31mred"\nmetadata: { "a": "<i>x</i>" }\non: { pipeline_call: {} }\njobs: { a: { name: "<u>job</u>", steps: [{ uses: actions/humanitec/log@v1, with: { message: x } }] } }\n',
    );
    const page = await web.open('developer', `${APP}/pipelines`);
    await row(page, 'hostile').getByRole('link', { name: '<b>bold</b>' }).first().waitFor();
    await page.goto(`${web.url}/ui${APP}/pipelines/hostile/run`);
    await page.getByRole('heading', { level: 1 }).filter({ hasText: '⟦U+202E⟧' }).waitFor();
    await expect.poll(() => page.title()).toMatch(/⟦U\+202E⟧evil red/);
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByText('<u>job</u>').waitFor();
    expect(await page.locator('main img, main b, main u, main i').count()).toBe(0);
  });
});

describe('one pipeline', () => {
  test('has its runs, its definition with lines, its versions with a diff, its inputs', async () => {
    await pipelines(web);
    const page = await web.open('viewer', `${APP}/pipelines/deploy-service`);
    const parts = page.getByRole('navigation', { name: 'Parts of the pipeline' });
    await expect
      .poll(() => page.getByRole('table', { name: 'Runs of deploy-service' }).getByRole('row').count())
      .toBe(3);

    await parts.getByRole('link', { name: 'Definition' }).click();
    const editor = page.getByRole('textbox', { name: 'Definition' });
    await editor.getByText('verifies that it answers').waitFor();
    await editor.click();
    await page.keyboard.type('x');
    expect(await editor.innerText()).not.toContain('x:');
    await expect.poll(() => editor.getAttribute('aria-readonly')).toBe('true');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    await page.getByRole('link', { name: 'Link to line 2' }).click();
    await page.waitForURL('**/definition?line=2');

    await parts.getByRole('link', { name: 'Versions' }).click();
    const versions = page.getByRole('table', { name: 'Versions of deploy-service' });
    await expect.poll(() => versions.getByRole('row').count()).toBe(3);
    const changes = page
      .getByRole('region', { name: /^Changes from Version … / })
      .or(page.getByRole('region', { name: /^Changes from/ }));
    await changes.getByText('verifies that it answers').first().waitFor();
    await changes.getByText('The version').first().waitFor();

    await parts.getByRole('link', { name: 'Inputs' }).click();
    const inputs = page.getByRole('table', { name: 'Inputs of deploy-service' });
    await inputs.waitFor();
    const text = (name: string) => row(page, name).first().innerText();
    expect(await text('version')).toMatch(/The tag to deploy[\s\S]*Required[\s\S]*pattern \^v\[0-9\]\+\$/);
    expect(await text('environment')).toMatch(/"development", "staging", "production"[\s\S]*development/);
    expect(await text('replicas')).toMatch(/whole number, 1 to 20[\s\S]*2/);
    expect(await text('token')).toMatch(/text, secret[\s\S]*None/);
  });

  test('an older version is shown, compared with the current one, and can be edited from', async () => {
    await pipelines(web);
    const page = await web.open('owner', `${APP}/pipelines/deploy-service/versions`);
    const table = page.getByRole('table', { name: 'Versions of deploy-service' });
    await table
      .getByRole('row')
      .nth(2)
      .getByRole('link', { name: /^Version …/ })
      .click();
    await page.getByText('not the current one').waitFor();
    await page.getByRole('textbox', { name: 'Definition' }).getByText('The version to deploy').waitFor();
    await page.getByRole('link', { name: 'What has changed since' }).click();
    await page
      .getByRole('region', { name: /^Changes from/ })
      .getByText('The tag')
      .first()
      .waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Edit from here' }).click();
    await page
      .getByRole('textbox', { name: /^Definition/ })
      .getByText('The version to deploy')
      .waitFor();
    await page.getByText('Nothing is wrong with it').waitFor();
    // It is another text than the current one, so it can be saved, and leaving asks.
    await page.getByRole('link', { name: 'Pipelines' }).last().click();
    await page.getByRole('alertdialog', { name: 'Leave without saving?' }).waitFor();
  });

  test('one that is not there says so; one of no calls says what starts it', async () => {
    const page = await web.open('developer', `${APP}/pipelines/nowhere`);
    await page.getByRole('alert').filter({ hasText: 'could not be read' }).waitFor();
    await page.getByRole('link', { name: 'Runs of nowhere' }).click();
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor();
    await addPipeline(
      web,
      'id: by-artefact\nname: By artefact\non: { artefact: { type: container, include: [".*"] } }\njobs: { a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: x } }] } }\n',
    );
    await page.goto(`${web.url}/ui${APP}/pipelines/by-artefact/inputs`);
    await page.getByRole('heading', { name: 'Nobody calls this pipeline' }).waitFor();
    expect(await page.getByRole('button', { name: 'Run' }).count()).toBe(0);
    await page.goto(`${web.url}/ui${APP}/pipelines/by-artefact/run`);
    await page.getByRole('heading', { name: 'Nobody starts this pipeline by hand' }).waitFor();
  });
});

describe('deleting a pipeline', () => {
  const remove = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'More to do with the pipeline' }).click();
    await page.getByRole('menuitem', { name: 'Delete the pipeline' }).click();
  };

  test('is refused to a developer, with the reason', async () => {
    const page = await web.open('developer', `${APP}/pipelines/hello`);
    await page.getByRole('button', { name: 'More to do with the pipeline' }).click();
    const item = page.getByRole('menuitem', { name: 'Delete the pipeline' });
    await expect.poll(() => item.innerText()).toContain('it needs ‘pipelines.delete’');
    await expect.poll(() => item.getAttribute('aria-disabled')).toBe('true');
  });

  test('asks first, says what to do while a run is open, and does it when none is', async () => {
    const id = await addPipeline(web, waiting('to-delete'));
    const run = await addRun(web, id, {}, 'started');
    const page = await web.open('owner', `${APP}/pipelines/${id}`);
    await remove(page);
    const dialog = page.getByRole('alertdialog', { name: 'Delete the pipeline ‘to-delete’?' });
    await dialog.getByRole('button', { name: 'Keep it as it is' }).click();
    await dialog.waitFor({ state: 'detached' });
    await remove(page);
    await dialog.getByRole('button', { name: 'Delete the pipeline' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'Runs of this pipeline are not over' }).waitFor();
    await dialog.getByRole('link', { name: 'Show the open runs' }).click();
    await page.waitForURL('**/runs?status=open&pipeline=to-delete');
    await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBe(2);
    await web.api('owner', `POST ${APP}/pipelines/${id}/runs/${run}/cancel`);
    await expect
      .poll(async () => (await web.api('owner', `GET ${APP}/pipelines/${id}/runs/${run}`)).json.status)
      .toBe('cancelled');
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}`);
    await remove(page);
    await dialog.getByRole('button', { name: 'Delete the pipeline' }).click();
    await page.waitForURL('**/apps/hello/pipelines');
    await page.getByText('The pipeline was deleted').waitFor();
    await row(page, 'Hello').waitFor();
    await expect.poll(() => row(page, 'to-delete').count()).toBe(0);
  });

  test('is waited for once it is confirmed', async () => {
    const id = await addPipeline(web, waiting('waited-for'));
    const page = await web.open('owner', `${APP}/pipelines/${id}`);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(`**/pipelines/${id}`, async route => {
      if (route.request().method() === 'DELETE') await held;
      await route.continue();
    });
    await remove(page);
    const dialog = page.getByRole('alertdialog');
    const act = dialog.getByRole('button', { name: 'Delete the pipeline' });
    await act.click();
    await expect.poll(() => act.getAttribute('aria-busy')).toBe('true');
    await page.keyboard.press('Escape');
    await drawn(page);
    expect(await act.getAttribute('aria-busy')).toBe('true');
    release();
    await page.waitForURL('**/apps/hello/pipelines');
  });

  test('deletes what was looked at, not what somebody saved meanwhile', async () => {
    const id = await addPipeline(web, waiting('saved-meanwhile'));
    const page = await web.open('owner', '/me');
    await page.clock.install();
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}`);
    await remove(page);
    await web.api('owner', `PATCH ${APP}/pipelines/${id}`, waiting(id).replace(`name: ${id}`, 'name: Theirs'));
    // The page beneath has read it; who looks at the question has not seen it.
    await page.clock.runFor(15_000);
    await page.locator('h1').getByText('Theirs').waitFor();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Delete the pipeline' }).click();
    await dialog.getByText('Somebody has saved it since').waitFor();
    await web.api('owner', `GET ${APP}/pipelines/${id}`);
  });
});

test('a button keeps the focus when the right to it comes', async () => {
  const id = await addPipeline(web, waiting('right-comes'));
  const page = await web.open('owner', '/me');
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/orgs/demo/users/*/perms*', async route => {
    await held;
    await route.continue();
  });
  await page.goto(`${web.url}/ui${APP}/pipelines/${id}`);
  const edit = page.getByRole('button', { name: 'Edit' });
  await edit.focus();
  await page.getByText('Your rights are being read').waitFor();
  expect(await edit.getAttribute('aria-disabled')).toBe('true');
  release();
  await expect.poll(() => edit.getAttribute('aria-disabled')).toBe(null);
  expect(await edit.getAttribute('aria-description')).toBe(null);
  expect(await hasFocus(edit)).toBe(true);
});

describe('the runs of an app', () => {
  test('are narrowed by status and pipeline, and the address says so', async () => {
    await pipelines(web);
    const page = await web.open('viewer', `${APP}/pipelines`);
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    const table = page.getByRole('table', { name: 'Runs of hello' });
    await table.getByRole('link', { name: 'deploy-service' }).first().waitFor();
    await page.getByLabel('Status').selectOption({ label: 'Failed' });
    await page.waitForURL('**/runs?status=failed');
    await expect.poll(() => table.getByRole('link', { name: 'deploy-service' }).count()).toBe(0);
    await table.getByRole('link', { name: 'nightly-clean-up' }).first().waitFor();
    await page.getByLabel('Pipeline').selectOption('deploy-service');
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Show all runs' }).click();
    await table.getByRole('link', { name: 'nightly-clean-up' }).first().waitFor();
    await table
      .getByRole('link', { name: /^Run …/ })
      .first()
      .click();
    await page.waitForURL(/\/pipelines\/[^/]+\/runs\/[0-9a-f-]{36}$/);
  });

  test('come without a reload, and say what they wait for', async () => {
    const id = await addPipeline(
      web,
      'id: asks-first\nname: Asks first\non: { pipeline_call: {} }\njobs: { ask: { steps: [{ uses: actions/humanitec/approve@v1, with: { environment: production, message: May it? } }] } }\n',
    );
    const page = await web.open('viewer', `${APP}/runs?pipeline=asks-first`);
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor();
    await addRun(web, id, {}, 'started');
    await page.getByText('Waits for approval').waitFor();
  });

  test('go on page by page', async () => {
    await pipelines(web);
    const page = await web.open('viewer', '/me');
    await page.route('**/pipeline-runs?*', async route => {
      const url = new URL(route.request().url());
      url.searchParams.set('per_page', '1');
      await route.continue({ url: url.href });
    });
    await page.goto(`${web.url}/ui${APP}/runs`);
    const rows = page.getByRole('table').getByRole('row');
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect.poll(() => rows.count()).toBe(3);
  });
});
