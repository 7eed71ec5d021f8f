import { describe, expect, test } from 'vitest';
import { hasFocus, takesKeys } from '../kit/browser/focus.ts';
import { outage } from '../kit/browser/outage.ts';
import { useWeb } from '../kit/browser/use-web.ts';

const web = useWeb();

test('the apps lead into one, and the switcher to another', async () => {
  await web.api('admin', 'POST /orgs/demo/apps', { id: 'web-shop', name: 'Web shop' });
  const page = await web.open('admin', '/');
  await page.getByRole('main').getByRole('link', { name: 'Hello' }).click();
  await page.waitForURL('**/ui/orgs/demo/apps/hello/pipelines');
  await page.getByRole('button', { name: 'App: demo / hello' }).click();
  const chosen = page.getByRole('menuitem', { name: 'Hello' });
  await chosen.getByLabel('chosen').waitFor();
  await page.getByRole('menuitem', { name: 'Web shop' }).click();
  await page.waitForURL('**/ui/orgs/demo/apps/web-shop/pipelines');
  await page.getByRole('button', { name: 'App: demo / web-shop' }).waitFor();
});

test('the navigation has the parts of an app, and says where one is', async () => {
  const page = await web.open('viewer', '/orgs/demo/apps/hello/pipelines');
  const navigation = page.getByRole('navigation', { name: 'App hello' });
  await navigation.waitFor();
  expect(await navigation.getByRole('link').allInnerTexts()).toEqual(['Pipelines', 'Runs', 'Approvals', 'Access']);
  await expect.poll(() => navigation.locator('[aria-current=page]').innerText()).toBe('Pipelines');
  await navigation.getByRole('link', { name: 'Runs' }).click();
  await page.waitForURL('**/apps/hello/runs');
  await expect.poll(() => navigation.locator('[aria-current=page]').innerText()).toBe('Runs');
});

test('a new pipeline is among the pipelines, and its breadcrumbs end with a name', async () => {
  const page = await web.open('owner', '/orgs/demo/apps/hello/new-pipeline');
  const navigation = page.getByRole('navigation', { name: 'App hello' });
  await expect.poll(() => navigation.locator('[aria-current="page"]').allInnerTexts()).toEqual(['Pipelines']);
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });
  await expect.poll(() => crumbs.getByRole('listitem').count()).toBe(1);
  await expect.poll(() => crumbs.locator('svg').count()).toBe(0);
  await page.goto(`${web.url}/ui/orgs/demo/apps/hello/pipelines/hello/run`);
  await crumbs.getByRole('listitem').nth(1).waitFor();
  await expect.poll(() => crumbs.locator('svg').count()).toBe(1);
});

test('the number of approvals that wait stands in the navigation', async () => {
  const definition = `id: asks
name: Asks
on:
  pipeline_call:
jobs:
  ask:
    steps:
      - uses: actions/humanitec/approve@v1
        with: { environment: production, message: May it? }
`;
  await web.api('owner', 'POST /orgs/demo/apps/hello/pipelines', definition);
  await web.api('developer', 'POST /orgs/demo/apps/hello/pipelines/asks/runs', { inputs: {} });
  await expect
    .poll(async () => (await web.api('viewer', 'GET /orgs/demo/apps/hello/approvals?status=waiting')).json.length)
    .toBe(1);
  const page = await web.open('viewer', '/orgs/demo/apps/hello/pipelines');
  await page.getByRole('link', { name: 'Approvals 1 waiting' }).waitFor();
});

describe('light and dark', () => {
  const ground = 'getComputedStyle(document.body).backgroundColor';
  const LIGHT = 'rgb(246, 247, 249)';
  const DARK = 'rgb(15, 19, 25)';

  test('are those of the system, unless one chose', async () => {
    const page = await web.open('viewer', '/', { theme: 'dark' });
    await expect.poll(() => page.evaluate(ground)).toBe(DARK);
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await page.getByRole('menuitem', { name: 'Light' }).click();
    await expect.poll(() => page.evaluate(ground)).toBe(LIGHT);
    await page.reload();
    await page.getByRole('heading', { name: 'Apps' }).waitFor();
    await expect.poll(() => page.evaluate(ground)).toBe(LIGHT);
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await page.getByRole('menuitem', { name: 'As the system' }).click();
    await expect.poll(() => page.evaluate(ground)).toBe(DARK);
  });
});

describe('with the keyboard', () => {
  test('the first stop skips to the content', async () => {
    const page = await web.open('viewer', '/me');
    await page.getByRole('heading', { name: 'Who am I, what may I do' }).waitFor();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.outerHTML)).toContain('Skip to the content');
    await expect.poll(async () => (await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  test('a menu opens, moves and closes, and gives the focus back', async () => {
    const page = await web.open('viewer', '/');
    const button = page.getByRole('button', { name: 'Light or dark' });
    const highlighted = () => page.locator('[role=menuitem][data-highlighted]').allInnerTexts();
    await button.focus();
    await page.keyboard.press('Enter');
    await expect.poll(highlighted).toEqual(['As the system']);
    await page.keyboard.press('ArrowDown');
    await expect.poll(highlighted).toEqual(['Light']);
    await page.keyboard.press('ArrowDown');
    await expect.poll(highlighted).toEqual(['Dark']);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await expect.poll(highlighted).toEqual(['As the system']);
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await expect.poll(() => button.evaluate(element => element === document.activeElement)).toBe(true);
  });

  test('another page has the focus on its heading, for screen readers to say it', async () => {
    const page = await web.open('viewer', '/me');
    await page.getByRole('link', { name: 'Pipecall: all apps' }).click();
    await page.getByRole('heading', { name: 'Apps' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Apps');
    await expect.poll(() => page.title()).toBe('Apps · Pipecall');
  });

  test('but what somebody has gone to meanwhile keeps it', async () => {
    const page = await web.open('viewer', '/');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const link = page.getByRole('main').getByRole('link', { name: 'Hello' });
    await link.waitFor();
    await page.route('**/ui/assets/**', async route => {
      await held;
      await route.continue();
    });
    await link.focus();
    await page.keyboard.press('Enter');
    const runs = page.getByRole('navigation', { name: 'App hello' }).getByRole('link', { name: 'Runs' });
    await runs.waitFor();
    for (let stop = 0; stop < 20 && !(await hasFocus(runs)); stop += 1) await page.keyboard.press('Tab');
    release();
    await page.getByRole('heading', { name: 'Pipelines' }).waitFor();
    await page.getByRole('link', { name: 'Hello' }).first().waitFor();
    expect(await hasFocus(runs)).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/apps/hello/runs');
    await takesKeys(page.getByRole('heading', { name: 'Runs' }));
  });
});

test('what one may do is told, with the reason, and can be searched', async () => {
  const page = await web.open('deployer', '/me');
  const table = page.getByRole('table', { name: 'What you may do in demo' });
  const row = table.getByRole('row').filter({ hasText: 'environments of type production' });
  await row.waitFor();
  expect(await row.innerText()).toContain("developer of app 'hello' and deployer of environment type 'production'");
  await expect.poll(() => row.innerText()).toContain('approvals.decide');
  await page.getByRole('searchbox').fill('runs.start');
  await expect.poll(() => table.getByRole('row').count()).toBe(2);
  await page.getByRole('searchbox').fill('pipelines.delete');
  await page.getByText('You may do nothing of that name here.').waitFor();
});

test('a failure says what happened, what to do and the request id, and can be tried again', async () => {
  const page = await web.open('viewer', '/');
  await page.getByRole('main').getByRole('link', { name: 'Hello' }).waitFor();
  const body = JSON.stringify({ error: 'INTERNAL_ERROR', message: 'The server failed.' });
  const headers = { 'content-type': 'application/json', 'x-request-id': 'r-42' };
  const { tryAgain } = await outage(page, '**/orgs/demo/apps*', { status: 500, body, headers });
  await page.reload();
  const alert = page.getByRole('alert').filter({ hasText: 'The apps of demo could not be read' });
  await alert.waitFor();
  expect(await alert.innerText()).toMatch(
    /The server failed\.[\s\S]*tell the administrator the request id[\s\S]*INTERNAL_ERROR · request r-42/,
  );
  await tryAgain(alert);
  await page.getByRole('main').getByRole('link', { name: 'Hello' }).waitFor();
});

test('who may see no app is told what to do', async () => {
  const { json } = await web.api('admin', 'POST /orgs/demo/users', { name: 'Nobody yet', role: 'member' });
  const token = (await web.api('admin', `POST /users/${json.id}/tokens`, { id: 'one', type: 'static' })).json.token;
  const page = await web.open(undefined, '/');
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'No app that you may see' }).waitFor();
  await page.getByText('Ask an owner of an app for a role on it').waitFor();
});

test('names are text, whatever they hold', async () => {
  const name = '<img src=x onerror=alert(1)><b>bold</b> \u202Eevil';
  await web.api('admin', 'POST /orgs/demo/apps', { id: 'hostile', name });
  const page = await web.open('admin', '/');
  await page.getByRole('link', { name: '<b>bold</b>' }).waitFor();
  expect(await page.locator('main img, main b').count()).toBe(0);
});
