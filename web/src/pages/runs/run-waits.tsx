import { Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { PipelineJobPartial, PipelineRun } from '../../api/types.ts';
import { pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Duration, exactTime, LinkButton, Time } from '../../ui/index.ts';
import styles from './run.module.css';
import { runName } from './run-name.ts';
import { readWait } from './wait-words.ts';
import type { Watched } from './watch/use-run.ts';

/** Waits that are told one by one; a run of 100 jobs may have as many. */
const MOST = 8;

/** What the run waits for, since when, and what one can do about it. */
export function RunWaits({ watched: { run, jobs = [], ahead } }: { readonly watched: Watched }) {
  if (run === undefined || run.completed_at !== undefined) return null;
  const queued = run.status === 'queued' ? run.waiting_for.run : undefined;
  const waiting = jobs.filter(job => job.waiting_for !== undefined);
  if (queued === undefined && waiting.length === 0) return null;
  return (
    <section className={styles.waits} aria-label="What the run waits for">
      <Hourglass size={20} aria-hidden />
      <div className={styles.noticeText}>
        <h2>It waits</h2>
        <ul className={styles.waitList}>
          {queued === undefined ? null : (
            <li>
              <Queued run={run} text={queued} ahead={ahead?.run} />
            </li>
          )}
          {waiting.slice(0, MOST).map(job => (
            <li key={job.id} className={styles.wait}>
              <JobWait run={run} job={job} />
            </li>
          ))}
          {waiting.length > MOST ? <li>and {waiting.length - MOST} more jobs: see the jobs below.</li> : null}
        </ul>
      </div>
    </section>
  );
}

function Queued({
  run,
  text,
  ahead,
}: {
  readonly run: PipelineRun;
  readonly text: string;
  readonly ahead: PipelineRun | undefined;
}) {
  const wait = readWait(text);
  if (wait.kind !== 'group') return <InertText text={text} />;
  return (
    <p>
      In line for the group <InertText text={wait.group} />, place {wait.position}, for{' '}
      <Duration from={run.created_at} />
      {'. '}
      {ahead === undefined ? (
        'It begins when the runs of the group that came before it are over.'
      ) : (
        <>
          Before it:{' '}
          <Link to={pathTo.run({ org: ahead.org_id, app: ahead.app_id }, ahead.pipeline_id, ahead.id)}>
            <span className={styles.whole}>{runName(ahead.id)}</span> of {ahead.pipeline_id}
          </Link>
          .
        </>
      )}
    </p>
  );
}

function JobWait({ run, job }: { readonly run: PipelineRun; readonly job: PipelineJobPartial }): ReactNode {
  const wait = readWait(job.waiting_for ?? '');
  const place = { org: run.org_id, app: run.app_id };
  return (
    <>
      <p>
        <Link to={pathTo.job(place, run.pipeline_id, run.id, job.id)}>
          <InertText text={job.name} />
        </Link>{' '}
        <WaitWords text={job.waiting_for ?? ''} place={place} />, <Duration from={job.updated_at} /> so far
      </p>
      {wait.kind === 'approval' ? (
        <LinkButton
          size="s"
          kind="primary"
          to={pathTo.approval(place, { pipeline: run.pipeline_id, run: run.id, job: job.id, id: wait.approval })}
        >
          See what to approve
        </LinkButton>
      ) : null}
    </>
  );
}

/** “waits for …”, with a link to what it is where there is one. */
export function WaitWords({
  text,
  place,
}: {
  readonly text: string;
  readonly place: { readonly org: string; readonly app: string };
}): ReactNode {
  const wait = readWait(text);
  switch (wait.kind) {
    case 'approval':
      return 'waits for an approval';
    case 'time':
      return (
        <>
          waits until {exactTime(wait.until)} (<Time at={wait.until} />)
        </>
      );
    case 'retry':
      return (
        <>
          failed and is tried again ({wait.attempt}) <Time at={wait.at} />
        </>
      );
    case 'callback':
      return (
        <>
          waits until somebody posts to the URL of its callback <code>…{wait.callback.slice(-8)}</code>
        </>
      );
    case 'run':
      return (
        <>
          waits for <Link to={`${pathTo.runs(place)}/${encodeURIComponent(wait.run)}`}>{runName(wait.run)}</Link>, which
          it started
        </>
      );
    case 'deployment':
      return (
        <>
          waits for what is done in the environment <InertText text={wait.environment} />
        </>
      );
    case 'group':
    case 'other':
      return (
        <>
          waits for <InertText text={text} />
        </>
      );
  }
}
