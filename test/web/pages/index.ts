import { accessPages } from './access.ts';
import { approvalsPages } from './approvals.ts';
import { basePages } from './base.ts';
import type { WebPage } from './page.ts';
import { pipelinesPages } from './pipelines.ts';
import { runPages } from './run.ts';
import { runsPages } from './runs.ts';

/** The pages of `test/web/pages-<area>.test.ts`: files of their own, so that one core does not do the work of all. */
export const AREAS = {
  access: [...basePages, ...accessPages],
  pipelines: pipelinesPages,
  runs: [...runsPages, ...runPages, ...approvalsPages],
} as const satisfies Readonly<Record<string, readonly WebPage[]>>;

/** Every page of the UI in the states that look different. */
export const PAGES: readonly WebPage[] = Object.values(AREAS).flat();
