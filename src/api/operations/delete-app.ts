import { beginToDeleteApp, buryApp, stateOfApp } from '../../store/apps.ts';
import { clearPartition, clearRoles } from '../../store/clear.ts';
import {
  type AppPath,
  criteriaOf,
  environmentsOfApp,
  refusedStartsOf,
  valuesOfApp,
  webhooksOfApp,
} from '../../store/keys.ts';
import { deletePipeline, listPipelinesNow } from '../../store/pipelines.ts';
import { anyOpenRun, listRunsOfPipeline } from '../../store/run-lists.ts';
import { isOver } from '../../store/runs.ts';
import { endVersions } from '../../store/versions.ts';
import { leavePipeline } from '../leave-pipeline.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { NO_CONTENT, NOT_FOUND, refuse } from '../reply.ts';

const SECONDS_PER_DAY = 86_400;

/**
 * Beyond the retention: a run takes at most 30 days, so one that began as the app went ends by then, and what expired is
 * swept a few days later.
 */
const DAYS_MORE = 35;

/**
 * First nobody finds the app any more, last it is said when its id is free: whatever comes in between can be repeated.
 * Records of its runs stay until they expire. Until then nobody gets the id, for a role on the app is a right on its runs.
 */
export const deleteApp =
  (dependencies: ApiDependencies): Operation<'deleteApp'> =>
  async ({ params }) => {
    const { table, clock, retentionDays } = dependencies;
    const path = { org: params.org, app: params.app };
    const state = await stateOfApp(table, path);
    if (state === undefined || typeof state === 'number') return NOT_FOUND;
    if (state === 'there') {
      const open = await findOpenRun(dependencies, path);
      if (open !== undefined) {
        return refuse('APP_NOT_EMPTY', `Run ${open} of this app is not over; wait for it or cancel it.`);
      }
      await beginToDeleteApp(table, path);
    }
    await deletePipelines(dependencies, path);
    // One that came while its pipeline went.
    await clearPartition(table, criteriaOf(path));
    await clearPartition(table, environmentsOfApp(path));
    await clearPartition(table, valuesOfApp(path));
    await clearPartition(table, refusedStartsOf(path));
    // What waits for them finds that they are gone.
    await clearPartition(table, webhooksOfApp(path));
    await clearRoles(table, { scope: 'app', ...path });
    const days = retentionDays + DAYS_MORE;
    await buryApp(table, path, clock.now() + days * SECONDS_PER_DAY * 1_000);
    return NO_CONTENT;
  };

/** Of each pipeline the newest runs are read from the table itself, for the index may not have them yet. */
async function findOpenRun({ table }: ApiDependencies, path: AppPath): Promise<string | undefined> {
  const found = await anyOpenRun(table, path);
  if (found !== undefined) return found;
  for await (const pipeline of listPipelinesNow(table, path)) {
    const { records } = await listRunsOfPipeline(table, pipeline, { limit: 10 });
    const open = records.find(run => !isOver(run.status));
    if (open !== undefined) return open.run;
  }
  return undefined;
}

async function deletePipelines({ table, clock, retentionDays }: ApiDependencies, path: AppPath): Promise<void> {
  // As when one pipeline is deleted: its runs read their version as long as they are kept, and a day more.
  const end = Math.ceil(clock.now() / 1_000) + (retentionDays + 1) * SECONDS_PER_DAY;
  for await (const pipeline of listPipelinesNow(table, path)) {
    if (!(await deletePipeline(table, pipeline))) {
      throw new Error(`pipeline ${pipeline.pipeline} of an app that is being deleted was changed; repeat the deletion`);
    }
    await endVersions(table, pipeline, end);
    await leavePipeline(table, pipeline);
  }
}
