import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { drawn } from '../kit/browser/drawn.ts';
import { hasFocus } from '../kit/browser/focus.ts';
import { outage } from '../kit/browser/outage.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { INPUTS_DEFINITION, pipelines } from './pages/pipelines.ts';
import { APP, addPipeline, addRun } from './pages/seed.ts';

const web = useWeb();

const field = (page: Page, name: string) => page.getByLabel(new RegExp(`^${name} `)).first();
const start = (page: Page) => page.getByRole('button', { name: 'Start the run' });
const runsOf = async (id: string) => (await web.api('viewer', `GET ${APP}/pipelines/${id}/runs`)).json;
const PLAN = '**/runs?*dry_run=plan*';
const RUN = /\/runs\/([0-9a-f-]{36})$/;

describe('the form', () => {
  test('asks for every input, with its type, description, default, choices and limits', async () => {
    await pipelines(web);
    const page = await web.open('developer', `${APP}/pipelines/deploy-service`);
    await page.getByRole('button', { name: 'Run' }).click();
    await start(page).waitFor();
    const form = page.locator('form');
    await expect
      .poll(() => form.innerText())
      .toMatch(/version required, text, pattern \^v\[0-9\]\+\$\s+The tag to deploy/);
    expect(await form.innerText()).toContain('replicas optional, whole number, 1 to 20');
    expect(await field(page, 'replicas').inputValue()).toBe('2');
    const options = field(page, 'environment').getByRole('option');
    await expect.poll(() => options.allInnerTexts()).toEqual(['Not set', 'development', 'staging', 'production']);
    expect(await field(page, 'token').getAttribute('type')).toBe('password');
  });

  test('is loaded beside the answers, not after them', async () => {
    await pipelines(web);
    const page = await web.open('developer', '/me');
    const asked = page.waitForRequest(/\/assets\/inputs-form-[^/]*\.js$/);
    await page.route('**/inputs-schema*', async route => {
      await asked;
      await route.continue();
    });
    await page.goto(`${web.url}/ui${APP}/pipelines/deploy-service/run`);
    await field(page, 'version').waitFor();
  });

  test('checks before it sends, and says what is wrong at each field', async () => {
    await pipelines(web);
    const page = await web.open('developer', `${APP}/pipelines/deploy-service/run`);
    let sent = 0;
    page.on('request', request => {
      if (request.method() === 'POST') sent += 1;
    });
    await field(page, 'replicas').fill('99');
    await start(page).click();
    await page.getByText('version is required').waitFor();
    await page.getByText('replicas must be 20 or less').waitFor();
    await expect.poll(() => field(page, 'version').evaluate(element => element === document.activeElement)).toBe(true);
    await field(page, 'version').fill('nonsense');
    await page.getByText('version must match the pattern').waitFor();
    await field(page, 'labels').fill('{');
    await page.getByText('labels is not JSON').waitFor();
    expect(sent).toBe(0);
  });

  test('shows the server’s messages at the fields', async () => {
    await pipelines(web);
    const page = await web.open('developer', `${APP}/pipelines/deploy-service/run`);
    await page.route('**/pipelines/deploy-service/runs', route =>
      route.fulfill({
        status: 400,
        json: {
          error: 'INVALID_INPUTS',
          message: 'Inputs: `version` was never built.',
          details: { inputs: [{ name: 'version', message: '`version` was never built' }] },
        },
      }),
    );
    await field(page, 'version').fill('v9');
    await start(page).click();
    await page.getByText('version was never built').waitFor();
    await expect.poll(() => field(page, 'version').getAttribute('aria-invalid')).toBe('true');
    // Other inputs, another answer.
    await field(page, 'version').fill('v8');
    await page.getByText('version was never built').waitFor({ state: 'detached' });
  });

  test('shows none of them at fields that were changed meanwhile, and says that nothing was started', async () => {
    await pipelines(web);
    const page = await web.open('developer', `${APP}/pipelines/deploy-service/run`);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/pipelines/deploy-service/runs', async route => {
      await held;
      await route.fulfill({
        status: 400,
        json: {
          error: 'INVALID_INPUTS',
          message: 'Inputs: `version` was never built.',
          details: { inputs: [{ name: 'version', message: '`version` was never built' }] },
        },
      });
    });
    await field(page, 'version').fill('v9');
    await start(page).click();
    await start(page).and(page.locator('[aria-busy]')).waitFor();
    await field(page, 'version').fill('v8');
    release();
    const alert = page.getByRole('alert').filter({ hasText: 'The run was not started' });
    await alert.getByText('was never built').waitFor();
    expect(await field(page, 'version').getAttribute('aria-invalid')).not.toBe('true');
  });

  test('starts, and leads to the run; the list of runs has it', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('starts'));
    const page = await web.open('developer', `${APP}/pipelines/${id}`);
    await page.getByRole('link', { name: 'Start the first run' }).click();
    await field(page, 'version').fill('v7');
    await field(page, 'environment').selectOption('staging');
    await field(page, 'verify').selectOption('false');
    await field(page, 'token').fill('secret-of-mine');
    await field(page, 'labels').fill('{"a": [1, null]}');
    await start(page).click();
    await page.waitForURL(RUN);
    const run = RUN.exec(page.url())?.[1] ?? '';
    const { json } = await web.api('viewer', `GET ${APP}/pipelines/${id}/runs/${run}`);
    expect(json.inputs).toMatchObject({
      version: 'v7',
      environment: 'staging',
      replicas: 2,
      verify: false,
      labels: { a: [1, null] },
    });
    expect(JSON.stringify(json.inputs)).not.toContain('secret-of-mine');
    await page.goBack();
    await page.goBack();
    await page
      .getByRole('table', { name: `Runs of ${id}` })
      .getByRole('link', { name: /^Run …/ })
      .waitFor();
  });

  test('starts once, however often one clicks, and once when the answer was lost', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('once'));
    const page = await web.open('developer', `${APP}/pipelines/${id}/run`);
    await field(page, 'version').fill('v1');
    await start(page).dblclick();
    await page.waitForURL(RUN);
    expect(await runsOf(id)).toHaveLength(1);
    await page.goto(`${web.url}/ui${APP}/pipelines/${id}/run`);
    await field(page, 'version').fill('v2');
    let lost = 0;
    await page.route(`**/pipelines/${id}/runs`, async route => {
      lost += 1;
      if (lost > 1) return route.continue();
      await route.fetch(); // the server has started it
      return route.fulfill({ status: 504, body: 'gateway timeout' });
    });
    await start(page).click();
    await page.getByRole('alert').filter({ hasText: 'The run was not started' }).waitFor();
    await start(page).click();
    await page.waitForURL(RUN);
    expect(await runsOf(id)).toHaveLength(2);
  });

  test('a pipeline without inputs starts as it is, by the keyboard alone', async () => {
    const id = await addPipeline(
      web,
      'id: bare\nname: Bare\non: { pipeline_call: {} }\njobs: { a: { steps: [{ uses: actions/humanitec/log@v1, with: { message: x } }] } }\n',
    );
    const page = await web.open('developer', `${APP}/pipelines/${id}`);
    await page.getByRole('link', { name: 'Start the first run' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('takes no inputs').waitFor();
    await page.getByRole('button', { name: 'Show the plan' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What this run would do' }).waitFor();
    await start(page).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(RUN);
  });

  test('a viewer may fill it in, and reads why it starts nothing', async () => {
    await pipelines(web);
    const page = await web.open('viewer', `${APP}/pipelines/deploy-service/run`);
    await page.getByText('it needs ‘runs.start’ in the app ‘hello’').waitFor();
    for (const name of ['Show the plan', 'Start the run']) {
      expect(await page.getByRole('button', { name }).getAttribute('aria-disabled')).toBe('true');
    }
    await field(page, 'version').fill('v1');
    const before = await runsOf('deploy-service');
    await start(page).click({ force: true });
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'curl command that starts the run' }).getByText('"version":"v1"').waitFor();
    expect(await runsOf('deploy-service')).toHaveLength(before.length);
  });

  test('rights that cannot be read are no refusal, and what is in the form stays while they are read again', async () => {
    await pipelines(web);
    const page = await web.open('developer', '/me');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/orgs/demo/users/*/perms*', async route => {
      await held;
      return route.continue();
    });
    const { tryAgain } = await outage(page, '**/orgs/demo/users/*/perms*');
    await page.goto(`${web.url}/ui${APP}/pipelines/deploy-service/run`);
    const alert = page.getByRole('alert').filter({ hasText: 'Your rights could not be read' });
    await alert.waitFor();
    expect(await page.getByText('it needs ‘').count()).toBe(0);
    await field(page, 'version').fill('v77');
    await tryAgain(alert);
    await alert.waitFor({ state: 'detached' });
    expect(await field(page, 'version').inputValue()).toBe('v77');
    release();
    await expect.poll(() => start(page).getAttribute('aria-disabled')).toBe(null);
  });

  test('a role that was lost meanwhile: the server’s refusal is shown', async () => {
    await pipelines(web);
    const page = await web.open('developer', `${APP}/pipelines/deploy-service/run`);
    await page.route('**/pipelines/deploy-service/runs*', route =>
      route.fulfill({ status: 403, json: { error: 'FORBIDDEN', message: 'You need `runs.start`.' } }),
    );
    await field(page, 'version').fill('v1');
    await start(page).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'The run was not started' })
      .getByText('You need `runs.start`.')
      .waitFor();
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByRole('alert').filter({ hasText: 'The plan could not be made' }).waitFor();
  });

  test('begins with the inputs of an earlier run, but for its secrets', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('again'));
    const run = await addRun(web, id, { version: 'v5', replicas: 7, token: 'secret-of-mine' });
    const page = await web.open('developer', `${APP}/pipelines/${id}/run?from=${run}`);
    await page.getByText(`These are the inputs of Run …${run.slice(-8)}; secrets are to be given again.`).waitFor();
    await expect.poll(() => field(page, 'version').inputValue()).toBe('v5');
    await expect.poll(() => field(page, 'replicas').inputValue()).toBe('7');
    expect(await field(page, 'token').inputValue()).toBe('');
  });
});

describe('the plan', () => {
  test('says what would happen, and starts nothing', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('planned'));
    const page = await web.open('developer', `${APP}/pipelines/${id}/run`);
    await field(page, 'version').fill('v3');
    await field(page, 'token').fill('secret-of-mine');
    // Enter in a field is the plan and not the start.
    await page.keyboard.press('Enter');
    const plan = page.getByRole('region', { name: 'The plan' });
    await plan.waitFor();
    const text = await plan.innerText();
    expect(text).toMatch(/Acts as\s+You/);
    expect(text).toMatch(/Begins\s+At once/);
    expect(text).toMatch(/environment\s+development/);
    expect(text).not.toContain('secret-of-mine');
    await expect
      .poll(() => plan.getByRole('listitem').allInnerTexts())
      .toEqual([
        expect.stringMatching(/deploy\s+begins at once/),
        expect.stringMatching(/Verify that it answers\s+verify\s+after deploy/),
      ]);
    const row = plan.getByRole('row').filter({ hasText: 'runs.start' });
    await expect.poll(() => row.innerText()).toMatch(/You, to start it[\s\S]*Held[\s\S]*developer of app 'hello'/);
    expect(await runsOf(id)).toHaveLength(0);
    // With other inputs it would be another plan.
    await field(page, 'version').fill('v4');
    await plan.waitFor({ state: 'detached' });
  });

  test.each([
    ['made', { status: 200 }],
    ['refused', { status: 403, json: { error: 'FORBIDDEN', message: 'You need `runs.start`.' } }],
  ])('one that is %s late, of other inputs, is not shown, and takes the focus from nobody', async (how, answer) => {
    const id = await addPipeline(web, INPUTS_DEFINITION(`plan-${how}-late`));
    const page = await web.open('developer', `${APP}/pipelines/${id}/run`);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(
      PLAN,
      async route => {
        await held;
        await (answer.status === 200 ? route.continue() : route.fulfill(answer));
      },
      { times: 1 },
    );
    await field(page, 'version').fill('v1');
    const late = page.waitForResponse(PLAN);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show the plan' }).and(page.locator('[aria-busy]')).waitFor();
    await field(page, 'version').fill('v2');
    release();
    await (await late).finished();
    await drawn(page);
    expect(await page.getByRole('region', { name: 'The plan' }).count()).toBe(0);
    expect(await page.getByText('The plan could not be made').count()).toBe(0);
    expect(await hasFocus(field(page, 'version'))).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'The plan' }).getByText('v2').waitFor();
  });

  test('that is being made keeps nobody from starting', async () => {
    const id = await addPipeline(web, INPUTS_DEFINITION('plan-held'));
    const page = await web.open('developer', `${APP}/pipelines/${id}/run`);
    await page.route(PLAN, () => undefined);
    await field(page, 'version').fill('v1');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show the plan' }).and(page.locator('[aria-busy]')).waitFor();
    await start(page).click();
    await page.waitForURL(RUN);
    expect(await runsOf(id)).toHaveLength(1);
  });

  test('names the place in the queue', async () => {
    const id = await addPipeline(
      web,
      'id: in-turn\nname: In turn\non: { pipeline_call: {} }\nconcurrency: { group: one-by-one }\njobs: { a: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 3600 } }] } }\n',
    );
    const first = await addRun(web, id, {}, 'started');
    await expect
      .poll(async () => (await web.api('viewer', `GET ${APP}/pipelines/${id}/runs/${first}`)).json.status)
      .toBe('executing');
    const page = await web.open('developer', `${APP}/pipelines/${id}/run`);
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByText('place 1 in the queue').waitFor();
    await page.getByText('1 run executes now').waitFor();
  });
});

test('the curl command does what the form does, and holds neither token nor secret', async () => {
  await pipelines(web);
  const page = await web.open('developer', `${APP}/pipelines/deploy-service/run`);
  await field(page, 'version').fill("v1'; rm -rf /");
  await field(page, 'token').fill('secret-of-mine');
  const command = page.getByRole('region', { name: 'curl command that starts the run' });
  await command.getByText('"token":env.PIPECALL_INPUT_TOKEN').waitFor();
  const text = await command.innerText();
  expect(text).toContain(`${web.url}${APP}/pipelines/deploy-service/runs`);
  expect(text).not.toContain('secret-of-mine');
  expect(text).not.toContain(web.tokens.developer);
  await page.getByRole('button', { name: 'Copy: curl command that starts the run' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text.trim());
});

test('with an empty form both say what is to be written where', async () => {
  const id = await addPipeline(
    web,
    INPUTS_DEFINITION('nothing-given').replace(
      'For the registry., secret: true',
      'For the registry., secret: true, required: true',
    ),
  );
  const page = await web.open('developer', `${APP}/pipelines/${id}/run`);
  const cli = page.getByRole('region', { name: 'Pipecall command that starts the run' });
  const curl = page.getByRole('region', { name: 'curl command that starts the run' });
  await cli.getByText("--input 'version=<version>'").waitFor();
  await cli.getByText('--secret-input token').waitFor();
  await curl.getByText('"version":"<version>"').waitFor();
  await curl.getByText('"token":env.PIPECALL_INPUT_TOKEN').waitFor();
  await page.getByText('Required and not filled in yet: write it in the place of <version>.').waitFor();
  await field(page, 'version').fill('v1');
  await cli.getByText('--input version=v1').waitFor();
  await page.getByText('Required and not filled in yet').waitFor({ state: 'detached' });
});

test('where a field holds what is no value, both say what is to be written there', async () => {
  await pipelines(web);
  const page = await web.open('developer', `${APP}/pipelines/deploy-service/run`);
  const cli = page.getByRole('region', { name: 'Pipecall command that starts the run' });
  const curl = page.getByRole('region', { name: 'curl command that starts the run' });
  await field(page, 'replicas').fill('abc');
  await cli.getByText("--input 'replicas=<replicas>'").waitFor();
  await curl.getByText('"replicas":<replicas>').waitFor();
  await page.getByText('Not valid yet: write it in the place of <replicas>.').waitFor();
  await field(page, 'replicas').fill('3');
  await curl.getByText('"replicas":3').waitFor();
  await page.getByText('Not valid yet').waitFor({ state: 'detached' });
});

test('two secrets whose variables would have one name are told apart', async () => {
  const id = await addPipeline(
    web,
    INPUTS_DEFINITION('two-secrets').replace(
      /^( *)token: .*$/m,
      (line, indent) =>
        `${line}\n${indent}api-key: { secret: true, required: true }\n${indent}api_key: { secret: true, required: true }`,
    ),
  );
  const page = await web.open('developer', `${APP}/pipelines/${id}/run`);
  const curl = page.getByRole('region', { name: 'curl command that starts the run' });
  await curl.getByText('"api-key":env.PIPECALL_INPUT_API_KEY,"api_key":env.PIPECALL_INPUT_API_KEY_2').waitFor();
  await page.getByText('One variable is taken for api-key, api_key: leave it unset where they differ.').waitFor();
});

test('so does the command of Pipecall, for a saved version too', async () => {
  await pipelines(web);
  const { json } = await web.api('viewer', `GET ${APP}/pipelines/deploy-service`);
  const page = await web.open('developer', `${APP}/pipelines/deploy-service/run?version=${json.version}`);
  await field(page, 'version').fill("v1'; rm -rf /");
  await field(page, 'token').fill('secret-of-mine');
  const command = page.getByRole('region', { name: 'Pipecall command that starts the run' });
  await command.getByText('--secret-input token').waitFor();
  const text = await command.innerText();
  expect(text.split(' \\\n').slice(0, 4)).toEqual([
    'npm run --silent pipecall -- run demo/hello/deploy-service',
    `  --url ${web.url}`,
    `  --version ${json.version}`,
    "  --input 'version=v1'\\''; rm -rf /'",
  ]);
  expect(text).not.toContain('secret-of-mine');
  expect(text).not.toContain(web.tokens.developer);
  await page.getByRole('button', { name: 'Copy: Pipecall command that starts the run' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text.trim());
});
