import type { Page } from 'playwright-core';
import type { Web } from '../../kit/browser/open-web.ts';
import type { WebPage } from './page.ts';
import { APP, addPipeline, addRun, oncePerServer, runIsOver, wideRun } from './seed.ts';

export const addressOf = (pipeline: string, run: string) => `${APP}/pipelines/${pipeline}/runs/${run}` as const;

/** A run that failed in its second job, with inputs of every kind, a long log, and jobs that were skipped because of it. */
const failedRun = oncePerServer(async web => {
  const pipeline = await addPipeline(
    web,
    `id: fails-half-way
name: Fails half-way
on:
  pipeline_call:
    inputs:
      service: { type: string, default: the-service-with-a-name-that-is-rather-long-for-a-service }
      replicas: { type: integer, default: 3 }
      settings: { type: object, default: { regions: [eu-west-1, us-east-1], canary: true, weight: 0.25 } }
      note: { type: string, default: "" }
      token: { type: string, secret: true }
jobs:
  build:
    name: Build the image
    outputs:
      image: registry.example.com/shop/web@sha256:0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e
    steps:
      - name: Compile
        uses: actions/humanitec/log@v1
        with: { message: "Compiled \${{ inputs.service }}." }
  test:
    name: Test it
    needs: build
    steps:
      - name: Set up
        uses: actions/humanitec/log@v1
        with: { message: "Three machines are ready.", level: debug }
      - name: Run the tests, all of them, on each machine
        uses: actions/humanitec/fail@v1
        with: { message: "12 of 340 tests failed; the first is: checkout › pays with a card › expected 200, got 502" }
      - name: Tidy up
        if: always()
        uses: actions/humanitec/log@v1
        with: { message: "Two machines could not be given back.", level: warning }
  lint:
    name: Lint
    needs: build
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: No problems. }
  deploy:
    name: Deploy to production
    needs: [test, lint]
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: never }
`,
  );
  return { pipeline, run: await addRun(web, pipeline, { token: 'not-for-anybody' }) };
});

/** A run that waits for somebody, for a time and for a callback. */
const waitingRun = oncePerServer(async web => {
  const pipeline = await addPipeline(
    web,
    `id: waits-for-all
name: Waits for all that one can wait for
timeout-minutes: 600
on:
  pipeline_call:
concurrency: one-at-a-time
jobs:
  ask:
    name: Ask for production
    steps:
      - name: May it go on?
        uses: actions/humanitec/approve@v1
        with: { environment: production, message: May it? }
  sleep:
    name: Wait for the night
    steps:
      - uses: actions/humanitec/sleep@v1
        with: { seconds: 30000 }
  called:
    name: Wait for the answer of another system, which has a name that is long
    steps:
      - uses: actions/pipecall/announce-callback@v1
        with: { timeout_minutes: 500 }
      - uses: actions/pipecall/callback@v1
  after:
    name: Deploy
    needs: [ask, sleep, called]
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: done }
`,
  );
  const run = await addRun(web, pipeline, {}, 'started');
  await allWait(web, pipeline, run, 3);
  return { pipeline, run };
});

async function allWait(web: Web, pipeline: string, run: string, count: number): Promise<void> {
  for (;;) {
    const { json } = await web.api('viewer', `GET ${addressOf(pipeline, run)}/jobs`);
    if (json.filter((job: { waiting_for?: string }) => job.waiting_for !== undefined).length === count) return;
    await new Promise(resolve => setTimeout(resolve, 50)); // between two looks, not for anything to have happened
  }
}

const queuedRun = oncePerServer(async web => {
  const { pipeline } = await waitingRun(web);
  return { pipeline, run: await addRun(web, pipeline, {}, 'started') };
});

/** 60 jobs: some are done, one failed, others wait or never began. */
const mixedRun = oncePerServer(async web => {
  const job = (index: number): string => {
    const before = index - 6;
    const needs = before < 0 ? '' : `    needs: [job-${before}, job-${index % 6 === 0 ? before + 5 : before - 1}]\n`;
    const name =
      index % 7 === 3
        ? `Job ${index} with a long name that says in full what it does to which of the many parts`
        : `Job ${index}`;
    const waits = index >= 18 && index % 6 === 1;
    const step =
      index === 21
        ? `      - uses: actions/humanitec/fail@v1
        with: { message: "The part 21 does not answer: the connection to parts.example.com was refused three times." }`
        : waits
          ? '      - uses: actions/humanitec/sleep@v1\n        with: { seconds: 30000 }'
          : `      - uses: actions/humanitec/log@v1\n        with: { message: this is job ${index} }`;
    return `  job-${index}:\n    name: ${name}\n${needs}    steps:\n${step}\n`;
  };
  const pipeline = await addPipeline(
    web,
    `id: sixty-jobs-in-all-states
name: A pipeline of 60 jobs, whose name is so long that it does not fit on one line of a telephone
timeout-minutes: 600
on:
  pipeline_call:
jobs:
${Array.from({ length: 60 }, (_, index) => job(index)).join('')}`,
  );
  const run = await addRun(web, pipeline, {}, 'started');
  await allWait(web, pipeline, run, 1);
  return { pipeline, run };
});

/** Names and messages that would like to be more than text. */
const hostileRun = oncePerServer(async web => {
  const pipeline = await addPipeline(
    web,
    `id: hostile-names
name: "<b>bold</b> <script>alert(1)</script>"
on:
  pipeline_call:
    inputs:
      text: { type: string, default: "<img src=x onerror=alert(1)> \\u202Etxt.exe" }
jobs:
  hostile:
    name: "<script>alert(1)</script> \\u202Egpj.exe \\e[31mred\\e[0m"
    steps:
      - name: "<img src=x onerror=alert(1)> \\u2066abc"
        uses: actions/humanitec/log@v1
        with: { message: "\\e[31mred\\e[0m <b>not bold</b> \\u202Eesrever \\e]8;;javascript:alert(1)\\a link" }
      - uses: actions/humanitec/fail@v1
        with: { message: "<script>alert(1)</script> \\u202Eesrever" }
`,
  );
  return { pipeline, run: await addRun(web, pipeline) };
});

const cancelledRun = oncePerServer(async web => {
  const pipeline = await addPipeline(
    web,
    `id: is-cancelled
name: Is cancelled
on:
  pipeline_call:
jobs:
  sleep:
    steps:
      - uses: actions/humanitec/sleep@v1
        with: { seconds: 3000 }
`,
  );
  const run = await addRun(web, pipeline, {}, 'started');
  await allWait(web, pipeline, run, 1);
  await web.api('developer', `POST ${addressOf(pipeline, run)}/cancel`);
  await runIsOver(web, pipeline, run);
  return { pipeline, run };
});

export const RUN_SEEDS = { failedRun, waitingRun, queuedRun, mixedRun, hostileRun, cancelledRun, wideRun };

type Seed = (web: Web) => Promise<{ readonly pipeline: string; readonly run: string }>;

const at =
  (seed: Seed, more = '') =>
  async (web: Web): Promise<string> => {
    const { pipeline, run } = await seed(web);
    return `${addressOf(pipeline, run)}${more}`;
  };

/** The graph finds its place a moment after the jobs are known, and draws its lines a moment after that. */
const graphIsThere = async (page: Page): Promise<void> => {
  await page.getByRole('region', { name: 'Jobs' }).locator('[aria-current=true]').waitFor();
  await page.evaluate(async () => {
    for (let frames = 0; frames < 10; frames += 1) await new Promise(requestAnimationFrame);
  });
};

export const runPages: readonly WebPage[] = [
  {
    name: 'run-failed',
    as: 'developer',
    prepare: at(failedRun),
    ready: async page => {
      await page.getByRole('region', { name: 'Why it failed' }).getByText('12 of 340').first().waitFor();
      await page.getByText('It wrote no lines').waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-job-with-log',
    as: 'viewer',
    prepare: at(failedRun, '/jobs/test?step=3'),
    ready: async page => {
      await page.getByRole('region', { name: 'Log of step 3' }).getByText('could not be given back').waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-waiting',
    as: 'deployer',
    prepare: at(waitingRun),
    ready: async page => {
      await page.getByRole('link', { name: 'See what to approve' }).waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-queued',
    as: 'viewer',
    prepare: at(queuedRun),
    ready: async page => {
      await page.getByText('Before it:').waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-60-jobs',
    as: 'developer',
    prepare: at(mixedRun),
    ready: async page => {
      await page.getByRole('region', { name: 'Why it failed' }).getByText('The part 21').first().waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-60-jobs-over',
    as: 'developer',
    prepare: at(wideRun, '/jobs/job-3'),
    ready: async page => {
      await page.getByRole('region', { name: 'Log of step 1' }).getByText('this is job 3').waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-hostile',
    as: 'developer',
    prepare: at(hostileRun),
    ready: async page => {
      await page.getByText('It wrote no lines').waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-cancelled',
    as: 'developer',
    prepare: at(cancelledRun),
    ready: async page => {
      await page.getByRole('heading', { name: 'It was cancelled' }).waitFor();
      await graphIsThere(page);
    },
  },
  {
    name: 'run-restart',
    as: 'developer',
    prepare: at(failedRun),
    ready: async page => {
      await page.getByRole('button', { name: 'Restart from what failed' }).click();
      await page.getByRole('alertdialog').getByText('Results that are kept').waitFor();
    },
  },
  {
    name: 'run-gone',
    as: 'viewer',
    prepare: () => addressOf('hello', '01900000-0000-7000-8000-000000000000'),
    ready: page => page.getByRole('heading', { name: 'There is no such run' }).waitFor(),
  },
];
