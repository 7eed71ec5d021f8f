import { ShieldCheck } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { type ReadList, useApiList } from '../../api/api.ts';
import type { ApprovalRequest } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import { type Place, pathTo, usePlace } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import {
  CodeBlock,
  type Column,
  Empty,
  ErrorPanel,
  LoadingRows,
  LoadMore,
  PageHeader,
  Section,
  StatusBadge,
  Table,
  Time,
} from '../../ui/index.ts';
import { approvedSoFar, toApproval } from './approval-words.ts';
import styles from './approvals.module.css';

/** What waits for a decision, and what was decided. */
export function ApprovalsPage() {
  const place = usePlace();
  const waiting = useApiList('listApprovals', { params: place, query: { status: ['waiting'] }, every: 5_000 });
  const decided = useApiList('listApprovals', {
    params: place,
    query: { status: ['approved', 'denied', 'cancelled'], per_page: 20 },
    every: 15_000,
  });
  useUntilSomething(waiting);
  useUntilSomething(decided);
  const none = isNone(waiting) && isNone(decided);
  return (
    <>
      <PageHeader title="Approvals" />
      {waiting.pending || decided.pending ? (
        // Both at once: the second list would move for the first.
        <LoadingRows rows={6} label="Loading the approvals" />
      ) : none ? (
        <NoApprovals />
      ) : (
        <>
          <Section title="Waiting for a decision">
            {waiting.error === undefined ? null : (
              <ErrorPanel title="The approvals could not be read" error={waiting.error} again={waiting.again} />
            )}
            {isNone(waiting) ? (
              <p className={styles.note}>
                Nothing waits. What a run asks for stands here, and its number beside ‘Approvals’ in the navigation.
              </p>
            ) : null}
            {(waiting.items ?? []).length === 0 ? null : (
              <Table
                label="Approvals that wait for a decision"
                columns={waitingColumns(place)}
                rows={waiting.items ?? []}
                keyOf={keyOf}
              />
            )}
            <LoadMore more={waiting.more} busy={waiting.loadingMore} />
          </Section>
          <Section title="Decided">
            {decided.error === undefined ? null : (
              <ErrorPanel title="The earlier decisions could not be read" error={decided.error} again={decided.again} />
            )}
            {isNone(decided) ? <p className={styles.note}>Nothing was decided yet.</p> : null}
            {(decided.items ?? []).length === 0 ? null : (
              <Table
                label="Approvals that were decided"
                columns={decidedColumns(place)}
                rows={decided.items ?? []}
                keyOf={keyOf}
              />
            )}
            <LoadMore more={decided.more} busy={decided.loadingMore} />
          </Section>
        </>
      )}
    </>
  );
}

const keyOf = ({ run_id, id }: ApprovalRequest): string => `${run_id} ${id}`;

const isNone = ({ items, more }: ReadList<ApprovalRequest>): boolean => items?.length === 0 && more === undefined;

/** A page of a filtered list may be empty while the next one is not. */
function useUntilSomething({ items, more, loadingMore }: ReadList<ApprovalRequest>): void {
  useEffect(() => {
    if (items?.length === 0 && !loadingMore) more?.();
  }, [items, more, loadingMore]);
}

const question = (place: Place): Column<ApprovalRequest> => ({
  head: 'What is asked',
  main: true,
  cell: approval => (
    <Link to={toApproval(place, approval)} className={styles.question}>
      <InertText text={approval.message.trim() === '' ? `Job ${approval.job_id}` : approval.message} />
    </Link>
  ),
});

const origin = (place: Place): Column<ApprovalRequest> => ({
  head: 'Pipeline and job',
  cell: ({ pipeline_id, run_id, job_id }) => (
    <span className={styles.origin}>
      <Link to={pathTo.run(place, pipeline_id, run_id)}>{pipeline_id}</Link>
      <span className={styles.job}>{job_id}</span>
    </span>
  ),
});

const environment: Column<ApprovalRequest> = {
  head: 'Environment',
  cell: ({ env_id }) => <span className={styles.person}>{env_id}</span>,
};

const waitingColumns = (place: Place): readonly Column<ApprovalRequest>[] => [
  question(place),
  origin(place),
  environment,
  { head: 'Approved', cell: approvedSoFar },
  { head: 'Asked', cell: ({ created_at }) => <Time at={created_at} /> },
];

const decidedColumns = (place: Place): readonly Column<ApprovalRequest>[] => [
  question(place),
  origin(place),
  environment,
  {
    head: 'Outcome',
    cell: ({ approved_by: by, approved_at, created_at, status }) => (
      <span className={styles.person}>
        <StatusBadge status={status} size="s" />
        <br />
        {by === undefined ? noBody(status) : <PersonName org={place.org} id={by} />},{' '}
        <Time at={approved_at ?? created_at} />
      </span>
    ),
  },
];

const noBody = (status: ApprovalRequest['status']): string =>
  status === 'approved' ? 'Nobody: its time was over' : 'Nobody: its step ended';

const EXAMPLE = `- uses: actions/humanitec/approve@v1
  with:
    env_id: production
    message: Deploy \${{ inputs.version }} to production?`;

function NoApprovals() {
  return (
    <Empty title="No run has asked for an approval" icon={ShieldCheck}>
      <p>
        A step of a pipeline can ask people before the run goes on. Add one to a job; while a run waits there, it stands
        on this page for those who may decide:
      </p>
      <CodeBlock label="A step that asks for approval" text={EXAMPLE} wrap />
    </Empty>
  );
}
