import { accessPages } from './access.ts';
import { approvalsPages } from './approvals.ts';
import { basePages } from './base.ts';
import type { WebPage } from './page.ts';
import { pipelinesPages } from './pipelines.ts';
import { runPages } from './run.ts';
import { runsPages } from './runs.ts';

/** Every page of the UI in the states that look different. */
export const PAGES: readonly WebPage[] = [
  ...basePages,
  ...pipelinesPages,
  ...runsPages,
  ...runPages,
  ...approvalsPages,
  ...accessPages,
];
