import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { drawn } from '../kit/browser/drawn.ts';
import type { Web } from '../kit/browser/open-web.ts';
import { useWeb } from '../kit/browser/use-web.ts';
import { PAGES } from './pages/index.ts';

/** Names of pages of test/web/pages that are looked at while they load. */
const LOADING = [
  'pipelines',
  'pipeline',
  'pipeline-never-ran',
  'pipeline-definition',
  'pipeline-inputs',
  'pipeline-new',
  'pipeline-edit-begins',
  'pipeline-run',
  'run-failed',
  'run-60-jobs-over',
  'run-waiting',
  'run-queued',
  'run-cancelled',
  'approvals',
  'approval',
  'runs',
  'approval-denied',
  'home',
  'me',
  'access-roles',
  'service-users',
  'service-user',
  'values',
  'audit',
] as const;

/** Sum of all shifts. Google calls 0.1 good for the worst five seconds of a visit; here it is all of them together. */
const MOST = 0.02;

const web = useWeb();

test.each(LOADING.flatMap(name => [360, 1_280].map(width => ({ name, width }))))(
  'nothing shifts while the page $name loads at $width pixels',
  async ({ name, width }) => {
    const { score, shifts } = await shiftsOf(web, name, width);
    expect(score, shifts.join('\n')).toBeLessThan(MOST);
  },
);

type Shift = { readonly value: number; readonly what: string };

async function shiftsOf(
  of: Web,
  name: string,
  width: number,
): Promise<{ readonly score: number; readonly shifts: readonly string[] }> {
  const found = PAGES.find(one => one.name === name);
  if (found === undefined) throw new Error(`test/web/pages has no page named ${name}`);
  const address = await found.prepare(of);
  // The window is opened elsewhere first: from here on everything the page asks for is held.
  const page = await of.open(found.as, '/me', { width });
  await page.getByRole('heading', { level: 1 }).waitFor();
  // What that page still reads would be held too, and never drawn; this one reads nothing.
  await page.goto(`${of.url}/healthz`);
  await page.addInitScript(PATIENT);
  await page.addInitScript(WATCH);
  const allAnswered = await answerOneByOne(page);
  await page.goto(`${of.url}/ui${address}`);
  await found.ready(page);
  await allAnswered();
  const shifts = await page.evaluate<readonly Shift[]>('window.shifts()');
  return {
    score: shifts.reduce((sum, { value }) => sum + value, 0),
    shifts: shifts.map(({ value, what }) => `${value.toFixed(4)} ${what}`),
  };
}

/** Answers come one after another, and each is drawn before the next one: the order, and so the score, is always the same. */
async function answerOneByOne(page: Page): Promise<() => Promise<unknown>> {
  let last: Promise<unknown> = Promise.resolve();
  await page.route(
    url => !url.pathname.startsWith('/ui'),
    route => {
      last = last.then(async () => {
        await route.fulfill({ response: await route.fetch() });
        await drawn(page);
      });
      return last;
    },
  );
  return async () => {
    for (let seen: Promise<unknown> | undefined; seen !== last; ) {
      seen = last;
      await seen;
    }
  };
}

/** On a slow machine, too, nothing is shown before what belongs above it is there (run-page.tsx, ui/in-order.tsx): it is not given up. */
const PATIENT = `
  const later = window.setTimeout;
  window.setTimeout = (act, wait, ...rest) => later(act, wait >= 3_000 ? 2 ** 31 - 1 : wait, ...rest);
`;

/** Keeps every shift that no input of the person explains, and what moved in it. */
const WATCH = `
  const kept = [];
  const keep = entries => {
    for (const entry of entries) {
      if (entry.hadRecentInput) continue;
      const what = entry.sources.map(({ node, previousRect: a, currentRect: b }) =>
        (node?.nodeName ?? 'gone') + ' ' + JSON.stringify((node?.textContent ?? '').slice(0, 40)) +
        ' from ' + [a.x, a.y, a.width, a.height].map(Math.round) + ' to ' + [b.x, b.y, b.width, b.height].map(Math.round));
      kept.push({ value: entry.value, what: what.join('; ') });
    }
  };
  const observer = new PerformanceObserver(list => keep(list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  window.shifts = () => { keep(observer.takeRecords()); return kept; };
`;
