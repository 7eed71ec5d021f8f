import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { takesKeys } from '../kit/browser/focus.ts';
import { outage } from '../kit/browser/outage.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { addressOf, RUN_SEEDS } from './pages/run.ts';
import { APP, addPipeline, addRun, runIsOver } from './pages/seed.ts';

const web = useWeb();

const { failedRun, waitingRun, queuedRun, hostileRun } = RUN_SEEDS;

const openRun = async (
  person: Parameters<typeof web.open>[0],
  seed: typeof failedRun,
  more = '',
  view = {},
): Promise<Page> => {
  const { pipeline, run } = await seed(web);
  return web.open(person, `${addressOf(pipeline, run)}${more}`, view);
};

const facts = async (page: Page): Promise<Readonly<Record<string, string | undefined>>> => {
  await page.getByText('Started by').waitFor();
  const names = await page.locator('dl:has(dt:text-is("Started by")) dt').allInnerTexts();
  const values = await page.locator('dl:has(dt:text-is("Started by")) dd').allInnerTexts();
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
};

const pipelineOf = (id: string, jobs: string, more = ''): string =>
  `id: ${id}\nname: ${id}\non:\n  pipeline_call:\n${more}jobs:\n${jobs}`;

const logs = (message: string): string =>
  `    steps:\n      - uses: actions/humanitec/log@v1\n        with: { message: "${message}" }\n`;

const sleeps = '    steps:\n      - uses: actions/humanitec/sleep@v1\n        with: { seconds: 3000 }\n';

/** Those that the page makes from now on. */
function requestsOf(page: Page, method: string): readonly string[] {
  const sent: string[] = [];
  page.on('request', request => request.method() === method && sent.push(request.url()));
  return sent;
}

describe('a run that failed', () => {
  test('says at once where and why, and leads to the step and its log', async () => {
    const pipeline = await addPipeline(
      web,
      pipelineOf(
        'says-why',
        `  first:\n${logs('fine')}  second:
    needs: first
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: "about to call" }
      - name: Call the shop
        uses: actions/humanitec/http@v1
        with: { url: "http://127.0.0.1:9/nothing" }
`,
      ),
    );
    const run = await addRun(web, pipeline);
    const page = await web.open('viewer', addressOf(pipeline, run));
    const why = page.getByRole('region', { name: 'Why it failed' });
    await why.getByRole('heading', { name: 'Failed in second, step 2 (Call the shop)' }).waitFor();
    await why
      .locator('code')
      .getByText(/^(EGRESS_REFUSED|CONNECTION_FAILED)$/)
      .waitFor();
    await page.getByRole('heading', { level: 2, name: 'second', exact: true }).waitFor();
    await page.getByRole('button', { name: 'first Succeeded' }).click();
    await page.waitForURL('**/jobs/first');
    await page.getByRole('region', { name: 'Log of step 1' }).getByText('fine').waitFor();
    await why.getByRole('link', { name: 'See the step and its whole log' }).click();
    await page.waitForURL('**/jobs/second?step=2#steps');
    // Until then the other job is there, which has such a step, too.
    await page.getByRole('heading', { level: 2, name: 'second', exact: true }).waitFor();
    await page.getByRole('link', { name: '1. actions/humanitec/log' }).click();
    await page.getByRole('region', { name: 'Log of step 1' }).getByText('about to call').waitFor();
    await page.goBack();
    await page.waitForURL('**/jobs/second?step=2#steps');
  });

  test('shows who started it, as whom it acts, its inputs with secrets masked, and nothing of the secret', async () => {
    const page = await openRun('admin', failedRun);
    await expect
      .poll(() => facts(page))
      .toMatchObject({
        'Started by': 'Local developer by a call',
        'Acts as': 'Whoever started it',
        'May take': '1 h 0 min',
      });
    const inputs = page.getByLabel('Inputs', { exact: true });
    await inputs.getByText('the-service-with-a-name').waitFor();
    expect(await inputs.locator('dd').allInnerTexts()).toEqual([
      'the-service-with-a-name-that-is-rather-long-for-a-service',
      '3',
      expect.stringContaining('"eu-west-1"'),
      'an empty text',
      '***',
    ]);
    await page.getByRole('button', { name: 'Copy replicas' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('3');
    expect(await page.content()).not.toContain('not-for-anybody');
  });

  test('says to a viewer who started it, and leads back to the pipeline by its name', async () => {
    const page = await openRun('viewer', failedRun);
    await expect.poll(() => facts(page)).toMatchObject({ 'Started by': 'Local developer by a call' });
    await page
      .getByRole('navigation', { name: 'Breadcrumbs' })
      .getByRole('link', { name: 'Fails half-way', exact: true })
      .click();
    await page.waitForURL('**/pipelines/fails-half-way');
    await page.goto(`${web.url}/ui${APP}/runs?pipeline=fails-half-way`);
    await page.getByRole('cell', { name: 'Local developer by a call' }).first().waitFor();
  });

  test('under continue-on-error is not why the run failed', async () => {
    const fails = (message: string) =>
      `    steps:\n      - uses: actions/humanitec/fail@v1\n        with: { message: ${message} }\n`;
    const pipeline = await addPipeline(
      web,
      pipelineOf(
        'goes-on',
        `  may-fail:\n    continue-on-error: true\n${fails('harmless')}  second:\n    needs: may-fail\n${fails('grave')}`,
      ),
    );
    const page = await web.open('viewer', addressOf(pipeline, await addRun(web, pipeline)));
    const why = page.getByRole('region', { name: 'Why it failed' });
    await why.getByRole('heading', { name: /^Failed in second/ }).waitFor();
    expect(await why.innerText()).not.toContain('harmless');
    await page.getByRole('button', { name: 'may-fail Failed, the run went on' }).click();
    await page.getByText('It failed, and what comes after it went on: it has continue-on-error.').waitFor();
  });

  test('is restarted from what failed; the dialogue says what is kept; a double click starts one', async () => {
    const { pipeline, run } = await failedRun(web);
    const page = await openRun('developer', failedRun);
    await page.getByRole('button', { name: 'Restart from what failed' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Restart from what failed?' });
    await expect
      .poll(() => dialog.getByRole('list', { name: 'Results that are kept:' }).allInnerTexts())
      .toEqual(['Build the image\nLint']);
    await expect
      .poll(() => dialog.getByRole('list', { name: 'Jobs that run again:' }).allInnerTexts())
      .toEqual(['Test it\nDeploy to production']);
    await dialog.getByRole('button', { name: 'Restart from what failed' }).dblclick();
    await page.waitForURL(url => url.pathname.includes('/runs/') && !url.pathname.includes(run));
    await page.getByText('has been started').waitFor();
    const { json } = await web.api('viewer', `GET ${APP}/pipelines/${pipeline}/runs`);
    const restarted = json.filter((one: { restart_of?: string }) => one.restart_of === run);
    expect(restarted).toHaveLength(1);
    await runIsOver(web, pipeline, restarted[0].id);
    await expect.poll(() => facts(page)).toMatchObject({ 'Restart of': `Run …${run.slice(-8)}` });
    await page.getByRole('button', { name: 'Build the image Succeeded' }).click();
    await page.getByText('Kept from run').getByRole('link').click();
    await page.waitForURL(`**/runs/${run}`);
  });

  test('is restarted from the beginning once, and deleted once, however often one clicks', async () => {
    const pipeline = await addPipeline(web, pipelineOf('goes-away', `  only:\n${logs('hello')}`));
    const run = await addRun(web, pipeline);
    const page = await web.open('owner', addressOf(pipeline, run));
    await page.getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).dblclick();
    await page.waitForURL(url => !url.pathname.includes(run));
    const runs = await web.api('viewer', `GET ${APP}/pipelines/${pipeline}/runs`);
    expect(runs.json).toHaveLength(2);
    await page.goto(`${web.url}/ui${addressOf(pipeline, run)}`);
    await page.getByRole('button', { name: 'More to do with the run' }).click();
    await page.getByRole('menuitem', { name: 'Delete the run' }).click();
    const dialog = page.getByRole('alertdialog', { name: `Delete Run …${run.slice(-8)}?` });
    await dialog.getByRole('button', { name: 'Keep it as it is' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'More to do with the run' }).click();
    await page.getByRole('menuitem', { name: 'Delete the run' }).click();
    const sent = requestsOf(page, 'DELETE');
    await dialog.getByRole('button', { name: 'Delete the run' }).dblclick();
    await page.waitForURL('**/pipelines/goes-away');
    expect(sent).toHaveLength(1);
    await web.api('viewer', `GET ${addressOf(pipeline, run)}`, undefined, 404);
    await page.goto(`${web.url}/ui${addressOf(pipeline, run)}`);
    await page.getByRole('heading', { name: 'There is no such run' }).waitFor();
  });
});

describe('a run that waits', () => {
  test('says for what and since when; the approval leads to its decision', async () => {
    const page = await openRun('deployer', waitingRun);
    const waits = page.getByRole('region', { name: 'What the run waits for' });
    await waits.getByText(/Ask for production waits for an approval, \d.* so far/).waitFor();
    await waits.getByText(/Wait for the night waits until .* \(in 8 hours\), \d.* so far/).waitFor();
    await waits.getByText(/waits until somebody posts to the URL of its callback/).waitFor();
    await waits.getByRole('link', { name: 'See what to approve' }).click();
    await page.waitForURL(/\/jobs\/ask\/approvals\/[\w-]+$/);
  });

  test('in line for its group says its place and which run is before it', async () => {
    const before = await waitingRun(web);
    const page = await openRun('viewer', queuedRun);
    const waits = page.getByRole('region', { name: 'What the run waits for' });
    await waits.getByText(/In line for the group one-at-a-time, place 1, for \d/).waitFor();
    await waits.getByRole('link', { name: `Run …${before.run.slice(-8)} of waits-for-all` }).click();
    await page.waitForURL(`**/runs/${before.run}`);
  });

  test('is cancelled after a question, once for two clicks, and the page shows the end without a reload', async () => {
    const pipeline = await addPipeline(web, pipelineOf('to-cancel', `  sleep:\n${sleeps}`));
    const run = await addRun(web, pipeline, {}, 'started');
    const page = await web.open('developer', addressOf(pipeline, run));
    await page.getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('alertdialog', { name: `Cancel Run …${run.slice(-8)}?` });
    const sent = requestsOf(page, 'POST');
    await dialog.getByRole('button', { name: 'Cancel the run' }).dblclick();
    await page.getByRole('heading', { name: 'It was cancelled' }).waitFor();
    expect(sent).toHaveLength(1);
    await page.getByRole('button', { name: 'Restart from what failed' }).waitFor();
  });

  test('cannot be cancelled by a viewer, who is told why, also by the server', async () => {
    const page = await openRun('viewer', waitingRun);
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    await expect.poll(() => cancel.getAttribute('aria-disabled')).toBe('true');
    await expect.poll(() => cancel.getAttribute('aria-description')).toContain('runs.cancel');
    await cancel.hover();
    await page.getByText('it needs ‘runs.cancel’ in the app ‘hello’').waitFor();
    await cancel.click({ force: true });
    expect(await page.getByRole('alertdialog').count()).toBe(0);
    const { pipeline, run } = await waitingRun(web);
    const { json } = await web.api('viewer', `POST ${addressOf(pipeline, run)}/cancel`, undefined, 403);
    expect(json.message).toContain('runs.cancel');
  });

  test('whose cancellation the server refuses says so', async () => {
    const page = await openRun('developer', waitingRun);
    await page.route('**/cancel', route =>
      route.fulfill({ status: 500, json: { error: 'INTERNAL_ERROR', message: 'The server has a fault.' } }),
    );
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByText('The run could not be cancelled').waitFor();
    await page.getByText('The server has a fault.').waitFor();
  });
});

test('a run that starts, waits and ends is followed live: status, jobs and log', async () => {
  const pipeline = await addPipeline(
    web,
    pipelineOf(
      'live',
      `  ask:
    steps:
      - uses: actions/humanitec/approve@v1
        with: { environment: development, message: Go on? }
  after:
    needs: ask
${logs('it went on')}`,
    ),
  );
  const run = await addRun(web, pipeline, {}, 'started');
  const page = await web.open('developer', addressOf(pipeline, run));
  const waits = page.getByRole('region', { name: 'What the run waits for' });
  const href = (await waits.getByRole('link', { name: 'See what to approve' }).getAttribute('href')) ?? '';
  await page.getByRole('button', { name: 'after Pending' }).waitFor();
  await web.api('deployer', `POST /${href.replace('/ui/', '')}/approve`, {});
  await page.getByRole('button', { name: 'after Succeeded' }).waitFor();
  await page.locator('main header').getByText('Succeeded').waitFor();
  await waits.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Log of step 1' }).getByText('it went on').waitFor();
});

test('the log is searched, wrapped, copied, downloaded, and its lines are linked to', async () => {
  const pipeline = await addPipeline(web, pipelineOf('has-a-log', `  only:\n${logs('one\\ntwo\\nthree two')}`));
  const run = await addRun(web, pipeline);
  const page = await web.open('viewer', addressOf(pipeline, run));
  const log = page.getByRole('region', { name: 'Log of step 1' });
  await log.getByText('three two').waitFor();
  await page.getByRole('searchbox', { name: 'Search in the log' }).fill('two');
  await page.getByText('1 of 2').waitFor();
  const wrap = page.getByRole('button', { name: 'Wrap' });
  await wrap.click();
  await expect.poll(() => wrap.getAttribute('aria-pressed')).toBe('false');
  await page.getByRole('button', { name: 'Copy all' }).click();
  await page.getByText('Copied').waitFor();
  await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('one\ntwo\nthree two\n');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe(`has-a-log-${run.slice(-8)}-only-1.log`);
  await log.getByRole('link', { name: 'Line 3' }).click();
  await page.waitForURL('**/jobs/only?step=1&line=3');
  await page.reload();
  await page.getByRole('button', { name: 'Copy line 3' }).waitFor();
});

test('a called run and its caller lead to each other', async () => {
  await addPipeline(web, pipelineOf('called', `  work:\n${logs('called')}`));
  const caller = await addPipeline(
    web,
    pipelineOf(
      'caller',
      '  call:\n    steps:\n      - uses: actions/pipecall/call-pipeline@v1\n        with: { pipeline: called }\n',
    ),
  );
  const run = await addRun(web, caller);
  const page = await web.open('developer', addressOf(caller, run));
  await page.getByRole('link', { name: /^It started Run …/ }).click();
  await page.waitForURL('**/pipelines/called/runs/*');
  await page.getByRole('link', { name: `Run …${run.slice(-8)} of caller, job call` }).click();
  await page.waitForURL(`**/runs/${run}/jobs/call?step=1`);
});

test('a run of an older version says so, and one whose pipeline is gone', async () => {
  const pipeline = await addPipeline(web, pipelineOf('changes', `  old:\n${logs('old')}`));
  const run = await addRun(web, pipeline);
  const current = await web.api('viewer', `GET ${APP}/pipelines/${pipeline}`);
  await web.api('owner', `PATCH ${APP}/pipelines/${pipeline}`, pipelineOf('changes', `  new:\n${logs('new')}`));
  const page = await web.open('owner', addressOf(pipeline, run));
  await page.getByText('(an older one)').waitFor();
  const link = page.getByRole('link', { name: `Version …${current.json.version.slice(-8)}` });
  expect(await link.getAttribute('href')).toContain(`/definition?version=${current.json.version}`);
  await web.api('owner', `DELETE ${APP}/pipelines/${pipeline}`);
  await page.reload();
  await page.getByText('The pipeline was deleted').waitFor();
  await page.getByRole('region', { name: 'Log of step 1' }).getByText('old').waitFor();
  await page.getByRole('button', { name: 'Restart' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).click();
  await page.getByRole('alert').getByText('The pipeline of the run was deleted').waitFor();
});

test('addresses of jobs and steps that are not there say so', async () => {
  const page = await openRun('viewer', failedRun, '/jobs/nothing');
  await page.getByText('This run has no job ‘nothing’.').waitFor();
  const { pipeline, run } = await failedRun(web);
  await page.goto(`${web.url}/ui${addressOf(pipeline, run)}/jobs/test?step=9`);
  await page.getByText('There is no step 9 in this job').waitFor();
  await page.goto(`${web.url}/ui${APP}/runs/01900000-0000-7000-8000-000000000000`);
  await page.getByRole('heading', { name: 'There is no such run' }).waitFor();
});

test('names, messages and logs with markup, escapes and bidi are text', async () => {
  const page = await openRun('viewer', hostileRun);
  const why = page.getByRole('region', { name: 'Why it failed' });
  await why.getByText('<script>alert(1)</script>').first().waitFor();
  await page.getByRole('link', { name: /^1\. <img src=x onerror=alert\(1\)>/ }).click();
  await page.getByRole('region', { name: 'Log of step 1' }).getByText('<b>not bold</b>').waitFor();
  expect(await page.locator('main img, main script, main a[href^="javascript"]').count()).toBe(0);
  const shown = await page.getByRole('main').innerText();
  for (const character of ['\u001b', '\u202e', '\u2066']) expect(shown).not.toContain(character);
});

test('an outage is told and takes nothing away; trying again mends it', async () => {
  const page = await openRun('viewer', waitingRun);
  await page.getByRole('region', { name: 'What the run waits for' }).waitFor();
  const { tryAgain } = await outage(page, /\/runs\/[^/]+(\/jobs\?.*)?$/, {
    status: 503,
    json: { error: 'UNAVAILABLE', message: 'The table does not answer.' },
  });
  await page.getByText('What you see may be out of date.').waitFor();
  await page.getByRole('region', { name: 'What the run waits for' }).waitFor();
  await tryAgain(page);
  await page.getByText('What you see may be out of date.').waitFor({ state: 'detached' });
});

test('a first read that fails says what happened; trying again shows the run', async () => {
  const { pipeline, run } = await failedRun(web);
  const page = await web.open('viewer', '/me');
  const { tryAgain } = await outage(page, `**/runs/${run}`);
  await page.goto(`${web.url}/ui${addressOf(pipeline, run)}`);
  await page.getByRole('heading', { name: 'The run could not be read' }).waitFor();
  await tryAgain(page);
  await page.getByRole('region', { name: 'Why it failed' }).waitFor();
});

describe('a read of the page alone', () => {
  test.each([
    ['pipeline', /\/pipelines\/[^/]+$/],
    ['log', /\/logs(\?.*)?$/],
    ['job', /\/jobs\/[^/?]+$/],
    ['list of jobs', /\/jobs\?.*$/],
  ])('that is never answered, of the %s, does not keep the run back', async (_, path) => {
    const { pipeline, run } = await failedRun(web);
    const page = await web.open('viewer', '/me');
    await page.route(path, route => (route.request().resourceType() === 'fetch' ? undefined : route.continue()));
    await page.goto(`${web.url}/ui${addressOf(pipeline, run)}`);
    await page.locator('main header').getByText('Failed', { exact: true }).waitFor();
    await expect.poll(() => facts(page)).toMatchObject({ 'Started by': 'Local developer by a call' });
    await page.getByRole('heading', { level: 2, name: 'Jobs', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Restart from what failed' }).waitFor();
  });

  test.each([
    ['The log could not be read', 403, /\/logs(\?.*)?$/],
    ['The log could not be read', 404, /\/logs(\?.*)?$/],
    ['The job could not be read', 404, /\/jobs\/[^/?]+$/],
    ['The jobs could not be read', 404, /\/jobs\?.*$/],
  ])('‘%s’ stands in its place for %d, the run stays, and trying again shows it', async (title, status, path) => {
    const { pipeline, run } = await failedRun(web);
    const page = await web.open('viewer', '/me');
    const { tryAgain } = await outage(page, path, { status, json: { error: 'FAULT', message: 'Not this one.' } });
    await page.goto(`${web.url}/ui${addressOf(pipeline, run)}`);
    const told = page.getByRole('main').getByRole('alert').filter({ hasText: title });
    await told.getByText('Not this one.').waitFor();
    await expect.poll(() => facts(page)).toMatchObject({ 'Started by': 'Local developer by a call' });
    expect(await page.getByText('There is no such run').count()).toBe(0);
    expect(await page.getByText('What you see may be out of date.').count()).toBe(0);
    await tryAgain(told);
    await told.waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Steps' }).waitFor();
  });
});

test('all of it is done with the keyboard alone', async () => {
  const page = await openRun('developer', failedRun);
  await page.getByRole('region', { name: 'Jobs' }).locator('[aria-current=true]').waitFor();
  await page.getByRole('button', { name: 'Test it Failed' }).focus();
  await page.keyboard.press('ArrowLeft');
  await takesKeys(page.getByRole('button', { name: 'Build the image Succeeded' }));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/jobs/build');
  const step = page.getByRole('link', { name: '1. Compile' });
  await step.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/jobs/build?step=1');
  const restart = page.getByRole('button', { name: 'Restart from what failed' });
  // Until the rights are there nobody may.
  await expect.poll(() => restart.getAttribute('aria-disabled')).toBe(null);
  await restart.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('alertdialog');
  await takesKeys(dialog);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});
