import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { relativeTime } from '../../web/src/ui/time-words.ts';
import { drawn } from '../kit/browser/drawn.ts';
import { outage } from '../kit/browser/outage.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { addApproval, HOSTILE } from './pages/approvals.ts';
import { APP, runIsOver } from './pages/seed.ts';

const web = useWeb();

const idsOf = (path: string): { readonly pipeline: string; readonly run: string } => {
  const [, pipeline = '', run = ''] = /pipelines\/([^/]+)\/runs\/([^/]+)/.exec(path) ?? [];
  return { pipeline, run };
};

const statusOf = async (path: string): Promise<string> => {
  const { pipeline, run } = idsOf(path);
  return (await web.api('viewer', `GET ${APP}/pipelines/${pipeline}/runs/${run}`)).json.status;
};

/** The part of the page below a heading. */
const section = (page: Page, name: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) });

describe('the inbox', () => {
  test('has what waits before what was decided, and leads to the decision', async () => {
    const made = await addApproval(web, { message: 'Is the inbox right?' });
    const page = await web.open('deployer', `${APP}/approvals`);
    const waiting = page.getByRole('table', { name: 'Approvals that wait for a decision' });
    const row = waiting.getByRole('row').filter({ hasText: 'Is the inbox right?' });
    await row.getByText('0 of 1').waitFor();
    await row.getByText('production').first().waitFor();
    await page.getByRole('link', { name: /^Approvals \d+ waiting$/ }).waitFor();
    await row.getByRole('link', { name: 'Is the inbox right?' }).click();
    await page.waitForURL(`**${made.page}`);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('It is approved. The run goes on.').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Approvals', exact: true }).click();
    const decided = page.getByRole('table', { name: 'Approvals that were decided' });
    const after = decided.getByRole('row').filter({ hasText: 'Is the inbox right?' });
    await after.getByText('Approved').waitFor();
    await after.getByText('You').waitFor();
    await expect.poll(() => waiting.getByText('Is the inbox right?').count()).toBe(0);
  });

  test('shows by itself what comes in while one looks', async () => {
    const page = await web.open('viewer', `${APP}/approvals`);
    await page.getByRole('heading', { name: 'Waiting for a decision' }).waitFor();
    await addApproval(web, { message: 'Does it come by itself?' });
    await page.getByRole('link', { name: 'Does it come by itself?' }).waitFor();
  });

  test('says what to do when the server fails, and tries again', async () => {
    const page = await web.open('viewer', '/me');
    await page.getByText('Local viewer').first().waitFor();
    const { tryAgain } = await outage(page, '**/approvals?*');
    await page.goto(`${web.url}/ui${APP}/approvals`);
    const alert = page.getByRole('alert').filter({ hasText: 'The approvals could not be read' });
    await alert.getByText('It failed.').waitFor();
    await tryAgain(alert);
    await alert.waitFor({ state: 'detached' });
  });

  test('takes ‘Try again’ from nobody while it tries by itself', async () => {
    const page = await web.open('viewer', '/me');
    const { promise: tried, resolve: triesAgain } = Promise.withResolvers<void>();
    let asked = 0;
    await page.route(/\/approvals\?status=waiting$/, async route => {
      asked += 1;
      if (asked === 1) await route.fulfill({ status: 500, json: { error: 'INTERNAL', message: 'It failed.' } });
      else if (asked === 2) triesAgain();
      else await route.continue();
    });
    await page.goto(`${web.url}/ui${APP}/approvals`);
    const alert = page.getByRole('alert').filter({ hasText: 'The approvals could not be read' });
    const again = alert.getByRole('button', { name: 'Try again' });
    await again.focus();
    await tried;
    await drawn(page);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Try again');
  });
});

describe('the decision', () => {
  test('is refused to nobody whose rights could not be read', async () => {
    const { page: path } = await addApproval(web, { message: 'Whose rights are unread?' });
    const page = await web.open('deployer', '/me');
    const { tryAgain } = await outage(page, '**/orgs/demo/users/*/perms*');
    await page.goto(`${web.url}/ui${path}`);
    const alert = page.getByRole('alert').filter({ hasText: 'Your rights could not be read' });
    await alert.waitFor();
    expect(await page.getByText('You may not decide this').count()).toBe(0);
    await tryAgain(alert);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    expect(await page.getByText('You may not decide this').count()).toBe(0);
  });

  test('shows exactly what happens next, and nothing secret', async () => {
    const { page: path, api } = await addApproval(web, { minApprovals: 2 });
    const answers: Promise<string>[] = [];
    const page = await web.open('deployer', '/me');
    // A body is gone with the page that asked for it.
    page.on('response', response => answers.push(response.text().catch(() => '')));
    await page.goto(`${web.url}/ui${path}`);
    await page.getByRole('blockquote').getByText('Release 1.4.2 to production?').waitFor();
    const main = page.getByRole('main');
    await main.getByText('(type production)').waitFor();
    const fact = (name: string) =>
      main
        .locator('dl > div')
        .filter({ has: page.locator(`dt:text-is("${name}")`) })
        .locator('dd');
    await expect.poll(() => fact('Run started by').innerText()).toBe('Local developer');
    await expect.poll(() => fact('Approved').innerText()).toBe('0 of 2');
    const { until } = (await web.api('deployer', `GET ${api}`)).json.next;
    await expect
      .poll(
        async () =>
          (await fact('Waits until').innerText()) === `${relativeTime(until, Date.now())}, then the step fails`,
      )
      .toBe(true);
    const next = section(page, 'What happens when it is approved');
    await expect
      .poll(() => next.getByRole('heading', { level: 3 }).allInnerTexts())
      .toEqual(['The job Release to production goes on', 'Then the job Tell everybody']);
    const texts = await next.innerText();
    expect(texts).toContain('Deploy 1.4.2');
    expect(texts).toContain(
      'Deploys shop:1.4.2, as ${{ steps.ask.outputs.approved_by }} said, with ${{ inputs.token }}',
    );
    expect(texts).toContain('Only if failure()');
    expect(texts).toContain('Version 1.4.2 is out.');
    await expect.poll(() => section(page, 'Inputs of the run').innerText()).toContain('***');
    const read = (await Promise.all(answers)).join();
    expect(read).toContain('Release 1.4.2 to production?');
    expect(read).not.toContain('hush-hush');
  });

  test('is made by two people, with comments, and the run goes on to its end', async () => {
    const { page: path } = await addApproval(web, { minApprovals: 2, allowSelf: false });
    const first = await web.open('deployer', path);
    await first.getByLabel('Comment').fill('Fine with me');
    await first.getByRole('button', { name: 'Approve' }).click();
    await first.getByText('You approved it. One more person has to.').waitFor();
    await expect.poll(() => first.getByRole('button', { name: 'Approve' }).getAttribute('aria-disabled')).toBe('true');
    await expect.poll(() => first.getByLabel('Comment').inputValue()).toBe('');
    const second = await web.open('admin', path);
    await second.getByText('Local deployer').waitFor();
    await second.getByText('Fine with me').waitFor();
    await second.getByRole('button', { name: 'Approve' }).click();
    await second.getByText('It is approved. The run goes on.').waitFor();
    // The other one sees it without a reload.
    await first.getByText('It is approved. The run goes on.').waitFor();
    const { pipeline, run } = idsOf(path);
    await runIsOver(web, pipeline, run);
    expect(await statusOf(path)).toBe('succeeded');
  });

  test('leaves a comment that was written after it was sent', async () => {
    const { page: path } = await addApproval(web, { minApprovals: 2 });
    const page = await web.open('deployer', path);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(/\/approve$/, async route => {
      await held;
      await route.continue();
    });
    await page.getByLabel('Comment').fill('Fine');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('button', { name: 'Approve' }).and(page.locator('[aria-busy]')).waitFor();
    await page.getByLabel('Comment').fill('Fine, but');
    release();
    await page.getByText('Your approval counts').waitFor();
    expect(await page.getByLabel('Comment').inputValue()).toBe('Fine, but');
  });

  test('may be no, with a reason, and the run fails with that', async () => {
    const { page: path } = await addApproval(web);
    const page = await web.open('deployer', path);
    await page.getByLabel('Comment').fill(`Not on a Friday ${HOSTILE.replace('\u001b', '')}`);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('It is denied.').waitFor();
    await page.getByText('Not on a Friday <img src=x').waitFor();
    const { pipeline, run } = idsOf(path);
    await runIsOver(web, pipeline, run);
    expect(await statusOf(path)).toBe('failed');
  });

  test('is made with the keyboard alone', async () => {
    const { page: path } = await addApproval(web);
    const page = await web.open('deployer', path);
    await page.getByLabel('Comment').focus();
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Approve');
    await page.keyboard.press('Enter');
    await page.getByText('It is approved.').waitFor();
    await page.getByText('By keyboard').waitFor();
  });

  test('clicked twice is made once', async () => {
    const { page: path } = await addApproval(web);
    const page = await web.open('deployer', path);
    const sent: string[] = [];
    page.on('request', request => request.method() === 'POST' && sent.push(request.url()));
    await page.getByRole('button', { name: 'Approve' }).dblclick();
    await page.getByText('It is approved.').waitFor();
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['Approve', 'Your approval counts', 'You approved it.'],
    ['Deny', 'The step fails with that.', 'It is denied.'],
  ])('%s is clicked on once though the page reads late what has become of it', async (name, told, read) => {
    const { page: path } = await addApproval(web, { minApprovals: 2 });
    const page = await web.open('deployer', path);
    const button = page.getByRole('button', { name });
    await button.waitFor();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(/\/approvals\/[^/]+$/, async route => {
      await held;
      await route.continue();
    });
    await button.click();
    await page.getByText(told, { exact: true }).first().waitFor();
    await page.locator('button[aria-busy]').waitFor({ state: 'detached' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    release();
    await page.getByText(read).waitFor();
  });
});

describe('who may not decide', () => {
  test.each([
    ['viewer', { minApprovals: 1 }, 'You may only look at the app ‘hello’.'],
    ['developer', { minApprovals: 1 }, 'You are not a deployer of environments of the type ‘production’.'],
    ['service', { minApprovals: 2 }, 'You are not a deployer of environments of the type ‘production’.'],
  ] as const)('%s is told why, with buttons that do nothing', async (person, asking, why) => {
    const { page: path } = await addApproval(web, asking);
    const page = await web.open(person, path);
    const refused = page.getByText('You may not decide this.');
    await refused.waitFor();
    await expect.poll(() => refused.innerText()).toContain(why);
    await page.getByText('Whoever is an owner or a developer of the app ‘hello’ and also a deployer of').waitFor();
    // It goes by itself.
    const copied = page.getByText('Copied').waitFor();
    await Promise.all([copied, page.getByRole('button', { name: 'Copy the address' }).click()]);
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(page.url());
    const sent: string[] = [];
    page.on('request', request => request.method() === 'POST' && sent.push(request.url()));
    const approve = page.getByRole('button', { name: 'Approve' });
    await expect.poll(() => approve.getAttribute('aria-disabled')).toBe('true');
    // Playwright waits for a button that can be used; a person clicks all the same.
    await approve.click({ force: true });
    await page.getByRole('button', { name: 'Deny' }).click({ force: true });
    expect(await page.getByLabel('Comment').count()).toBe(0);
    expect(sent).toEqual([]);
    expect(await statusOf(path)).toBe('executing');
  });

  test('who started the run is told so where somebody else has to', async () => {
    const { page: path } = await addApproval(web, { allowSelf: false, as: 'deployer' });
    const page = await web.open('deployer', path);
    await page.getByText('You started this run, and this approval asks for somebody else than who did.').waitFor();
    const other = await web.open('admin', path);
    await other.getByRole('button', { name: 'Approve' }).click();
    await other.getByText('It is approved.').waitFor();
  });

  test('who lost the right a moment ago sees the refusal of the server', async () => {
    const { page: path } = await addApproval(web);
    const page = await web.open('deployer', path);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await page.route('**/approve', route =>
      route.fulfill({ status: 403, json: { error: 'FORBIDDEN', message: 'Not allowed: the role is gone.' } }),
    );
    await page.getByLabel('Comment').fill('I wrote this');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('alert').getByText('Not allowed: the role is gone.').waitFor();
    expect(await page.getByLabel('Comment').inputValue()).toBe('I wrote this');
  });
});

describe('what others do meanwhile', () => {
  test('a decision that came too late says so, and shows the one that counts', async () => {
    const { page: path, api } = await addApproval(web);
    const page = await web.open('deployer', path);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    // Another one is faster, while the request is on its way.
    await page.route('**/approve', async route => {
      await web.api('admin', `POST ${api}/deny`, { comment: 'I was faster' });
      await route.continue();
    });
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Somebody else decided a moment before you.').waitFor();
    await page.getByText('It is denied.').waitFor();
    await page.getByText('I was faster').waitFor();
  });

  test('a run that is cancelled leaves nothing to decide', async () => {
    const { page: path } = await addApproval(web);
    const page = await web.open('deployer', path);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    const { pipeline, run } = idsOf(path);
    await web.api('developer', `POST ${APP}/pipelines/${pipeline}/runs/${run}/cancel`);
    await page.getByText('There is nothing to decide any more').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });

  test('an approval that there is not says so, and leads back', async () => {
    const { page: path } = await addApproval(web);
    const page = await web.open('viewer', path.replace(/[^/]*$/, '00000000-0000-4000-8000-000000000000'));
    await page.getByRole('alert').getByText('The approval could not be read').waitFor();
    await page.getByRole('link', { name: 'All approvals' }).click();
    await page.getByRole('heading', { name: 'Approvals', level: 1 }).waitFor();
  });
});

test('a question with markup, colours and turned letters is shown and does nothing', async () => {
  const { page: path } = await addApproval(web, { message: HOSTILE });
  const page = await web.open('viewer', path);
  const question = page.getByRole('blockquote').first();
  await question.getByText('<img src=x onerror=alert(1)>').waitFor();
  await expect.poll(() => question.innerText()).toContain('⟦U+202E⟧');
  expect(await page.locator('main img').count()).toBe(0);
  await page.goto(`${web.url}/ui${APP}/approvals`);
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  expect(await page.locator('main img').count()).toBe(0);
});
