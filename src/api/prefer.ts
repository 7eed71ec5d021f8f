import { executionName } from '../run/execution-of.ts';
import { getRun, type RunRecord } from '../store/runs.ts';
import type { ApiDependencies } from './operation.ts';

/** Seconds that an answer may be held back; API Gateway gives up after 30. */
const LONGEST_WAIT = 25;

/** Milliseconds after which the run is looked at again for changes that no port tells of. */
const LOOK_EVERY = 1_000;

/** Milliseconds of rest after a look that found nothing, so that false hints cannot make it spin. */
const REST = 100;

/**
 * `Prefer: wait=N` (https://www.rfc-editor.org/rfc/rfc7240#section-4.3). Undefined: the request has none, or one that
 * makes no sense; such a preference is to be ignored.
 */
export function secondsToWait(prefer: string | undefined): number | undefined {
  const wait = prefer?.split(/[,;]/).find(preference => preference.trim().toLowerCase().startsWith('wait='));
  const seconds = /^\s*wait="?(\d{1,6})"?\s*$/i.exec(wait ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), LONGEST_WAIT);
}

/** Reads the run again until `enough` holds or the seconds are over; answers it as it was last. */
export async function waitForRun(
  { table, executions, clock }: Pick<ApiDependencies, 'table' | 'executions' | 'clock'>,
  first: RunRecord,
  seconds: number,
  enough: (run: RunRecord) => boolean | Promise<boolean>,
): Promise<RunRecord> {
  const end = clock.now() + seconds * 1_000;
  let run = first;
  for (let left = end - clock.now(); left > 0; left = end - clock.now()) {
    await executions.ended(executionName(run), Math.min(left, LOOK_EVERY));
    run = (await getRun(table, run)) ?? run;
    if (await enough(run)) break;
    await clock.sleep(Math.max(0, Math.min(REST, end - clock.now())));
  }
  return run;
}
