import { useApi } from '../../api/api.ts';
import type { PipelineRun } from '../../api/types.ts';
import { type Place, pathTo } from '../../app/place.ts';
import type { StripRun } from '../../ui/index.ts';

/** How many runs a strip shows. */
export const STRIP_PLACES = 10;

/** One request for the runs of all pipelines of a list. */
const PAGE = 100;

export type AppRuns = {
  /** The newest ones of the app. */
  readonly runs: readonly PipelineRun[] | undefined;
  /** There are no older ones. */
  readonly complete: boolean;
};

export function useAppRuns({ org, app }: Place): AppRuns {
  const { data } = useApi('listRunsInOrg', {
    params: { org },
    query: { app: [app], per_page: PAGE },
    every: 5_000,
  });
  return { runs: data, complete: data !== undefined && data.length < PAGE };
}

/**
 * The last runs of one pipeline. They are among the newest of the app, as a rule; only a pipeline that ran seldom while others ran
 * often is asked for by itself.
 */
export function useLastRuns(
  place: Place,
  pipeline: string,
  { runs, complete }: AppRuns,
): readonly StripRun[] | undefined {
  const newest = (runs ?? []).filter(run => run.pipeline_id === pipeline);
  const enabled = runs !== undefined && !complete && newest.length < STRIP_PLACES;
  const own = useApi('listRuns', { params: { ...place, pipeline }, query: { per_page: STRIP_PLACES }, enabled });
  if (runs === undefined || (enabled && own.pending)) return undefined;
  const known = new Set(newest.map(run => run.id));
  const all = [...newest, ...(own.data ?? []).filter(run => !known.has(run.id))];
  return all.slice(0, STRIP_PLACES).map(run => ({
    id: run.id,
    status: run.status,
    at: run.created_at,
    to: pathTo.run(place, pipeline, run.id),
  }));
}
