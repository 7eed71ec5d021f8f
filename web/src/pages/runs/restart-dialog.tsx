import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction } from '../../api/api.ts';
import type { ApiError } from '../../api/client.ts';
import type { PipelineJobPartial, PipelineRun } from '../../api/types.ts';
import { pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { ConfirmDialog, ErrorPanel, LoadingRows, say } from '../../ui/index.ts';
import styles from './run.module.css';
import { runName } from './run-name.ts';

/** From the beginning, or with the results of what succeeded. */
export type Restart = 'all' | 'failed';

type Props = {
  readonly run: PipelineRun;
  /** Undefined: they are not read yet. */
  readonly jobs: readonly PipelineJobPartial[] | undefined;
  /** Undefined: nobody wants to restart it. */
  readonly from: Restart | undefined;
  readonly onClose: () => void;
};

export function RestartDialog({ run, jobs, from, onClose }: Props) {
  const { run: restart, busy } = useAction('restartRun', ['listRuns', 'listRunsInOrg']);
  const navigate = useNavigate();
  const [error, setError] = useState<ApiError>();
  // One for each time that the dialog is opened: a double click, or a second try after no answer, starts one run.
  const key = useRef<string>(undefined);
  const sent = useRef(false);
  const { org_id: org, app_id: app, pipeline_id: pipeline } = run;
  const close = (): void => {
    key.current = undefined;
    setError(undefined);
    onClose();
  };
  const confirm = async (): Promise<void> => {
    if (sent.current) return;
    sent.current = true;
    key.current ??= crypto.randomUUID();
    const result = await restart({
      params: { org, app, pipeline, run: run.id },
      headers: { 'idempotency-key': key.current },
      body: from === 'failed' ? { from: 'failed' } : {},
    });
    sent.current = false;
    if (!result.ok) return setError(result.error);
    close();
    say({ title: `${runName(result.value.id)} has been started` });
    void navigate(pathTo.run({ org, app }, pipeline, result.value.id));
  };
  return (
    <ConfirmDialog
      open={from !== undefined}
      onClose={close}
      title={from === 'failed' ? 'Restart from what failed?' : `Restart ${runName(run.id)}?`}
      act={from === 'failed' ? 'Restart from what failed' : 'Restart'}
      dangerous={false}
      busy={busy}
      onConfirm={() => void confirm()}
    >
      {from === 'failed' ? (
        <FromFailed jobs={jobs} />
      ) : (
        <p>
          A new run starts with the same inputs and does all jobs, as the pipeline is defined now. This run stays as it
          is.
        </p>
      )}
      {error === undefined ? null : <ErrorPanel title="It could not be restarted" error={error} />}
    </ConfirmDialog>
  );
}

function FromFailed({ jobs }: Pick<Props, 'jobs'>) {
  if (jobs === undefined) return <LoadingRows rows={3} label="Loading the jobs" />;
  const kept = jobs.filter(job => job.kept_on_restart === true);
  const again = jobs.filter(job => job.kept_on_restart !== true);
  return (
    <>
      <p>A new run starts with the same inputs, on the version of the definition that this run followed.</p>
      <JobNames title="Results that are kept:" jobs={kept} none="None: no job can be kept." />
      <JobNames title="Jobs that run again:" jobs={again} none="" />
      <p className={styles.none}>Jobs that ask for an approval, and those that need them, always run again.</p>
    </>
  );
}

function JobNames({
  title,
  jobs,
  none,
}: {
  readonly title: string;
  readonly jobs: readonly PipelineJobPartial[];
  readonly none: string;
}) {
  return (
    <div>
      <h3>
        {title} {jobs.length === 0 ? '' : jobs.length}
      </h3>
      {jobs.length === 0 ? (
        <p>{none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <ul className={styles.jobNames} aria-label={title} tabIndex={0}>
          {jobs.map(job => (
            <li key={job.id}>
              <InertText text={job.name} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
