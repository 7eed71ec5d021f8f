import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { drawn } from '../kit/browser/drawn.ts';
import { takesKeys } from '../kit/browser/focus.ts';
import { outage } from '../kit/browser/outage.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { APP } from './pages/seed.ts';

const web = useWeb();
const ORG = '/orgs/demo';

/** Messages that go by themselves are dialogs too, but hold nothing up. */
const dialog = (page: Page) =>
  page.locator('[role=dialog]:not([aria-modal=false]), [role=alertdialog]:not([aria-modal=false])');
const appRoles = (page: Page) => page.getByRole('table', { name: 'Who has a role on the app hello' });

async function addRobot(name: string): Promise<string> {
  return (await web.api('admin', `POST ${ORG}/users`, { name, role: 'member' })).json.id;
}

describe('roles', () => {
  test('are given, changed and taken away', async () => {
    const id = await addRobot('Robot of roles');
    const page = await web.open('admin', `${APP}/access`);
    await page.getByRole('button', { name: 'Give somebody a role on the app hello' }).click();
    await dialog(page).getByRole('button', { name: 'Give the role' }).click();
    await dialog(page).getByText('Choose who is to have the role.').waitFor();
    await dialog(page).getByLabel('Who').selectOption({ label: 'Robot of roles (service user)' });
    await dialog(page).getByLabel('Role').selectOption('developer');
    await dialog(page).getByRole('button', { name: 'Give the role' }).click();
    const row = appRoles(page).getByRole('row').filter({ hasText: 'Robot of roles' });
    await row.getByText('developer').waitFor();
    await row.getByText('Service user').first().waitFor();
    expect((await web.api('admin', `GET ${APP}/users/${id}`)).json.role).toBe('developer');

    await row.getByRole('button', { name: 'Change the role of Robot of roles' }).click();
    await dialog(page).getByLabel('Role on the app hello').selectOption('owner');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await row.getByText('owner').waitFor();

    await row.getByRole('button', { name: 'Remove Robot of roles' }).click();
    await dialog(page).getByText('Robot of roles is no longer owner of the app hello').waitFor();
    await dialog(page).getByRole('button', { name: 'Take the role away' }).click();
    await row.waitFor({ state: 'detached' });
    await web.api('admin', `GET ${APP}/users/${id}`, undefined, 404);
  });

  test('on a type of environments are given to a group', async () => {
    const { json: crew } = await web.api('admin', `POST ${ORG}/groups`, { name: 'Deploying crew', role: 'member' });
    await web.api('admin', `POST ${ORG}/groups/${crew.id}/users`, { id: await addRobot('Robot of the crew') });
    const page = await web.open('admin', `${APP}/access`);
    await page.getByRole('button', { name: 'Give somebody a role on environments of type production' }).click();
    await dialog(page).getByLabel('Who').selectOption({ label: 'Deploying crew (group)' });
    await dialog(page).getByRole('button', { name: 'Give the role' }).click();
    const table = page.getByRole('table', { name: 'Who has a role on environments of type production' });
    const row = table.getByRole('row').filter({ hasText: 'Deploying crew' });
    await row.getByText('Group').first().waitFor();
    await row.getByRole('button', { name: 'Members of Deploying crew' }).click();
    await dialog(page).getByText('Robot of the crew').waitFor();
    await dialog(page).getByRole('button', { name: 'Close' }).last().click();
    await row.getByRole('button', { name: 'Remove Deploying crew' }).click();
    await dialog(page).getByText('Its members are no longer deployer').waitFor();
    await dialog(page).getByRole('button', { name: 'Take the role away' }).click();
    await row.waitFor({ state: 'detached' });
  });

  test('are given by id by an owner, who may not read who is in the org', async () => {
    const id = await addRobot('Robot by id');
    const page = await web.open('owner', `${APP}/access`);
    await page.getByText('You may not see who is a deployer').waitFor();
    await page.getByRole('button', { name: 'Give somebody a role on the app hello' }).click();
    await dialog(page).getByLabel('Id', { exact: true }).fill('nobody');
    await dialog(page).getByRole('button', { name: 'Give the role' }).click();
    await dialog(page).getByText('This is no id').waitFor();
    await dialog(page).getByLabel('Id', { exact: true }).fill('00000000-0000-4000-8000-00000000ffff');
    await dialog(page).getByRole('button', { name: 'Give the role' }).click();
    await dialog(page).getByText('Nobody in the org has this id.').waitFor();
    const { json: viewer } = await web.api('viewer', 'GET /current-user');
    await dialog(page).getByLabel('Id', { exact: true }).fill(viewer.id);
    await page.keyboard.press('Enter');
    await dialog(page).getByText('They have a role here already').waitFor();
    await dialog(page).getByLabel('Id', { exact: true }).fill(id);
    await page.keyboard.press('Enter');
    await appRoles(page).getByRole('row').filter({ hasText: 'Robot by id' }).getByText('viewer').waitFor();
  });

  test('are given by name though who is in the org cannot be read again', async () => {
    const id = await addRobot('Robot of an outage of names');
    const page = await web.open('admin', `${APP}/access`);
    await page.getByRole('button', { name: 'Give somebody a role on the app hello' }).click();
    await dialog(page).getByLabel('Who').selectOption(id);
    const address = /\/orgs\/demo\/users\?/;
    await outage(page, address);
    const failed = page.waitForResponse(address);
    // Whoever comes back to the window after some time.
    await page.clock.setFixedTime(Date.now() + 60_000);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await (await failed).finished();
    await drawn(page);
    expect(
      await dialog(page)
        .getByLabel('Who')
        .evaluateAll(fields => fields.map(field => field.tagName)),
    ).toEqual(['SELECT']);
    expect(await dialog(page).getByLabel('Who').inputValue()).toBe(id);
  });

  test('of oneself are taken with a warning', async () => {
    const page = await web.open('owner', `${APP}/access`);
    await page.getByRole('button', { name: 'Remove Local owner' }).click();
    await dialog(page).getByText('you cannot give it back to yourself').waitFor();
    await takesKeys(dialog(page));
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await appRoles(page).getByText('Local owner', { exact: true }).first().waitFor();
  });

  test.each(['viewer', 'developer'] as const)('are not shown to a %s, who is told whom to ask', async person => {
    const asked: string[] = [];
    const page = await web.open(person, '/me');
    page.on('response', response => response.status() === 403 && asked.push(response.url()));
    await page.goto(`${web.url}/ui${APP}/access`);
    await page.getByText('You may not see who has roles on this app').waitFor();
    await page.getByText('You may not see who is a deployer').waitFor();
    expect(await page.getByRole('button', { name: /Give somebody/ }).count()).toBe(0);
    // Refusals fill the audit log.
    expect(asked).toEqual([]);
  });

  test('that were lost meanwhile: the refusal of the server is shown', async () => {
    const page = await web.open('owner', `${APP}/access`);
    await page.getByRole('button', { name: 'Change the role of Local viewer' }).click();
    await page.route('**/apps/hello/users/*', route =>
      route.fulfill({ status: 403, json: { error: 'FORBIDDEN', message: 'Not allowed: no owner any more.' } }),
    );
    await dialog(page).getByLabel('Role on the app hello').selectOption('developer');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Not allowed: no owner any more.').waitFor();
  });
});

test('of many are searched, and two of one name are told apart', async () => {
  await web.api('admin', 'POST /orgs/demo/apps', { id: 'crowded', name: 'Crowded' });
  const ids: string[] = [];
  for (let one = 0; one < 102; one += 1) {
    const id = await addRobot(one < 2 ? 'Twin' : `Robot ${one}`);
    ids.push(id);
    await web.api('admin', 'POST /orgs/demo/apps/crowded/users', { id, role: 'viewer' });
  }
  const page = await web.open('admin', '/orgs/demo/apps/crowded/access');
  const table = page.getByRole('table', { name: 'Who has a role on the app crowded' });
  // The first page of the list does not hold those who came first.
  await table.waitFor();
  expect(await table.getByText('Twin').count()).toBe(0);
  await page.getByLabel('Search who has a role on the app crowded').fill('twin');
  await expect.poll(() => table.getByRole('row').count()).toBe(3);
  for (const id of ids.slice(0, 2)) await table.getByText(`Id …${id.slice(-8)}`).waitFor();
  await page.getByLabel('Search who has a role on the app crowded').fill('nobody of this name');
  await page.getByText('Nobody who has a role here is called that.').waitFor();
});

describe('service users', () => {
  test('are made, get a token that works and is shown once, and lose it', async () => {
    const page = await web.open('admin', `${APP}/access/service-users`);
    await page.getByRole('button', { name: 'New service user' }).click();
    await dialog(page).getByRole('button', { name: 'Make the service user' }).click();
    await dialog(page).getByText('Give it a name').waitFor();
    await dialog(page).getByLabel('Name').fill('CI of the web shop');
    await dialog(page).getByRole('button', { name: 'Make the service user' }).click();
    await page.getByRole('heading', { name: 'CI of the web shop', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'New token' }).click();
    await dialog(page).getByLabel('Name of the token').fill('not this one!');
    await dialog(page).getByRole('button', { name: 'Make the token' }).click();
    await dialog(page).getByText('Use letters, digits').waitFor();
    await dialog(page).getByLabel('Name of the token').fill('github');
    await dialog(page).getByLabel('It ends').selectOption('30');
    await dialog(page).getByRole('button', { name: 'Make the token' }).click();
    await dialog(page).getByText('It is shown this once').waitFor();
    await dialog(page).getByRole('button', { name: 'Copy the token' }).click();
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(async () => (await clipboard()).length).toBeGreaterThan(30);
    const token = await clipboard();
    const asRobot = () => fetch(`${web.url}/current-user`, { headers: { authorization: `Bearer ${token}` } });
    // Nobody gets it back: neither Escape nor a click beside it takes it away.
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await dialog(page).getByRole('button', { name: 'I have copied it' }).isVisible()).toBe(true);
    await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    const row = page.getByRole('table', { name: 'Tokens' }).getByRole('row').filter({ hasText: 'github' });
    await row.getByText('Never').last().waitFor();
    expect((await (await asRobot()).json()).name).toBe('CI of the web shop');
    await page.reload();
    // The server notes a use once an hour; no exact time is made of that.
    await row.getByText('Within the last hour').waitFor();
    await row.getByText('in 30 days').waitFor();
    // Nowhere in the page, its storage or its address any more.
    const left = await page.evaluate(() =>
      [
        document.documentElement.outerHTML,
        location.href,
        ...Object.values(localStorage),
        ...Object.values(sessionStorage),
      ].join(),
    );
    expect(left).not.toContain(token);

    await row.getByRole('button', { name: 'Revoke github' }).click();
    await dialog(page).getByRole('button', { name: 'Revoke the token' }).click();
    await page.getByText('No token yet').waitFor();
    expect((await asRobot()).status).toBe(401);

    await page.getByRole('button', { name: 'Remove from the org' }).click();
    await dialog(page).getByRole('button', { name: 'Remove the service user' }).click();
    await page.getByRole('heading', { name: 'Service users', level: 1 }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'CI of the web shop' }).count()).toBe(0);
  });

  test('show a new token though the list of them cannot be read again', async () => {
    const id = await addRobot('Robot of an outage');
    const page = await web.open('admin', `${APP}/access/service-users/${id}`);
    await page.getByRole('button', { name: 'New token' }).click();
    await dialog(page).getByLabel('Name of the token').fill('unlisted');
    const { tryAgain } = await outage(page, /\/tokens\?/);
    await dialog(page).getByRole('button', { name: 'Make the token' }).click();
    await page.getByText('The tokens could not be read').waitFor();
    expect(await dialog(page).getByText('It is shown this once').isVisible()).toBe(true);
    await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
    await tryAgain(page.getByRole('alert').filter({ hasText: 'The tokens could not be read' }));
    await page.getByRole('button', { name: 'Revoke unlisted' }).waitFor();
  });

  test.each([
    ['never (administrators only)', undefined, 'Never'],
    ['on a day that I choose', '2031-05-01', '2031-05-01'],
  ])('have tokens that end %s', async (choice, day, shown) => {
    const id = await addRobot('Robot of lives');
    const page = await web.open('admin', `${APP}/access/service-users/${id}`);
    await page.getByRole('button', { name: 'New token' }).click();
    await dialog(page).getByLabel('Name of the token').fill('t');
    await dialog(page).getByLabel('It ends').selectOption({ label: choice });
    if (day !== undefined) {
      await dialog(page).getByRole('button', { name: 'Make the token' }).click();
      await dialog(page).getByText('Choose a day.').waitFor();
      await dialog(page).getByLabel('Last day').fill(day);
    }
    await dialog(page).getByRole('button', { name: 'Make the token' }).click();
    await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
    const { json } = await web.api('admin', `GET /users/${id}/tokens/t`);
    expect(json.expires_at ?? 'Never').toContain(shown);
  });

  test('are not shown to a developer, who has tokens of their own all the same', async () => {
    const page = await web.open('developer', `${APP}/access/service-users`);
    await page.getByText('You may not see the service users').waitFor();
    const make = page.getByRole('button', { name: 'New service user' });
    await expect.poll(() => make.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'New token' }).click();
    await dialog(page).getByLabel('Name of the token').fill('my-laptop');
    await dialog(page).getByRole('button', { name: 'Make the token' }).click();
    await dialog(page).getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('table', { name: 'Tokens' }).getByText('my-laptop').first().waitFor();
    await page.getByRole('button', { name: 'New token' }).click();
    await dialog(page).getByLabel('Name of the token').fill('my-laptop');
    await dialog(page).getByRole('button', { name: 'Make the token' }).click();
    await dialog(page).getByText('There is a token of this name already').waitFor();
    await dialog(page).getByLabel('Name of the token').fill('for-ever');
    await dialog(page).getByLabel('It ends').selectOption('never');
    await dialog(page).getByRole('button', { name: 'Make the token' }).click();
    await dialog(page)
      .getByText(
        'only an administrator makes a token that never ends or lasts more than a year. Choose an earlier end.',
      )
      .waitFor();
  });
});

describe('values', () => {
  const row = (page: Page, key: string) => page.getByRole('row').filter({ hasText: key });

  test('are added, changed and deleted', async () => {
    const page = await web.open('developer', `${APP}/access/values`);
    await page.getByRole('button', { name: 'New value' }).click();
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Give it a key').waitFor();
    await dialog(page).getByLabel('Key', { exact: true }).fill('2 wrong');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Begin with a letter or an underscore').waitFor();
    await dialog(page).getByLabel('Key', { exact: true }).fill('REGION');
    await dialog(page).getByLabel('Value').fill('eu-1');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await row(page, 'REGION').getByText('eu-1').waitFor();

    await page.getByRole('button', { name: 'New value' }).click();
    await dialog(page).getByLabel('Key', { exact: true }).fill('REGION');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('The app has a value REGION already').waitFor();
    await takesKeys(dialog(page));
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Change REGION' }).click();
    await dialog(page).getByLabel('Value').fill('eu-2\nsecond line <b>bold</b>');
    await dialog(page).getByLabel('Description').fill('Where it runs');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await row(page, 'REGION').getByText('second line <b>bold</b>').waitFor();
    await row(page, 'REGION').getByText('Where it runs').waitFor();

    await page.getByRole('button', { name: 'Delete REGION' }).click();
    await dialog(page).getByRole('button', { name: 'Delete the value' }).click();
    await row(page, 'REGION').waitFor({ state: 'detached' });
  });

  test('that are secret are written and never read', async () => {
    const answers: Promise<string>[] = [];
    const page = await web.open('developer', `${APP}/access/values`);
    // A body is gone with the page that asked for it.
    page.on('response', response => answers.push(response.text().catch(() => '')));
    await page.getByRole('button', { name: 'New value' }).click();
    await dialog(page).getByLabel('Key', { exact: true }).fill('TOKEN');
    await dialog(page).getByLabel('Secret').check();
    const field = dialog(page).getByLabel('Value');
    await field.fill('hush-hush-1');
    expect(await field.evaluate(element => getComputedStyle(element).getPropertyValue('-webkit-text-security'))).toBe(
      'disc',
    );
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await row(page, 'TOKEN').getByText('Secret, shown to nobody').waitFor();

    await page.getByRole('button', { name: 'Change TOKEN' }).click();
    await expect.poll(() => dialog(page).getByLabel('New value').inputValue()).toBe('');
    await dialog(page).getByLabel('Description').fill('Of the registry');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await row(page, 'TOKEN').getByText('Of the registry').waitFor();
    await page.getByRole('button', { name: 'Change TOKEN' }).click();
    await dialog(page).getByLabel('New value').fill('hush-hush-2');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Roles', exact: true }).click();
    await page.getByRole('link', { name: 'Values', exact: true }).click();
    await row(page, 'TOKEN').getByText('Secret, shown to nobody').waitFor();
    expect(await page.content()).not.toContain('hush-hush');
    const read = (await Promise.all(answers)).join();
    expect(read).toContain('"TOKEN"');
    expect(read).not.toContain('hush-hush');
  });

  test('that are being written are not lost by a slip', async () => {
    const page = await web.open('developer', `${APP}/access/values`);
    await page.getByRole('button', { name: 'New value' }).click();
    await dialog(page).waitFor();
    // Nothing is written yet: a click beside it closes it.
    await page.mouse.click(5, 400);
    await dialog(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New value' }).click();
    // One can write at once.
    await takesKeys(dialog(page).getByLabel('Key', { exact: true }));
    await page.keyboard.type('9');
    await page.mouse.click(5, 400);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Begin with a letter or an underscore').waitFor();
    // One goes on where it is wrong.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    const answer = Promise.withResolvers<void>();
    await page.route('**/apps/hello/values', async route => {
      if (route.request().method() === 'POST') await answer.promise;
      await route.continue();
    });
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('SLIPPED');
    await page.keyboard.press('Enter');
    await dialog(page).locator('button[aria-busy=true]').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    for (const name of ['Cancel', 'Close']) {
      expect(await dialog(page).getByRole('button', { name }).isDisabled()).toBe(true);
    }
    expect(await dialog(page).getByLabel('Key', { exact: true }).inputValue()).toBe('SLIPPED');
    answer.resolve();
    await dialog(page).waitFor({ state: 'detached' });
    await row(page, 'SLIPPED').waitFor();
  });

  test('that somebody else changed meanwhile are not overwritten', async () => {
    await web.api('developer', `POST ${APP}/values`, { key: 'SHARED', value: 'one' });
    const page = await web.open('developer', `${APP}/access/values`);
    await page.getByRole('button', { name: 'Change SHARED' }).click();
    await web.api('owner', `PATCH ${APP}/values/SHARED`, { value: 'two' });
    await dialog(page).getByLabel('Value').fill('three');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Somebody else has changed it since.').waitFor();
    expect((await web.api('owner', `GET ${APP}/values/SHARED`)).json.value).toBe('two');
  });

  test('are not shown to a viewer, who is told whom to ask', async () => {
    const page = await web.open('viewer', `${APP}/access/values`);
    await page.getByText('You may not see the values').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'New value' }).getAttribute('aria-disabled')).toBe('true');
  });

  test('that cannot be read say so, and are read again', async () => {
    const page = await web.open('developer', '/me');
    const { tryAgain } = await outage(page, '**/apps/hello/values', { status: 500, body: 'a proxy said so' });
    await page.goto(`${web.url}/ui${APP}/access/values`);
    const alert = page.getByRole('alert').filter({ hasText: 'The values could not be read' });
    await alert.waitFor();
    await tryAgain(alert);
    await alert.waitFor({ state: 'detached' });
  });
});

describe('the audit log', () => {
  const log = (page: Page) => page.getByRole('table', { name: 'Audit log' });

  test('tells who did what and what was refused, by filters that are in the address', async () => {
    await web.api('developer', `POST ${APP}/values`, { key: 'AUDITED', value: 'x' });
    await web.api('viewer', `POST ${APP}/values`, { key: 'NOT_MINE', value: 'x' }, 403);
    const page = await web.open('admin', `${APP}/access/audit`);
    await log(page).waitFor();
    await page.locator('optgroup[label=Values] option', { hasText: 'Add a value' }).waitFor({ state: 'attached' });
    await page.getByLabel('Action').selectOption({ label: 'Add a value' });
    await page.getByLabel('Decision').selectOption('refused');
    const refused = log(page).getByRole('row').filter({ hasText: 'createValue' });
    await expect.poll(() => refused.count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('action')).toBe('createValue');
    await refused.getByText('Add a value', { exact: true }).waitFor();
    await refused.getByText('Local viewer').waitFor();
    await refused.getByText('Refused', { exact: true }).waitFor();
    await expect.poll(() => refused.innerText()).toContain('values.write');
    await page.reload();
    await expect.poll(() => refused.count()).toBe(1);
    await page.getByLabel('Decision').selectOption('');
    await page.getByLabel('Who').selectOption({ label: 'Local developer' });
    await expect.poll(async () => (await log(page).innerText()).includes('Local viewer')).toBe(false);
    await log(page).getByText('Local developer').first().waitFor();
    await page.getByLabel('From').fill('2200-01-01T00:00');
    await page.getByText('Nothing of that in the log').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await log(page).waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });

  test('is read page by page', async () => {
    for (let one = 0; one < 40; one += 1) await web.api('admin', `DELETE ${APP}/values`);
    const page = await web.open('admin', `${APP}/access/audit`);
    await log(page).waitFor();
    const rows = log(page).getByRole('row');
    await expect.poll(() => rows.count()).toBe(26);
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect.poll(() => rows.count()).toBeGreaterThan(40);
  });

  test('is for administrators only, and an owner is told so', async () => {
    const page = await web.open('owner', `${APP}/access/audit`);
    await page.getByText('You may not see the audit log').waitFor();
  });
});

test('a name with markup and turned letters is shown and does nothing', async () => {
  const id = await addRobot('<img src=x onerror=alert(1)> \u202Eesrever');
  await web.api('admin', `POST ${APP}/users`, { id, role: 'viewer' });
  const page = await web.open('admin', `${APP}/access`);
  const row = appRoles(page).getByRole('row').filter({ hasText: '<img src=x onerror=alert(1)>' });
  await row.getByText('⟦U+202E⟧').waitFor();
  await page.getByRole('navigation', { name: 'Parts of Access' }).getByRole('link', { name: 'Service users' }).click();
  await page.getByRole('link', { name: '<img src=x onerror=alert(1)>' }).click();
  await page.getByRole('heading', { level: 1 }).getByText('<img src=x onerror=alert(1)>').waitFor();
  expect(await page.locator('main img').count()).toBe(0);
});

describe('rights', () => {
  const PARTS = [
    { part: '', shows: 'Local owner' },
    { part: '/values', shows: 'New value' },
    { part: '/service-users', shows: 'A service user is a robot' },
    { part: '/audit', shows: 'Every change in the org demo' },
  ];
  const PERMISSIONS = '**/orgs/demo/users/*/perms*';
  const refusals = (page: Page) => page.getByText(/You may not|it needs ‘/);

  test.each(PARTS)('that cannot be read are no refusal, and are read again: Access$part', async ({ part, shows }) => {
    const page = await web.open('admin', '/me');
    const { tryAgain } = await outage(page, PERMISSIONS);
    await page.goto(`${web.url}/ui${APP}/access${part}`);
    const alert = page.getByRole('alert').filter({ hasText: 'Your rights could not be read' });
    await alert.first().waitFor();
    expect(await refusals(page).count()).toBe(0);
    await tryAgain(alert.first());
    await alert.first().waitFor({ state: 'detached' });
    await page.getByText(shows).first().waitFor();
    expect(await refusals(page).count()).toBe(0);
  });

  test.each(PARTS)('that do not come are no refusal either: Access$part', async ({ part, shows }) => {
    const page = await web.open('admin', '/me');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(PERMISSIONS, async route => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest(/\/users\/[^/]*\/perms/);
    await page.goto(`${web.url}/ui${APP}/access${part}`);
    await asked;
    await page
      .getByRole('main')
      .getByText(/^Loading /)
      .first()
      .waitFor({ state: 'attached' });
    expect(await refusals(page).count()).toBe(0);
    release();
    await page.getByText(shows).first().waitFor();
  });

  test('of the org are given by its administrators, and a disabled button says so', async () => {
    const page = await web.open('owner', `${APP}/access/service-users`);
    await page.getByText('You may not see the service users').waitFor();
    await page.getByRole('button', { name: 'New service user' }).focus();
    await page.getByText('in the org ‘demo’. Ask one of its administrators.').first().waitFor();
  });
});

describe('blocks below each other', () => {
  const ROLES = /\/apps\/hello\/users(\?|$)/;
  const lower = (page: Page) => page.getByRole('table', { name: 'Who has a role on environments of type production' });

  test('stay when one above them is read again, and the focus stays in the page', async () => {
    const page = await web.open('admin', '/me');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(ROLES, async route => {
      await held;
      return route.continue();
    });
    const { tryAgain } = await outage(page, ROLES);
    await page.goto(`${web.url}/ui${APP}/access`);
    const alert = page.getByRole('alert').filter({ hasText: 'Who has a role on the app hello could not be read' });
    await lower(page).waitFor();
    await tryAgain(alert);
    await alert.waitFor({ state: 'detached' });
    expect(await lower(page).isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Roles on the app hello');
    release();
    await appRoles(page).waitFor();
    expect(await lower(page).isVisible()).toBe(true);
  });

  test('appear after some time though one above them does not come', async () => {
    const page = await web.open('admin', '/me');
    // No answer at all.
    await page.route(ROLES, () => undefined);
    await page.goto(`${web.url}/ui${APP}/access`);
    await lower(page).waitFor();
    expect(await appRoles(page).count()).toBe(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
});

test('the parts of Access are reached from each other with the keyboard', async () => {
  const page = await web.open('developer', `${APP}/access`);
  for (const [link, heading] of [
    ['Values', 'Values'],
    ['Audit log', 'Audit log'],
    ['Service users', 'Service users'],
    ['Roles', 'Access'],
  ] as const) {
    await page.getByRole('navigation', { name: 'Parts of Access' }).getByRole('link', { name: link }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  }
});
