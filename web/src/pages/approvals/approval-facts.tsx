import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ApprovalRequest } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import { type Place, pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Card, Facts, Time } from '../../ui/index.ts';
import { runName } from '../runs/run-name.ts';
import styles from './approval.module.css';
import { approvedSoFar } from './approval-words.ts';

/** The question, where it comes from, and until when it stands. */
export function ApprovalFacts({ place, approval }: { readonly place: Place; readonly approval: ApprovalRequest }) {
  const { next, people = {} } = approval;
  const person = (id: string) => <PersonName org={place.org} id={id} name={people[id]} />;
  const run = (
    <>
      <Link to={pathTo.run(place, approval.pipeline_id, approval.run_id)}>{runName(approval.run_id)}</Link>
      {' of '}
      <Link to={pathTo.pipeline(place, approval.pipeline_id)}>{approval.pipeline_id}</Link>
    </>
  );
  const job = (
    <Link to={pathTo.job(place, approval.pipeline_id, approval.run_id, approval.job_id)}>
      <InertText text={next?.job.name ?? approval.job_id} />
    </Link>
  );
  const environment = next === undefined ? approval.env_id : <Environment id={approval.env_id} type={next.env_type} />;
  const facts: (readonly [string, ReactNode])[] = [
    ['Environment', environment],
    ['Asked', <Time key="at" at={approval.created_at} />],
    ['Run', run],
    ['Job', job],
    ['Approved', approvedSoFar(approval)],
  ];
  if (next !== undefined) {
    facts.splice(1, 0, ['Run started by', person(next.asked_by)]);
    if (next.run_as !== next.asked_by) facts.splice(2, 0, ['Runs with the rights of', person(next.run_as)]);
    if (next.until !== undefined) {
      const then = next.on_timeout === 'approve' ? 'then it goes on without anybody' : 'then the step fails';
      facts.push([
        'Waits until',
        <span key="until">
          <Time at={next.until} />, {then}
        </span>,
      ]);
    }
  }
  return (
    <Card>
      <blockquote className={styles.message}>
        <InertText text={approval.message} />
      </blockquote>
      <Facts facts={facts} />
    </Card>
  );
}

function Environment({ id, type }: { readonly id: string; readonly type: string | undefined }) {
  return (
    <>
      <strong>{id}</strong>
      {type === undefined ? ', which is not the one any more that was asked about' : ` (type ${type})`}
    </>
  );
}
