import { Play, Plus, Workflow } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useApiList } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { Pipeline } from '../../api/types.ts';
import { type Place, pathTo, usePlace } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { inertText } from '../../parts/inert-text/read-ansi.ts';
import {
  Button,
  type Column,
  Empty,
  ErrorPanel,
  LinkButton,
  LoadingRows,
  LoadMore,
  PageHeader,
  SearchInput,
  Skeleton,
  StatusStrip,
  Table,
} from '../../ui/index.ts';
import styles from './pipelines.module.css';
import { Triggers } from './triggers.tsx';
import { type AppRuns, STRIP_PLACES, useAppRuns, useLastRuns } from './use-last-runs.ts';

/** The pipelines of an app: what became of their last runs, what starts them, and the way to start one. */
export function PipelinesPage() {
  const place = usePlace();
  const { can } = useRights(place);
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const pipelines = useApiList('listPipelines', { params: place, query: { per_page: 100 }, every: 15_000 });
  const runs = useAppRuns(place);
  const wanted = search.trim().toLowerCase();
  const found = (pipelines.items ?? []).filter(pipeline => wordsOf(pipeline).includes(wanted));
  const { more, loadingMore } = pipelines;
  // A search is over all of them, so all of them are read.
  useEffect(() => {
    if (wanted !== '' && !loadingMore) more?.();
  }, [wanted, more, loadingMore]);
  const none = pipelines.items?.length === 0;
  return (
    <>
      <PageHeader
        title="Pipelines"
        actions={
          <Button
            kind="primary"
            icon={Plus}
            allowed={can('pipelines.create')}
            onClick={() => void navigate(pathTo.newPipeline(place))}
          >
            New pipeline
          </Button>
        }
      />
      {pipelines.error === undefined ? null : (
        <ErrorPanel title="The pipelines could not be read" error={pipelines.error} again={pipelines.again} />
      )}
      {none ? (
        <NoPipelines place={place} mayCreate={can('pipelines.create').allowed} />
      ) : (
        <div className={styles.search}>
          <SearchInput label="Search pipelines" value={search} onText={setSearch} />
          <p role="status" className={styles.found}>
            {wanted === '' || pipelines.items === undefined ? '' : foundWords(found.length, more !== undefined)}
          </p>
        </div>
      )}
      {pipelines.pending ? <LoadingRows rows={6} label="Loading the pipelines" /> : null}
      {found.length === 0 ? null : (
        <Table
          label={`Pipelines of ${place.app}`}
          columns={columnsOf(place, runs)}
          rows={found}
          keyOf={pipeline => pipeline.id}
        />
      )}
      {!none && pipelines.items !== undefined && found.length === 0 && more === undefined ? (
        <Empty
          title="No pipeline matches"
          icon={Workflow}
          action={<Button onClick={() => setSearch('')}>Show all pipelines</Button>}
        >
          <p>Names, ids, triggers and metadata were searched.</p>
        </Empty>
      ) : null}
      {wanted === '' ? <LoadMore more={more} busy={loadingMore} /> : null}
    </>
  );
}

const wordsOf = ({ id, name, trigger_types, metadata }: Pipeline): string =>
  [id, name, ...trigger_types, ...Object.entries(metadata).flat()].join(' ').toLowerCase();

const foundWords = (count: number, isLoading: boolean): string =>
  `${count === 1 ? '1 pipeline' : `${count} pipelines`} found${isLoading ? ' so far' : ''}`;

function columnsOf(place: Place, runs: AppRuns): readonly Column<Pipeline>[] {
  return [
    {
      head: 'Pipeline',
      main: true,
      cell: ({ id, name }) => (
        <span className={styles.name}>
          <Link to={pathTo.pipeline(place, id)}>
            <InertText text={name} />
          </Link>
          <span className={styles.id}>{id}</span>
        </span>
      ),
    },
    { head: 'Last runs', cell: ({ id }) => <LastRuns place={place} pipeline={id} runs={runs} /> },
    { head: 'Starts', cell: ({ trigger_types: triggers }) => <Triggers triggers={triggers} /> },
    {
      head: 'Actions',
      headHidden: true,
      align: 'end',
      cell: ({ id, name, trigger_types: triggers }) =>
        triggers.includes('pipeline_call') ? (
          <LinkButton to={pathTo.ofPipeline(place, id, 'run')} icon={Play} size="s">
            Run<span className="sr-only"> {inertText(name)}</span>
          </LinkButton>
        ) : null,
    },
  ];
}

function LastRuns({
  place,
  pipeline,
  runs,
}: {
  readonly place: Place;
  readonly pipeline: string;
  readonly runs: AppRuns;
}) {
  const last = useLastRuns(place, pipeline, runs);
  // The strip's height, so that nothing moves when it comes.
  if (last === undefined) return <Skeleton height="1.5rem" />;
  return last.length === 0 ? (
    <span className={styles.never}>Has not run yet</span>
  ) : (
    <StatusStrip runs={last} places={STRIP_PLACES} />
  );
}

function NoPipelines({ place, mayCreate }: { readonly place: Place; readonly mayCreate: boolean }) {
  return (
    <Empty
      title="This app has no pipeline yet"
      icon={Workflow}
      action={
        mayCreate ? (
          <LinkButton kind="primary" icon={Plus} to={pathTo.newPipeline(place)}>
            Make the first pipeline
          </LinkButton>
        ) : undefined
      }
    >
      <p>
        A pipeline is a list of jobs, written as YAML, that somebody or something starts.{' '}
        {mayCreate ? 'A new one begins with an example that runs as it is.' : 'Ask an owner of this app to make one.'}
      </p>
    </Empty>
  );
}
