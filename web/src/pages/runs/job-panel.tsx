import { Link } from 'react-router';
import type { PipelineJobPartial, PipelineRun, PipelineStep } from '../../api/types.ts';
import { pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Duration, ErrorPanel, LoadingRows, StatusBadge } from '../../ui/index.ts';
import { JobSteps } from './job-steps.tsx';
import styles from './run.module.css';
import { RunValues } from './run-values.tsx';
import { WaitWords } from './run-waits.tsx';
import { StepLogView } from './step-log.tsx';
import { readKey } from './watch/run-state.ts';
import type { Watched } from './watch/use-run.ts';

type Props = {
  readonly run: PipelineRun;
  readonly watched: Watched;
  readonly job: PipelineJobPartial;
  /** The one whose log is shown. */
  readonly step: PipelineStep | undefined;
  /** From 1, as the address has it. */
  readonly wanted: number | undefined;
};

/** One job: how it stands, its steps, and the log of one of them. */
export function JobPanel({ run, watched, job, step, wanted }: Props) {
  const place = { org: run.org_id, app: run.app_id };
  const detail = watched.details.get(job.id)?.job;
  const error = watched.failed.get(readKey('job', job.id));
  const began = job.status !== 'pending' && job.status !== 'skipped';
  // That one of its steps failed, and why, is said at the step.
  const isSaid = job.status === 'succeeded' || (detail?.steps.some(({ status }) => status === 'failed') ?? false);
  const message = isSaid && !job.status_message.startsWith('Kept from run ') ? '' : job.status_message;
  const address = pathTo.job(place, run.pipeline_id, run.id, job.id);
  return (
    <section className={styles.job} aria-labelledby="job-name" id="steps">
      <div className={styles.jobHead}>
        <h2 id="job-name">
          <InertText text={job.name} />
        </h2>
        <StatusBadge status={job.status === 'executing' && job.waiting_for !== undefined ? 'waiting' : job.status} />
        {began ? <Duration from={job.created_at} to={job.completed_at} /> : null}
        {job.name === job.id ? null : <code className={styles.none}>{job.id}</code>}
      </div>
      {job.waiting_for === undefined ? null : (
        <p className={styles.jobNote}>
          It <WaitWords text={job.waiting_for} place={place} />, <Duration from={job.updated_at} /> so far.
        </p>
      )}
      {job.continued === true ? (
        <p className={styles.jobNote}>It failed, and what comes after it went on: it has continue-on-error.</p>
      ) : null}
      {message === '' ? null : (
        <p className={styles.jobNote}>
          <JobMessage message={message} run={run} />
        </p>
      )}
      {job.status === 'pending' ? (
        <p className={styles.none}>
          {job.needs.length === 0 ? 'It has not begun.' : `It begins when these are over: ${job.needs.join(', ')}.`}
        </p>
      ) : error !== undefined && detail === undefined ? (
        <ErrorPanel title="The job could not be read" error={error} again={watched.again} />
      ) : detail === undefined ? (
        <LoadingRows rows={3} label="Loading the steps" />
      ) : (
        <>
          {error === undefined ? null : (
            <ErrorPanel title="Its steps may be out of date" error={error} again={watched.again} />
          )}
          <JobSteps steps={detail.steps} chosen={step?.index} address={address} job={job} place={place}>
            {step === undefined || step.status === 'skipped' ? null : (
              <StepLogView
                key={`${job.id}/${step.index}`}
                watched={watched}
                run={run}
                job={job}
                step={step}
                address={address}
              />
            )}
          </JobSteps>
          {wanted !== undefined && step === undefined ? (
            <p className={styles.jobNote}>
              There is no step {wanted} in this job, or it has not begun. <Link to={address}>See its steps</Link>
            </p>
          ) : null}
          {Object.keys(detail.outputs).length === 0 ? null : (
            <>
              <h3>Outputs of the job</h3>
              <RunValues label="Outputs of the job" values={detail.outputs} none="" />
            </>
          )}
        </>
      )}
    </section>
  );
}

/** A job that was kept names the run that has its logs: then that is a link. */
function JobMessage({ message, run }: { readonly message: string; readonly run: PipelineRun }) {
  const [, before, id] = /^(Kept from run )([0-9a-f-]{36})\.$/.exec(message) ?? [];
  if (before === undefined || id === undefined) return <InertText text={message} />;
  return (
    <>
      {before}
      <Link to={pathTo.run({ org: run.org_id, app: run.app_id }, run.pipeline_id, id)}>…{id.slice(-8)}</Link>, which has
      its logs.
    </>
  );
}
