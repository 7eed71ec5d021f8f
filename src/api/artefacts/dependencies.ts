import type { ApiDependencies } from '../operation.ts';
import type { StartDependencies } from '../start-run.ts';

/** What it takes to start runs for artefacts: in the API, in a worker whose run ended, and in `reconcile`. */
export type ArtefactDependencies = StartDependencies & Pick<ApiDependencies, 'definitions'>;

const SECONDS_PER_DAY = 86_400;
/** Beyond the retention of runs: an artefact waits at most as long as a run may take. */
const WAITING_DAYS = 60;

/** Seconds since the epoch: what tells that an artefact was pushed, or taken, is kept until then. */
export const keptUntil = (now: number, retentionDays: number): number =>
  Math.ceil(now / 1_000) + (retentionDays + WAITING_DAYS) * SECONDS_PER_DAY;
