import { readFileSync } from 'node:fs';

/** The state machine that is deployed, with names for the ARNs of its functions. */
export const PIPELINE_RUN: string = readFileSync(new URL('../../infra/pipeline-run.asl.json', import.meta.url), 'utf8')
  .replaceAll(/\$\{RunJobsArn\}/g, 'run-jobs')
  .replaceAll(/\$\{ParkRunArn\}/g, 'park-run');
