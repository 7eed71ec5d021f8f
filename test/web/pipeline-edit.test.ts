import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { drawn } from '../kit/browser/drawn.ts';
import { hasFocus, takesKeys } from '../kit/browser/focus.ts';
import { outage } from '../kit/browser/outage.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { INPUTS_DEFINITION } from './pages/pipelines.ts';
import { APP, addPipeline, addRun } from './pages/seed.ts';

const web = useWeb();

const editor = (page: Page) => page.getByRole('textbox', { name: /^Definition/ });
/** Whatever the server says of the text: its id may be taken. */
const canWrite = (page: Page) => page.getByRole('textbox', { name: /^Definition\. Tab indents/ }).waitFor();
const problems = (page: Page) => page.getByRole('region', { name: 'Problems' });
const fine = (page: Page) => page.getByText('Nothing is wrong with it').waitFor();

/** Replaces all that is in the editor, as somebody who pastes. */
async function write(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('Control+A');
  await page.evaluate(copied => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('Control+V');
}

/** Resolves when the server has said something about a text that ends so, and the page has heard it. To be asked for before it is typed. */
async function isChecked(page: Page, end: string): Promise<void> {
  await page.waitForResponse(
    response => response.url().includes('dry_run=true') && response.request().postData()?.endsWith(end) === true,
  );
  await page.getByText('Checking …').waitFor({ state: 'detached' });
}

/** What is to be saved there is answered when the function is called that this answers with. */
async function holdChanges(page: Page, address: string): Promise<() => void> {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await page.route(address, async route => {
    if (route.request().method() !== 'GET') await held;
    await route.continue();
  });
  return release;
}

async function typeAtEnd(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

const SCHEMA = '**/pipeline-schemas/*';

const saved = async (id: string): Promise<string> => (await web.api('owner', `GET ${APP}/pipelines/${id}/schema`)).json;
const versionsOf = async (id: string): Promise<number> =>
  (await web.api('owner', `GET ${APP}/pipelines/${id}/versions`)).json.length;

describe('a new pipeline', () => {
  test('begins with one that runs as it is', async () => {
    const page = await web.open('owner', `${APP}/pipelines`);
    await page.getByRole('button', { name: 'New pipeline' }).click();
    await fine(page);
    await page.getByRole('button', { name: 'Make the pipeline' }).dblclick();
    await page.waitForURL('**/pipelines/my-pipeline');
    await page.getByText('The pipeline was made').waitFor();
    await page.getByRole('heading', { name: 'It has not run yet' }).waitFor();
    const run = await addRun(web, 'my-pipeline');
    expect((await web.api('viewer', `GET ${APP}/pipelines/my-pipeline/runs/${run}`)).json.status).toBe('succeeded');
    // The second one has the id of the first until somebody gives it another.
    await page.goto(`${web.url}/ui${APP}/new-pipeline`);
    await problems(page).getByText('PIPELINE_ID_TAKEN').waitFor();
    await problems(page).getByRole('button').click();
    await page.getByText('Line 2, column 5').waitFor();
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('another-one');
    await fine(page);
    await page.keyboard.press('Control+S');
    await page.waitForURL('**/pipelines/another-one');
  });

  test('what is typed while it is made is to be saved next', async () => {
    const page = await web.open('owner', `${APP}/new-pipeline`);
    await canWrite(page);
    const text = INPUTS_DEFINITION('made-meanwhile');
    await write(page, text);
    await editor(page).getByText('made-meanwhile').waitFor();
    await fine(page);
    const release = await holdChanges(page, '**/apps/hello/pipelines');
    await page.keyboard.press('Control+S');
    await page.getByRole('button', { name: 'Saving …' }).waitFor();
    await page.keyboard.type('# more');
    release();
    await page.waitForURL('**/pipelines/made-meanwhile/edit');
    await page.getByText('The pipeline was made').waitFor();
    await fine(page);
    expect(await saved('made-meanwhile')).toBe(text);
    await page.keyboard.press('Control+S');
    await page.waitForURL('**/pipelines/made-meanwhile/definition');
    expect(await saved('made-meanwhile')).toBe(`${text}# more`);
  });

  test('is read only for who may not make one, and says why', async () => {
    let asked = 0;
    const page = await web.open('developer', '/me');
    page.on('request', request => {
      if (request.method() === 'POST') asked += 1;
    });
    await page.goto(`${web.url}/ui${APP}/new-pipeline`);
    await page.getByText('it needs ‘pipelines.create’ in the app ‘hello’').waitFor();
    await expect.poll(() => editor(page).getAttribute('aria-readonly')).toBe('true');
    await expect
      .poll(() => page.getByRole('button', { name: 'Make the pipeline' }).getAttribute('aria-disabled'))
      .toBe('true');
    expect(asked).toBe(0);
  });
});

describe('editing', () => {
  test('begins when it is known that one may, so that no key is lost', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('late-rights'));
    const page = await web.open('owner', '/me');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/orgs/demo/users/*/perms*', async route => {
      await held;
      await route.continue();
    });
    const code = page.waitForResponse(/\/yaml-editor-[^/]*\.js$/);
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}/edit`);
    await (await code).finished();
    await page.getByRole('button', { name: 'Save as a new version' }).waitFor();
    await drawn(page);
    expect(await editor(page).count()).toBe(0);
    release();
    await typeAtEnd(page, '# typed');
    await editor(page).getByText('# typed').waitFor();
  });

  test('completes from the schema of the language', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('completes'));
    const page = await web.open('owner', `${APP}/pipelines/${id}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await editor(page).waitFor();
    await typeAtEnd(page, 'conc');
    await page.getByRole('option', { name: /^concurrency/ }).click();
    await editor(page).getByText('concurrency').waitFor();
  });

  test('completes when the schema of the language comes after what was typed', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('completes-late'));
    const page = await web.open('owner', '/me');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(SCHEMA, async route => {
      await held;
      await route.continue();
    });
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}/edit`);
    await fine(page);
    // The server is asked some time after the editor has looked for something to offer.
    const checked = isChecked(page, 'conc');
    await typeAtEnd(page, 'conc');
    await checked;
    expect(await page.getByRole('option').count()).toBe(0);
    release();
    await page.getByRole('option', { name: /^concurrency/ }).waitFor();
  });

  test('a schema that cannot be read keeps nobody in the editor', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('completes-never'));
    const page = await web.open('owner', '/me');
    await page.route(SCHEMA, route =>
      route.fulfill({ status: 500, json: { error: 'INTERNAL', message: 'It failed.' } }),
    );
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}/edit`);
    await fine(page);
    const checked = isChecked(page, 'conc');
    await typeAtEnd(page, 'conc');
    await checked;
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect.poll(() => hasFocus(editor(page))).toBe(false);
  });

  test('shows what the server says as one types: every mistake, with its place', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('mistakes'));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    const save = page.getByRole('button', { name: 'Save as a new version' });
    await expect.poll(() => save.getAttribute('aria-disabled')).toBe('true');
    await write(page, INPUTS_DEFINITION(id).replace('needs: [deploy]', 'needs: [deplo]').replace('log@v1', 'lok@v1'));
    await page.getByText('2 problems: choose one').waitFor();
    const unknown = problems(page).getByRole('button').filter({ hasText: 'UNKNOWN_JOB' });
    expect(await unknown.innerText()).toMatch(/^\d+:\d+[\s\S]*deplo/);
    await unknown.click();
    await page.getByText('Line 21, column 13').waitFor();
    // The server refuses it all the same, and nothing is lost.
    await save.click();
    await page.getByText('It was not saved').waitFor();
    expect(await editor(page).innerText()).toContain('deplo');
    expect(await versionsOf(id)).toBe(1);
  });

  test('asks the server when one stops typing, not with every key', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('debounced'));
    const page = await web.open('owner', '/me');
    await page.clock.install();
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}/edit`);
    await fine(page);
    const asked: string[] = [];
    page.on('request', request => {
      if (request.url().includes('dry_run=true')) asked.push(request.postData() ?? '');
    });
    // The page’s clock stands still meanwhile: how fast this machine types does not matter.
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 60_000);
    await typeAtEnd(page, '# a comment of many keys, which are pressed one after the other');
    expect(asked).toEqual([]);
    await page.clock.resume();
    await expect.poll(() => asked.at(-1)?.endsWith('one after the other')).toBe(true);
    await fine(page);
    expect(asked).toHaveLength(1);
  });

  test('saves a new version, which is shown', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('saves'));
    const page = await web.open('owner', `${APP}/pipelines/${id}`);
    await page
      .getByRole('navigation', { name: 'Parts of the pipeline' })
      .getByRole('link', { name: 'Versions' })
      .click();
    await page.getByText('There is one version only').waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await fine(page);
    await typeAtEnd(page, '# changed');
    // Of two clicks the second would find what the first has saved, and take it for somebody else's.
    await page.getByRole('button', { name: 'Save as a new version' }).dblclick();
    await page.waitForURL(`**/pipelines/${id}/definition`);
    await page.getByText('Saved as a new version').waitFor();
    expect(await versionsOf(id)).toBe(2);
    await page.getByRole('textbox', { name: 'Definition' }).getByText('# changed').waitFor();
    expect(await saved(id)).toBe(`${INPUTS_DEFINITION(id)}# changed`);
    await page.getByRole('link', { name: 'Versions' }).click();
    await page
      .getByRole('region', { name: /^Changes from/ })
      .getByText('# changed')
      .first()
      .waitFor();
  });

  test('what is typed while it is saved is not saved yet, and stays', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('typed-on'));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    const release = await holdChanges(page, `**/pipelines/${id}`);
    await typeAtEnd(page, '# one');
    await page.keyboard.press('Control+S');
    await page.getByRole('button', { name: 'Saving …' }).waitFor();
    await page.keyboard.type(' two');
    release();
    await page.getByText('Saved as a new version').waitFor();
    await takesKeys(editor(page));
    await page.keyboard.type(' three');
    await fine(page);
    expect(await saved(id)).toBe(`${INPUTS_DEFINITION(id)}# one`);
    await page.keyboard.press('Control+S');
    await page.waitForURL(`**/pipelines/${id}/definition`);
    expect(await saved(id)).toBe(`${INPUTS_DEFINITION(id)}# one two three`);
    expect(await versionsOf(id)).toBe(3);
  });

  test('a server that fails or is not there loses nothing', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('outage'));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    await page.route(`**/pipelines/${id}?dry_run=true`, route => route.fulfill({ status: 502, body: '<html>' }));
    await typeAtEnd(page, '# mine');
    await page.getByRole('alert').filter({ hasText: 'The definition could not be checked' }).waitFor();
    await page.unroute(`**/pipelines/${id}?dry_run=true`);
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.waitForURL(`**/pipelines/${id}/definition`);
    expect(await saved(id)).toContain('# mine');
  });

  test('a server that is back is asked again by itself, and the words are none of a wrong definition', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('back-again'));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    await page.route(`**/pipelines/${id}?dry_run=true`, route => route.fulfill({ status: 502, body: '<html>' }));
    await typeAtEnd(page, '# mine');
    const alert = page.getByRole('alert').filter({ hasText: 'The definition could not be checked' });
    await alert.waitFor();
    await page.getByText('Not checked: the server gave no answer').waitFor();
    expect(await page.getByText('It cannot be saved like this').count()).toBe(0);
    await page.unroute(`**/pipelines/${id}?dry_run=true`);
    await fine(page);
    await alert.waitFor({ state: 'detached' });
  });

  test('a server that is back is asked at once by who tries again', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('asked-again'));
    const page = await web.open('owner', '/me');
    await page.clock.install();
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}/edit`);
    await fine(page);
    const { tryAgain } = await outage(page, `**/pipelines/${id}?dry_run=true`, { status: 502, body: '<html>' });
    await typeAtEnd(page, '# mine');
    const alert = page.getByRole('alert').filter({ hasText: 'The definition could not be checked' });
    await alert.waitFor();
    // The page’s clock stands still: it asks no more by itself.
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 60_000);
    await tryAgain(alert);
    await page.clock.runFor(500);
    await fine(page);
    await page.clock.resume();
  });

  test('a failure to save is not said to be one of the definition', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('not-saved'));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(`**/pipelines/${id}?dry_run=true`, async route => {
      await held;
      await route.continue();
    });
    await page.route(`**/pipelines/${id}`, route =>
      route.request().method() === 'PATCH' ? route.fulfill({ status: 502, body: '<html>' }) : route.continue(),
    );
    const judged = page.waitForResponse(`**/pipelines/${id}?dry_run=true`);
    await typeAtEnd(page, '# mine');
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByRole('alert').filter({ hasText: 'It was not saved' }).first().waitFor();
    await page.getByText('It was not saved: see above').waitFor();
    expect(await page.getByText('could not be checked').count()).toBe(0);
    // What was asked before, and is answered after it, does not take it away.
    release();
    await (await judged).finished();
    await drawn(page);
    await page.getByText('It was not saved: see above').waitFor();
    await page.getByRole('alert').filter({ hasText: 'It was not saved' }).first().waitFor();
  });

  test.each(['500', 'none'])('an owner whose rights get the answer %s is refused nothing', async answer => {
    const id = await addPipeline(web, INPUTS_DEFINITION(`rights-${answer}`));
    const page = await web.open('owner', '/me');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const PERMISSIONS = '**/orgs/demo/users/*/perms*';
    await page.route(PERMISSIONS, async route => {
      await held;
      return route.continue();
    });
    const failing = answer === '500' ? await outage(page, PERMISSIONS) : undefined;
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}/edit`);
    const alert = page.getByRole('alert').filter({ hasText: 'Your rights could not be read' });
    if (failing !== undefined) {
      await alert.waitFor();
      await editor(page).waitFor();
    } else await page.getByText('Checking …').waitFor();
    const save = page.getByRole('button', { name: 'Save as a new version' });
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    await save.focus();
    await page
      .getByText(failing !== undefined ? 'Your rights could not be read. Load' : 'Your rights are being read')
      .waitFor();
    expect(await page.getByText('it needs ‘').count()).toBe(0);
    await failing?.tryAgain(alert);
    release();
    await fine(page);
    await typeAtEnd(page, '# mine');
    await fine(page);
  });

  test('another id is refused at the key that says it', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('keeps-its-id'));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    await write(page, INPUTS_DEFINITION('another-id'));
    const problem = problems(page).getByRole('button').filter({ hasText: 'PIPELINE_ID_MISMATCH' });
    expect(await problem.innerText()).toContain('1:5');
  });
});

test.each([
  { width: 1_280, height: 800 },
  { width: 360, height: 740 },
])('a failure covers no button at $width × $height, and Escape closes it', async view => {
  const id = await addPipeline(web, INPUTS_DEFINITION(`covered-${view.width}`));
  const page = await web.open('owner', `${APP}/pipelines/${id}/edit`, view);
  await fine(page);
  await typeAtEnd(page, '# mine');
  await fine(page);
  await page.route(`**/pipelines/${id}`, route =>
    route.request().method() === 'PATCH'
      ? route.fulfill({ status: 500, json: { error: 'INTERNAL', message: 'The server failed. '.repeat(5) } })
      : route.continue(),
  );
  const save = page.getByRole('button', { name: 'Save as a new version' });
  await save.click();
  const message = page.getByRole('region', { name: 'Notifications' }).getByText('It was not saved');
  await message.waitFor();
  const covered = await page.evaluate(() => {
    const shown = document.querySelector('[aria-label="Notifications"]')?.getBoundingClientRect();
    const buttons = [...document.querySelectorAll('main button')].map(button => button.getBoundingClientRect());
    if (shown === undefined || shown.height === 0 || buttons.length === 0) return 'nothing to compare';
    return buttons.filter(
      ({ top, bottom, left, right }) =>
        top < shown.bottom && shown.top < bottom && left < shown.right && shown.left < right,
    ).length;
  });
  expect(covered).toBe(0);
  // While one points at it, it does not go by itself.
  await message.hover();
  await page.keyboard.press('Escape');
  await message.waitFor({ state: 'detached' });
});

test('help on hover keeps off the border of a telephone', async () => {
  const page = await web.open('owner', `${APP}/new-pipeline`, { width: 360, height: 740 });
  const help = page.locator('.cm-tooltip-hover');
  await canWrite(page);
  await page.getByText('pipeline_call', { exact: true }).hover();
  await help.waitFor();
  const sides = async () => {
    const box = await help.boundingBox();
    return box === null ? undefined : Math.min(box.x, 360 - box.x - box.width);
  };
  await expect.poll(sides).toBeGreaterThanOrEqual(8);
});

describe('leaving with unsaved changes', () => {
  test('asks: by a link, by Back, by closing; and goes when one wants to', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('leaves'));
    const page = await web.open('owner', `${APP}/pipelines/${id}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await fine(page);
    // Nothing is changed: nothing is asked.
    await page.goBack();
    await page.getByRole('heading', { name: 'It has not run yet' }).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await fine(page);
    await typeAtEnd(page, '# mine');
    const dialog = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await dialog.getByRole('button', { name: 'Go on editing' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.evaluate(() => history.back());
    await takesKeys(dialog);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await editor(page).getByText('# mine').waitFor();
    const asked = page.waitForEvent('dialog');
    const reloaded = page.reload().catch(() => undefined);
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.accept();
    await reloaded;
    await fine(page);
    await typeAtEnd(page, '# mine');
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await dialog.getByRole('button', { name: 'Leave without saving' }).click();
    await page.waitForURL('**/apps/hello/runs');
    expect(await versionsOf(id)).toBe(1);
  });
});

describe('when somebody else saves meanwhile', () => {
  async function overtaken(id: string): Promise<Page> {
    await addPipeline(web, INPUTS_DEFINITION(id));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    await web.api('admin', `PATCH ${APP}/pipelines/${id}`, `${INPUTS_DEFINITION(id)}# theirs\n`);
    await typeAtEnd(page, '# mine\n');
    const panel = page.getByRole('alert', { name: 'Saved meanwhile' });
    await panel.getByText('# theirs').first().waitFor();
    await panel.getByText('# mine').first().waitFor();
    return page;
  }

  test('one is told as one types, by whom, and can save over it', async () => {
    const page = await overtaken('over');
    await page.getByRole('button', { name: 'Save mine over theirs' }).click();
    await page.waitForURL('**/pipelines/over/definition');
    expect(await saved('over')).toBe(`${INPUTS_DEFINITION('over')}# mine\n`);
    expect(await versionsOf('over')).toBe(3);
  });

  test('one can take theirs', async () => {
    const page = await overtaken('take');
    await page.getByRole('button', { name: 'Drop mine, take theirs' }).click();
    await fine(page);
    await expect.poll(() => editor(page).innerText()).toContain('# theirs');
    expect(await editor(page).innerText()).not.toContain('# mine');
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.waitForURL('**/apps/hello/runs');
  });

  test('one can go on with one’s own', async () => {
    const page = await overtaken('keep');
    await page.getByRole('button', { name: 'Go on editing mine' }).click();
    await fine(page);
    await typeAtEnd(page, '# and more');
    await fine(page);
    await page.keyboard.press('Control+S');
    await page.waitForURL('**/pipelines/keep/definition');
    expect(await saved('keep')).toBe(`${INPUTS_DEFINITION('keep')}# mine\n# and more`);
  });

  test('saving finds out, too, when nothing was checked since', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('late'));
    const page = await web.open('owner', `${APP}/pipelines/${id}/edit`);
    await fine(page);
    const checked = isChecked(page, '# mine');
    await typeAtEnd(page, '# mine');
    await checked;
    await web.api('admin', `PATCH ${APP}/pipelines/${id}`, `${INPUTS_DEFINITION(id)}# theirs\n`);
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByText('It was not saved').waitFor();
    await page.getByRole('alert', { name: 'Saved meanwhile' }).getByText('# theirs').first().waitFor();
    expect(await versionsOf(id)).toBe(2);
  });
});
