import type { Page, Route } from 'playwright-core';
import type { Web } from '../../kit/browser/open-web.ts';
import type { WebPage } from './page.ts';
import { APP, addPipeline, addRun, oncePerServer, wideRun } from './seed.ts';

const LONG =
  'A description that is as long as people write them when they explain in full what an input is for, which values make sense and what happens with them afterwards';

/** With every kind of input that a form can ask for. */
export const INPUTS_DEFINITION = (id: string): string => `id: ${id}
name: Deploy a service
metadata: { team: payments, tier: "1" }
on:
  pipeline_call:
    inputs:
      version: { type: string, required: true, description: The version to deploy., pattern: "^v[0-9]+$" }
      environment: { type: string, description: Where to., enum: [development, staging, production], default: development }
      replicas: { type: integer, description: "${LONG}.", minimum: 1, maximum: 20, default: 2 }
      verify: { type: boolean, description: Checks the health afterwards., default: true }
      token: { type: string, description: For the registry., secret: true }
      labels: { type: object, description: Any labels. }
jobs:
  deploy:
    steps:
      - uses: actions/humanitec/log@v1
        with:
          message: deploys \${{ inputs.version }} to \${{ inputs.environment }}
  verify:
    name: Verify that it answers
    needs: [deploy]
    steps:
      - uses: actions/humanitec/log@v1
        with:
          message: verifies
`;

const FAILS = `id: nightly-clean-up
name: Nightly clean-up
on:
  pipeline_call:
    inputs:
      url: { type: string, default: "http://127.0.0.1:9/" }
jobs:
  fetch:
    steps:
      - uses: actions/humanitec/http@v1
        with: { url: "\${{ inputs.url }}" }
`;

/** One with inputs, two versions and two runs; one that fails; one with 60 jobs. */
export const pipelines = oncePerServer(async web => {
  const id = await addPipeline(web, INPUTS_DEFINITION('deploy-service'));
  await addRun(web, id, { version: 'v1' });
  const changed = INPUTS_DEFINITION(id)
    .replace('verifies', 'verifies that it answers')
    .replace('The version', 'The tag');
  await web.api('owner', `PATCH ${APP}/pipelines/${id}`, changed);
  await addRun(web, id, { version: 'v2', replicas: 4 });
  await addRun(web, await addPipeline(web, FAILS));
  await wideRun(web);
  return id;
});

const part = (name: string) => async (web: Web) => `${APP}/pipelines/${await pipelines(web)}${name}`;

const emptyApp = oncePerServer(async web => {
  await web.api('admin', 'POST /orgs/demo/apps', { id: 'nothing-here', name: 'Nothing here' });
  return '/orgs/demo/apps/nothing-here';
});

const editor = (page: Page) => page.getByRole('textbox', { name: /^Definition/ });

/** Whether each line number stands beside its line. */
const linesAreMeasured = (): boolean => {
  const roots = [...document.querySelectorAll('*')].flatMap(element => element.shadowRoot ?? []);
  const heightOf = (root: ShadowRoot, part: string) => root.querySelector(part)?.getBoundingClientRect().height ?? 0;
  return (
    roots.length > 0 &&
    roots.every(root => {
      const line = heightOf(root, '.cm-line');
      const number = heightOf(root, '.cm-lineNumbers .cm-gutterElement:nth-child(2)');
      return line > 0 && Math.abs(line - number) < 1;
    })
  );
};

export const pipelinesPages: readonly WebPage[] = [
  {
    name: 'pipelines',
    as: 'owner',
    prepare: async web => {
      await pipelines(web);
      return `${APP}/pipelines`;
    },
    ready: async page => {
      await page.getByRole('list', { name: 'Last runs, the newest last' }).first().waitFor();
    },
  },
  {
    name: 'pipelines-none-found',
    as: 'viewer',
    prepare: () => `${APP}/pipelines`,
    ready: async page => {
      await page.getByRole('searchbox', { name: 'Search pipelines' }).fill('no such thing');
      await page.getByRole('heading', { name: 'No pipeline matches' }).waitFor();
    },
  },
  {
    name: 'pipelines-empty',
    as: 'admin',
    prepare: async web => `${await emptyApp(web)}/pipelines`,
    ready: page => page.getByRole('link', { name: 'Make the first pipeline' }).waitFor(),
  },
  {
    name: 'pipeline',
    as: 'developer',
    prepare: part(''),
    ready: page => page.getByRole('table', { name: 'Runs of deploy-service' }).waitFor(),
  },
  {
    name: 'pipeline-never-ran',
    as: 'developer',
    prepare: oncePerServer(async web => `${APP}/pipelines/${await addPipeline(web, INPUTS_DEFINITION('never-ran'))}`),
    ready: page => page.getByRole('link', { name: 'Start the first run' }).waitFor(),
  },
  {
    name: 'pipeline-definition',
    as: 'viewer',
    prepare: part('/definition?line=6'),
    ready: page => editor(page).waitFor(),
  },
  {
    name: 'pipeline-versions',
    as: 'owner',
    prepare: part('/versions'),
    // The diff is below what one sees at first, and an editor measures its lines when they come into sight.
    ready: async page => {
      await page.getByRole('region', { name: /^Changes from/ }).scrollIntoViewIfNeeded();
      await page.waitForFunction(linesAreMeasured);
    },
  },
  {
    name: 'pipeline-inputs',
    as: 'viewer',
    prepare: part('/inputs'),
    ready: page => page.getByRole('table', { name: 'Inputs of deploy-service' }).waitFor(),
  },
  {
    name: 'pipeline-gone',
    as: 'developer',
    prepare: () => `${APP}/pipelines/was-deleted`,
    ready: page => page.getByRole('link', { name: 'Runs of was-deleted' }).waitFor(),
  },
  {
    name: 'pipeline-delete',
    as: 'owner',
    prepare: part(''),
    ready: async page => {
      await page.route('**/pipelines/deploy-service', (route: Route) =>
        route.request().method() === 'DELETE'
          ? route.fulfill({
              status: 409,
              json: {
                error: 'PIPELINE_HAS_OPEN_RUNS',
                message:
                  'Run 019c3d5e-8a41-7c2b-9d10-6f2e4b7a9c05 of this pipeline is not over; wait for it or cancel it.',
              },
            })
          : route.continue(),
      );
      await page.getByRole('button', { name: 'More to do with the pipeline' }).click();
      await page.getByRole('menuitem', { name: 'Delete the pipeline' }).click();
      await page.getByRole('button', { name: 'Delete the pipeline' }).click();
      await page.getByRole('link', { name: 'Show the open runs' }).waitFor();
      await page.locator('button[aria-busy=true]').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'pipeline-edit',
    as: 'owner',
    prepare: part('/edit'),
    ready: async page => {
      await editor(page).click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('wrong: true');
      // Away from the text, which is explained wherever the mouse rests.
      await page.mouse.move(0, 0);
      await page.getByRole('region', { name: 'Problems' }).waitFor();
    },
  },
  {
    name: 'pipeline-edit-begins',
    as: 'owner',
    prepare: part('/edit'),
    ready: page => page.getByText('Nothing is wrong with it').waitFor(),
  },
  {
    name: 'pipeline-overtaken',
    as: 'owner',
    prepare: part('/edit'),
    ready: async page => {
      await page.route('**/pipelines/deploy-service?dry_run=true', route =>
        route.fulfill({ status: 412, json: { error: 'ETAG_MISMATCH', message: 'The object is another one.' } }),
      );
      await editor(page).click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('# mine\n');
      await page.mouse.move(0, 0);
      await page.getByRole('button', { name: 'Save mine over theirs' }).waitFor();
      await page.getByText('It was saved meanwhile').waitFor();
    },
  },
  {
    name: 'pipeline-new',
    as: 'owner',
    prepare: () => `${APP}/new-pipeline`,
    ready: page => page.getByText('Nothing is wrong with it').waitFor(),
  },
  {
    name: 'pipeline-run',
    as: 'developer',
    prepare: part('/run'),
    ready: page => page.getByRole('button', { name: 'Start the run' }).waitFor(),
  },
  {
    name: 'pipeline-run-wrong',
    as: 'developer',
    prepare: part('/run'),
    ready: async page => {
      await page.getByRole('textbox', { name: /^replicas/ }).fill('99');
      await page.getByRole('button', { name: 'Start the run' }).click();
      await page.getByText('is required').first().waitFor();
    },
  },
  {
    name: 'pipeline-plan',
    as: 'developer',
    prepare: part('/run'),
    ready: async page => {
      await page.getByRole('textbox', { name: /^version/ }).fill('v3');
      await page.getByRole('textbox', { name: /^token/ }).fill('do not show me');
      await page.getByRole('button', { name: 'Show the plan' }).click();
      await page.getByRole('heading', { name: 'What this run would do' }).waitFor();
    },
  },
  {
    name: 'runs',
    as: 'owner',
    prepare: async web => {
      await pipelines(web);
      return `${APP}/runs`;
    },
    ready: page => page.getByRole('table', { name: 'Runs of hello' }).waitFor(),
  },
  {
    name: 'runs-empty',
    as: 'admin',
    prepare: async web => `${await emptyApp(web)}/runs`,
    ready: page => page.getByRole('link', { name: 'Choose a pipeline' }).waitFor(),
  },
];
