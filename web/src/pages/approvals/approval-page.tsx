import { useState } from 'react';
import { useRights } from '../../api/can.ts';
import { usePolled } from '../../api/use-polled.ts';
import { pathTo, useParam, usePlace } from '../../app/place.ts';
import { RightsError } from '../../app/rights-error.tsx';
import { ErrorPanel, LinkButton, LoadingRows, PageHeader, Section, StatusBadge } from '../../ui/index.ts';
import { runName } from '../runs/run-name.ts';
import styles from './approval.module.css';
import { ApprovalFacts } from './approval-facts.tsx';
import { ApprovalNext } from './approval-next.tsx';
import { Decide } from './decide.tsx';
import { Decisions } from './decisions.tsx';

/** All that one wants to know before one decides, and the decision. */
export function ApprovalPage() {
  const place = usePlace();
  const params = {
    pipeline: useParam('pipeline'),
    run: useParam('run'),
    job: useParam('job'),
    approval: useParam('approval'),
  };
  const read = usePolled('getApproval', {
    params: { ...place, ...params },
    over: approval => approval.status !== 'waiting',
  });
  const { data, error, stale } = read;
  // Whether one may decide is said with the rest, not after it.
  const rights = useRights(place);
  const { pending } = rights;
  // Once shown it stays, while rights are read again, too: what is in it asks for them itself.
  const [shown, setShown] = useState(false);
  if (!shown && !pending) setShown(true);
  const approval = shown ? data : undefined;
  return (
    <>
      <PageHeader
        key={params.approval}
        title={`Approval for the job ${params.job}`}
        crumbs={[
          { label: 'Approvals', to: pathTo.approvals(place) },
          { label: params.pipeline, to: pathTo.pipeline(place, params.pipeline) },
          { label: runName(params.run), to: pathTo.run(place, params.pipeline, params.run) },
        ]}
      >
        {approval === undefined ? null : <StatusBadge status={approval.status} />}
      </PageHeader>
      {error === undefined ? null : (
        <>
          <ErrorPanel title="The approval could not be read" error={error} again={read.again} />
          <p>
            <LinkButton to={pathTo.approvals(place)}>All approvals</LinkButton>
          </p>
        </>
      )}
      {stale ? (
        <p role="status" className={styles.stale}>
          The server does not answer. This is how it stood a moment ago; the page keeps trying.
        </p>
      ) : null}
      {read.pending || (!shown && error === undefined) ? <LoadingRows rows={6} label="Loading the approval" /> : null}
      {approval === undefined ? null : (
        <div className={styles.columns}>
          <div className={styles.column}>
            <ApprovalFacts place={place} approval={approval} />
            {approval.next === undefined ? null : <ApprovalNext next={approval.next} />}
          </div>
          <div className={styles.column}>
            {approval.decisions.length === 0 && approval.status === 'waiting' ? null : (
              <Section title="What people said">
                <Decisions place={place} approval={approval} />
              </Section>
            )}
            {approval.status !== 'waiting' || (!pending && rights.error === undefined) ? (
              <Decide key={approval.id} place={place} approval={approval} decided={read.again} />
            ) : pending ? (
              <LoadingRows rows={3} label="Loading your rights" />
            ) : (
              <RightsError rights={rights} />
            )}
          </div>
        </div>
      )}
    </>
  );
}
