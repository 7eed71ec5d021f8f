import { useEffect, useMemo, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useApi } from '../../api/api.ts';
import type { ApiError } from '../../api/client.ts';
import type { PipelineJobPartial, PipelineRun } from '../../api/types.ts';
import { type Place, pathTo, useParam, usePlace } from '../../app/place.ts';
import type { GraphJob } from '../../parts/run-graph/graph-job.ts';
import { RunGraph } from '../../parts/run-graph/run-graph.tsx';
import {
  Button,
  Empty,
  ErrorPanel,
  LinkButton,
  LoadingRows,
  PageHeader,
  Section,
  StatusBadge,
} from '../../ui/index.ts';
import { JobPanel } from './job-panel.tsx';
import styles from './run.module.css';
import { RunActions } from './run-actions.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunFailure } from './run-failure.tsx';
import { runName } from './run-name.ts';
import { RunSkeleton } from './run-skeleton.tsx';
import { RunValues } from './run-values.tsx';
import { RunWaits } from './run-waits.tsx';
import { waitWords } from './wait-words.ts';
import { type Chosen, focusOf, isOver, isWhole, readKey } from './watch/run-state.ts';
import { useRun, type Watched } from './watch/use-run.ts';

/** One run, live: how it stands, why it failed or what it waits for, its jobs, steps and logs. */
export function RunPage() {
  const { org, app } = usePlace();
  const pipeline = useParam('pipeline');
  const run = useParam('run');
  // Another run is another page: nothing of the one before may be seen in it.
  return <Run key={[org, app, pipeline, run].join('/')} place={{ org, app }} pipeline={pipeline} id={run} />;
}

type Props = { readonly place: Place; readonly pipeline: string; readonly id: string };

function Run({ place, pipeline, id }: Props) {
  const chosen = useChosen();
  const watched = useRun({ ...place, pipeline, run: id }, chosen);
  const { run, error } = watched;
  const definition = useApi('getPipeline', { params: { ...place, pipeline } });
  const isLate = useIsLate();
  const crumbs = [
    { label: 'Pipelines', to: pathTo.pipelines(place) },
    // While its name is being read nothing stands there that would turn into it.
    ...(definition.pending && !isLate
      ? []
      : [{ label: definition.data?.name ?? pipeline, to: pathTo.pipeline(place, pipeline) }]),
  ];
  const isGone = error?.status === 404;
  const [shown, setShown] = useState(false);
  // All at once, so that nothing has to move for what comes later; from then on everything stays.
  if (!shown && ((isWhole(watched, chosen) && !definition.pending) || error !== undefined || isLate)) setShown(true);
  return (
    <>
      <PageHeader
        title={runName(id)}
        crumbs={crumbs}
        actions={run === undefined || !shown || isGone ? undefined : <RunActions run={run} watched={watched} />}
      >
        {run === undefined || !shown ? null : <RunStatus run={run} jobs={watched.jobs ?? []} />}
      </PageHeader>
      {isGone || (run === undefined && error !== undefined) ? (
        <NotThere place={place} pipeline={pipeline} watched={watched} />
      ) : run === undefined || !shown ? (
        <RunSkeleton />
      ) : (
        <Parts watched={watched} run={run} chosen={chosen} />
      )}
    </>
  );
}

/** Milliseconds in which a page is whole as a rule; after that one sees what there is of it, and places for the rest. */
const PATIENCE = 3_000;

function useIsLate(): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return isLate;
}

/** What is shown of the run is in the address: it can be sent to somebody. Steps are numbered from 1 there. */
function useChosen(): Chosen {
  const job = useParam('job');
  const [search] = useSearchParams();
  const step = Number(search.get('step') ?? Number.NaN);
  return { job: job === '' ? undefined : job, step: job !== '' && Number.isInteger(step) ? step - 1 : undefined };
}

function RunStatus({ run, jobs }: { readonly run: PipelineRun; readonly jobs: readonly PipelineJobPartial[] }) {
  if (isOver(run)) return <StatusBadge status={run.status} />;
  if (run.cancellation_requested_at !== undefined) return <StatusBadge status={run.status} text="Is being cancelled" />;
  const working = jobs.filter(({ status }) => status === 'executing');
  // It has begun, and nothing happens in it just now.
  if (working.length > 0 && working.every(job => job.waiting_for !== undefined))
    return <StatusBadge status="waiting" />;
  return <StatusBadge status={run.status} />;
}

function NotThere({ place, pipeline, watched }: Omit<Props, 'id'> & { readonly watched: Watched }) {
  if (watched.error === undefined) return null;
  if (watched.error.status !== 404) {
    return <ErrorPanel title="The run could not be read" error={watched.error} again={watched.again} />;
  }
  return (
    <Empty
      title="There is no such run"
      action={
        <LinkButton to={`${pathTo.runs(place)}?pipeline=${encodeURIComponent(pipeline)}`}>
          Runs of {pipeline}
        </LinkButton>
      }
    >
      <p>It was deleted, by somebody or because it was old, or its address is mistyped.</p>
    </Empty>
  );
}

type PartsProps = { readonly watched: Watched; readonly run: PipelineRun; readonly chosen: Chosen };

function Parts({ watched, run, chosen }: PartsProps) {
  const { jobs, failed, again } = watched;
  const jobsError = failed.get(readKey('jobs'));
  const error = watched.error ?? (jobs === undefined ? undefined : jobsError);
  return (
    <>
      {error === undefined ? null : <Stale error={error} again={again} />}
      <RunFailure watched={watched} />
      <RunWaits watched={watched} />
      <RunFacts run={run} />
      <Section title="Jobs">
        {jobs !== undefined ? (
          <Jobs watched={watched} run={run} jobs={jobs} chosen={chosen} />
        ) : jobsError !== undefined ? (
          <ErrorPanel title="The jobs could not be read" error={jobsError} again={again} />
        ) : (
          <LoadingRows rows={4} label="Loading the jobs" />
        )}
      </Section>
      <div className={styles.twoColumns}>
        <Section title="Inputs">
          <RunValues label="Inputs" values={run.inputs} none="It takes none." />
        </Section>
        <Section title="Outputs">
          <RunValues
            label="Outputs"
            values={run.outputs ?? {}}
            none={isOver(run) ? 'It has none.' : 'They are made when it is over.'}
          />
        </Section>
      </div>
    </>
  );
}

/** What was read stays; whoever looks at it knows that it may be old. */
function Stale({ error, again }: { readonly error: ApiError; readonly again: () => void }) {
  return (
    <div className={styles.stale} role="status">
      <p>What you see may be out of date. {error.message}</p>
      <Button size="s" onClick={again}>
        Try again
      </Button>
    </div>
  );
}

function Jobs({ watched, run, jobs, chosen }: PartsProps & { readonly jobs: readonly PipelineJobPartial[] }) {
  const navigate = useNavigate();
  const place = { org: run.org_id, app: run.app_id };
  const graph = useMemo(() => jobs.map(graphJob), [jobs]);
  const focus = focusOf(watched, chosen);
  const open = (job: string): void =>
    void navigate(pathTo.job(place, run.pipeline_id, run.id, job), { preventScrollReset: true });
  return (
    <>
      <RunGraph jobs={graph} selected={focus?.job.id} onSelect={open} />
      {focus === undefined ? (
        <p>
          This run has no job ‘{chosen.job}’. <Link to={pathTo.run(place, run.pipeline_id, run.id)}>See the run</Link>
        </p>
      ) : (
        <JobPanel
          run={run}
          watched={watched}
          job={focus.job}
          step={focus.step}
          wanted={chosen.step === undefined ? undefined : chosen.step + 1}
        />
      )}
    </>
  );
}

const graphJob = (job: PipelineJobPartial): GraphJob => ({
  id: job.id,
  name: job.name,
  needs: job.needs,
  status: job.status,
  ...(job.continued === undefined ? {} : { continued: job.continued }),
  ...(job.status === 'pending' || job.status === 'skipped' ? {} : { startedAt: job.created_at }),
  ...(job.completed_at === undefined ? {} : { completedAt: job.completed_at }),
  ...(job.waiting_for === undefined ? {} : { waitingFor: waitWords(job.waiting_for) }),
});
