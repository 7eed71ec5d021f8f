import { Link } from 'react-router';
import type { PipelineRun } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import { pathTo } from '../../app/place.ts';
import { type Column, Duration, StatusBadge, Table, Time } from '../../ui/index.ts';
import { runName } from './run-name.ts';
import styles from './runs.module.css';
import { triggerWords } from './trigger-words.ts';

const runLink = (row: PipelineRun) => (
  <Link to={pathTo.run({ org: row.org_id, app: row.app_id }, row.pipeline_id, row.id)}>{runName(row.id)}</Link>
);

const OWN: Column<PipelineRun> = { head: 'Run', main: true, cell: runLink };

const WITH_PIPELINE: Column<PipelineRun> = {
  head: 'Run',
  main: true,
  cell: row => (
    <span className={styles.run}>
      {runLink(row)}
      <Link to={pathTo.pipeline({ org: row.org_id, app: row.app_id }, row.pipeline_id)} className={styles.pipeline}>
        {row.pipeline_id}
      </Link>
    </span>
  ),
};

const OTHERS: readonly Column<PipelineRun>[] = [
  { head: 'Status', cell: row => <RunStatus run={row} /> },
  {
    head: 'Started by',
    cell: row => (
      <span className={styles.started}>
        <PersonName org={row.org_id} id={row.created_by} name={row.people?.[row.created_by]} />
        <span className={styles.trigger}>{triggerWords(row.trigger)}</span>
      </span>
    ),
  },
  { head: 'Created', cell: row => <Time at={row.created_at} /> },
  {
    head: 'Took',
    align: 'end',
    cell: row => (row.executing_at === undefined ? '–' : <Duration from={row.executing_at} to={row.completed_at} />),
  },
];

const OF_PIPELINE = [OWN, ...OTHERS];
const OF_APP = [WITH_PIPELINE, ...OTHERS];

/** Runs, the newest first. `of`: where they are listed; those of one pipeline do not repeat its name. */
export function RunsTable({
  label,
  runs,
  of,
}: {
  readonly label: string;
  readonly runs: readonly PipelineRun[];
  readonly of: 'app' | 'pipeline';
}) {
  return <Table label={label} columns={of === 'app' ? OF_APP : OF_PIPELINE} rows={runs} keyOf={row => row.id} />;
}

/** The status, and what somebody who looks for a run to act on wants to know: that it waits, that it is to end. */
function RunStatus({ run: { status, waiting_for, cancellation_requested_at } }: { readonly run: PipelineRun }) {
  if (status !== 'executing') return <StatusBadge status={status} />;
  if (cancellation_requested_at !== undefined) return <StatusBadge status={status} text="Is being cancelled" />;
  const waits = Object.values(waiting_for);
  if (waits.some(what => what.startsWith('approval')))
    return <StatusBadge status="waiting" text="Waits for approval" />;
  return <StatusBadge status={status} />;
}
