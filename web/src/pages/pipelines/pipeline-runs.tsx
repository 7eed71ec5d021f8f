import { History, Play } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { useApiList } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { Pipeline } from '../../api/types.ts';
import { type Place, pathTo } from '../../app/place.ts';
import { Button, Empty, ErrorPanel, LinkButton, LoadingRows, LoadMore, Select } from '../../ui/index.ts';
import { RunsTable } from '../runs/runs-table.tsx';
import { STATUS_FILTERS, statusFilter } from '../runs/status-filters.ts';
import styles from './pipeline.module.css';

/** The runs of one pipeline, the newest first. */
export function PipelineRuns({ place, pipeline }: { readonly place: Place; readonly pipeline: Pipeline }) {
  const { can } = useRights(place);
  const [search, setSearch] = useSearchParams();
  const { value, query } = statusFilter(search.get('status'));
  const runs = useApiList('listRuns', { params: { ...place, pipeline: pipeline.id }, query, every: 5_000 });
  const choose = (status: string): void => setSearch(status === '' ? {} : { status }, { replace: true });
  const mayStart = pipeline.trigger_types.includes('pipeline_call') && can('runs.start').allowed;
  if (runs.items?.length === 0 && value === '') {
    return (
      <Empty
        title="It has not run yet"
        icon={History}
        action={
          mayStart ? (
            <LinkButton kind="primary" icon={Play} to={pathTo.ofPipeline(place, pipeline.id, 'run')}>
              Start the first run
            </LinkButton>
          ) : undefined
        }
      >
        <p>{emptyWords(pipeline, mayStart)}</p>
      </Empty>
    );
  }
  return (
    <>
      <div className={styles.narrow}>
        <Select label="Status" required options={STATUS_FILTERS} value={value} onText={choose} />
      </div>
      {runs.error === undefined ? null : (
        <ErrorPanel title="The runs could not be read" error={runs.error} again={runs.again} />
      )}
      {runs.pending ? <LoadingRows rows={5} label="Loading the runs" /> : null}
      {runs.items?.length === 0 ? (
        <Empty
          title="No run is like that"
          icon={History}
          action={<Button onClick={() => choose('')}>Show all runs</Button>}
        >
          <p>No run of this pipeline has this status.</p>
        </Empty>
      ) : null}
      {runs.items === undefined || runs.items.length === 0 ? null : (
        <RunsTable label={`Runs of ${pipeline.id}`} runs={runs.items} of="pipeline" />
      )}
      <LoadMore more={runs.more} busy={runs.loadingMore} />
    </>
  );
}

function emptyWords({ trigger_types: triggers }: Pipeline, mayStart: boolean): string {
  if (mayStart) return 'You are asked for its inputs, and shown what it would do before it starts.';
  if (!triggers.includes('pipeline_call')) return 'Nobody starts it by hand: it waits for what its triggers name.';
  return 'Ask somebody with the role developer on this app to start it.';
}
