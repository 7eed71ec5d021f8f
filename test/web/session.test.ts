import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { takesKeys } from '../kit/browser/focus.ts';
import { openRequests } from '../kit/browser/open-requests.ts';
import { useWeb } from '../kit/browser/use-web.ts';

const web = useWeb();

async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

/** Everything that a page keeps beyond itself, and where it is. */
const kept = (page: Page) =>
  page.evaluate(() => ({
    session: Object.entries(sessionStorage),
    local: Object.entries(localStorage),
    cookies: document.cookie,
    address: location.href,
    history: JSON.stringify(history.state),
  }));

describe('signing in', () => {
  test('with a token leads to the apps, and the token is in session storage only', async () => {
    const page = await web.open(undefined, '/');
    await signIn(page, `  ${web.tokens.developer} `);
    await heading(page, 'Apps').waitFor();
    const { session, ...elsewhere } = await kept(page);
    expect(session).toContainEqual(['pipecall.token', web.tokens.developer]);
    expect(JSON.stringify(elsewhere)).not.toContain(web.tokens.developer);
    expect(elsewhere.cookies).toBe('');
  });

  test('leads to the page that was asked for', async () => {
    const page = await web.open(undefined, '/me');
    await heading(page, 'Sign in to Pipecall').waitFor();
    await signIn(page, web.tokens.viewer);
    await heading(page, 'Who am I, what may I do').waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/me');
  });

  test.each([
    ['unknown', 'pcl_nobody', 'The token is not known.'],
    ['empty', '', 'Paste a token: letters, digits and signs, without a space in it.'],
    ['of two lines', 'pcl_a pcl_b', 'Paste a token: letters, digits and signs, without a space in it.'],
    ['of other letters', 'pcl_ä', 'Paste a token: letters, digits and signs, without a space in it.'],
  ])('with a token that is %s says what is wrong, at the field', async (_, token, message) => {
    const page = await web.open(undefined, '/');
    await signIn(page, token);
    await page.getByText(message).waitFor();
    const field = page.getByLabel('Token');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const described = (await field.getAttribute('aria-describedby'))?.split(' ').at(-1) ?? '';
    expect(await page.locator(`[id="${described}"]`).textContent()).toBe(message);
    expect((await kept(page)).session).toEqual([]);
    await field.fill('another');
    await expect.poll(() => page.getByText(message).count()).toBe(0);
  });

  test('asks once, and says nothing about a token that is not there any more', async () => {
    const page = await web.open(undefined, '/');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    let asked = 0;
    await page.route('**/current-user', async route => {
      asked += 1;
      await held;
      await route.continue();
    });
    const late = page.waitForResponse('**/current-user');
    await page.getByLabel('Token').fill('pcl_nobody');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByLabel('Token').fill(web.tokens.viewer);
    release();
    await (await late).finished();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(asked).toBe(1);
    expect(await page.getByText('The token is not known.').count()).toBe(0);
    await page.keyboard.press('Enter');
    await heading(page, 'Apps').waitFor();
  });

  test('says so when the server does not answer', async () => {
    const page = await web.open(undefined, '/');
    await page.route('**/current-user', route => route.abort());
    await signIn(page, web.tokens.viewer);
    await page.getByText('The server did not answer.').waitFor();
    web.troubles(); // Chromium notes the request that was aborted
  });

  test('works with the keyboard alone', async () => {
    const page = await web.open(undefined, '/');
    await takesKeys(page.getByLabel('Token'));
    await page.keyboard.type(web.tokens.viewer);
    await page.keyboard.press('Enter');
    await heading(page, 'Apps').waitFor();
  });
});

describe('signing out', () => {
  test('forgets the token and all that was shown', async () => {
    const page = await web.open('owner', '/me');
    await page.getByText('Local owner').first().waitFor();
    await page.getByRole('button', { name: 'You: Local owner' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in to Pipecall').waitFor();
    expect(JSON.stringify(await kept(page))).not.toContain(web.tokens.owner);
    // Whoever comes next waits for their own answer, and sees nothing of the one before.
    const answer = Promise.withResolvers<void>();
    await page.route('**/current-user', async route => {
      if (route.request().headers().authorization?.includes(web.tokens.viewer) === true) await answer.promise;
      await route.continue();
    });
    const texts: string[] = [];
    await signIn(page, web.tokens.viewer).then(async () => {
      texts.push(await page.locator('body').innerText());
      answer.resolve();
    });
    await page.getByText('Local viewer').first().waitFor();
    expect(texts.join()).not.toContain('Local owner');
  });

  test('in one tab leaves the others', async () => {
    const [one, other] = [await web.open('owner', '/me'), await web.open('viewer', '/me')];
    await one.getByRole('button', { name: 'You: Local owner' }).click();
    await one.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(one, 'Sign in to Pipecall').waitFor();
    await other.reload();
    await other.getByText('Local viewer').first().waitFor();
  });
});

/** Of the person who is in the page: a token that can be deleted. */
async function shortLived(person: 'owner' | 'viewer') {
  const { json: me } = await web.api(person, 'GET /current-user');
  const { json } = await web.api(person, `POST /users/${me.id}/tokens`, { id: 'short-lived', type: 'static' });
  return {
    token: json.token as string, // as: what the API answers is not typed here
    end: () => web.api(person, `DELETE /users/${me.id}/tokens/short-lived`),
  };
}

/** Otherwise the number in the navigation, which is read now and then, may find out first that a token has ended. */
const approvalsAreNotRead = (page: Page) => page.route('**/approvals?*', route => route.fulfill({ json: [] }));

const wasSignedOut = (page: Page) =>
  page.getByRole('alert').getByText('You were signed out: The token is not known.').waitFor();

test('a token that is deleted meanwhile leads to signing in again, with the reason, and back to the page', async () => {
  const { token, end } = await shortLived('viewer');
  const page = await web.open(undefined, '/me');
  const open = openRequests(page);
  await signIn(page, token);
  // Otherwise what the page still reads finds out before the click.
  await page.getByRole('table', { name: 'What you may do in demo' }).waitFor();
  await expect.poll(open).toBe(0);
  await end();
  await page.getByRole('link', { name: 'Pipecall: all apps' }).click();
  await wasSignedOut(page);
  expect((await kept(page)).session).toEqual([]);
  const { pathname } = new URL(page.url());
  await signIn(page, web.tokens.viewer);
  await heading(page, 'Apps').waitFor();
  expect(new URL(page.url()).pathname).toBe(pathname);
});

describe('a token that ends while somebody writes', () => {
  const NEW = '/orgs/demo/apps/hello/new-pipeline';
  const editor = (page: Page) => page.getByRole('textbox', { name: /^Definition/ });

  async function writeUntilItEnds(): Promise<Page> {
    const { token, end } = await shortLived('owner');
    const page = await web.open(undefined, NEW);
    await signIn(page, token);
    await page.getByText('Nothing is wrong with it').waitFor();
    await editor(page).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# not saved yet');
    await end();
    // The last key: what is refused because of it takes none of the others away.
    await page.keyboard.press('Enter');
    await wasSignedOut(page);
    return page;
  }

  test('takes nothing of it away: whoever signs in again goes on where they were', async () => {
    const page = await writeUntilItEnds();
    // What is beneath can be neither used nor left.
    await takesKeys(page.getByLabel('Token'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.type('x');
    expect(await page.getByLabel('Token').inputValue()).toBe('x');
    expect(await page.evaluate(() => document.querySelector('dialog')?.matches(':modal'))).toBe(true);
    await page.keyboard.press('Backspace');
    await page.keyboard.type(web.tokens.owner);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is wrong with it').waitFor();
    await expect.poll(() => editor(page).innerText()).toContain('# not saved yet');
    await takesKeys(editor(page));
    await page.keyboard.type('# nor this');
    await expect.poll(() => editor(page).innerText()).toContain('# nor this');
  });

  test('is not shown to somebody else who signs in there', async () => {
    const page = await writeUntilItEnds();
    await signIn(page, web.tokens.viewer);
    // Until then it is the page of the one before.
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor({ state: 'detached' });
    await heading(page, 'New pipeline').waitFor();
    await editor(page).waitFor();
    expect(await editor(page).innerText()).not.toContain('# not saved yet');
  });

  test('a change that was refused with it is not made by itself afterwards', async () => {
    const { token, end } = await shortLived('owner');
    const page = await web.open(undefined, NEW);
    await approvalsAreNotRead(page);
    await signIn(page, token);
    await page.getByText('Nothing is wrong with it').waitFor();
    await end();
    await page.getByRole('button', { name: 'Make the pipeline' }).click();
    await wasSignedOut(page);
    await signIn(page, web.tokens.owner);
    await page.getByText('The pipeline was not made').waitFor();
    await page.getByRole('button', { name: 'Make the pipeline' }).click();
    await page.waitForURL('**/pipelines/my-pipeline');
  });
});

describe('a token that ends while a window with a form is open', () => {
  const form = (page: Page) => page.getByRole('dialog', { name: 'New value' });
  const again = (page: Page) => page.getByRole('dialog', { name: 'Sign in again' });

  async function sendWhenItHasEnded(): Promise<Page> {
    const { token, end } = await shortLived('owner');
    const page = await web.open(undefined, '/orgs/demo/apps/hello/access/values');
    await approvalsAreNotRead(page);
    await signIn(page, token);
    await page.getByRole('button', { name: 'New value' }).click();
    await form(page).getByLabel('Key', { exact: true }).fill('KEPT');
    await form(page).getByLabel('Value').fill('typed before it ended');
    await end();
    await form(page).getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await wasSignedOut(page);
    return page;
  }

  test('leaves the window and what is in it, and gives the focus back', async () => {
    const page = await sendWhenItHasEnded();
    await takesKeys(again(page).getByLabel('Token'));
    // Neither a key nor a click closes the window beneath, or gets there.
    await page.keyboard.press('Escape');
    await again(page).getByRole('heading', { level: 1 }).click();
    for (let tab = 0; tab < 4; tab += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('x');
    expect(await page.locator('textarea').inputValue()).toBe('typed before it ended');
    await again(page).getByLabel('Token').fill(web.tokens.owner);
    await page.keyboard.press('Enter');
    await again(page).waitFor({ state: 'detached' });
    await takesKeys(form(page));
    // It was not sent by itself: whoever wants it sends it again.
    await form(page).getByText('The value was not saved').waitFor();
    expect(await form(page).getByLabel('Key', { exact: true }).inputValue()).toBe('KEPT');
    expect(await form(page).getByLabel('Value').inputValue()).toBe('typed before it ended');
    await form(page).getByRole('button', { name: 'Save' }).click();
    await form(page).waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: 'KEPT' }).getByText('typed before it ended').waitFor();
  });

  test('is closed for somebody else who signs in there', async () => {
    const page = await sendWhenItHasEnded();
    await signIn(page, web.tokens.viewer);
    await page.getByText('You may not see the values').waitFor();
    await expect.poll(() => form(page).count()).toBe(0);
    expect(await page.content()).not.toContain('typed before it ended');
  });
});
