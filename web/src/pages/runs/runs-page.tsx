import { History } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { useApiList } from '../../api/api.ts';
import { pathTo, usePlace } from '../../app/place.ts';
import { searchNow } from '../../app/search-now.ts';
import { Button, Empty, ErrorPanel, LinkButton, LoadingRows, LoadMore, PageHeader, Select } from '../../ui/index.ts';
import styles from './runs.module.css';
import { RunsTable } from './runs-table.tsx';
import { STATUS_FILTERS, statusFilter } from './status-filters.ts';

/** All runs of an app, the newest first. The filters are in the address: a list can be linked to. */
export function RunsPage() {
  const place = usePlace();
  const [search, setSearch] = useSearchParams();
  const { value: status, query } = statusFilter(search.get('status'));
  const pipeline = search.get('pipeline') ?? '';
  const runs = useApiList('listRunsInOrg', {
    params: { org: place.org },
    query: { app: [place.app], ...query, ...(pipeline === '' ? {} : { pipeline: [pipeline] }) },
    every: 5_000,
  });
  const filter = (name: string, value: string): void => {
    const next = searchNow();
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  const filtered = status !== '' || pipeline !== '';
  return (
    <>
      <PageHeader title="Runs" />
      <div className={styles.filters}>
        <Select
          label="Status"
          required
          options={STATUS_FILTERS}
          value={status}
          onText={value => filter('status', value)}
        />
        <PipelineFilter value={pipeline} onText={value => filter('pipeline', value)} />
      </div>
      {runs.error === undefined ? null : (
        <ErrorPanel title="The runs could not be read" error={runs.error} again={runs.again} />
      )}
      {runs.pending ? <LoadingRows rows={8} label="Loading the runs" /> : null}
      {runs.items?.length === 0 && filtered ? (
        <Empty
          title="No run is like that"
          icon={History}
          action={<Button onClick={() => setSearch({}, { replace: true })}>Show all runs</Button>}
        >
          <p>No run of this app has this status and is of this pipeline.</p>
        </Empty>
      ) : null}
      {runs.items?.length === 0 && !filtered ? (
        <Empty
          title="Nothing has run yet"
          icon={History}
          action={<LinkButton to={pathTo.pipelines(place)}>Choose a pipeline</LinkButton>}
        >
          <p>Start a pipeline: its run is listed here, with what became of it.</p>
        </Empty>
      ) : null}
      {runs.items === undefined || runs.items.length === 0 ? null : (
        <RunsTable label={`Runs of ${place.app}`} runs={runs.items} of="app" />
      )}
      <LoadMore more={runs.more} busy={runs.loadingMore} />
    </>
  );
}

/** The pipelines there are; also the one of the address when it was deleted, for its runs are kept. */
function PipelineFilter({ value, onText }: { readonly value: string; readonly onText: (value: string) => void }) {
  const pipelines = useApiList('listPipelines', { params: usePlace(), query: { per_page: 100 } });
  const known = pipelines.items ?? [];
  const gone = value !== '' && !known.some(pipeline => pipeline.id === value) ? [{ value, label: value }] : [];
  return (
    <Select
      label="Pipeline"
      required
      options={[
        { value: '', label: 'All pipelines' },
        ...known.map(pipeline => ({ value: pipeline.id, label: pipeline.id })),
        ...gone,
      ]}
      value={value}
      onText={onText}
    />
  );
}
