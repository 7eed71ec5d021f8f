import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { PipelineJobPartial, PipelineStep } from '../../api/types.ts';
import { type Place, pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Duration, StatusBadge } from '../../ui/index.ts';
import styles from './run.module.css';
import { runName } from './run-name.ts';

type Props = {
  readonly steps: readonly PipelineStep[];
  readonly chosen: number | undefined;
  readonly address: string;
  readonly job: PipelineJobPartial;
  readonly place: Place;
  /** The log of the chosen one. */
  readonly children: ReactNode;
};

/** The steps that began. Each is a link to itself, so that it can be sent to somebody. */
export function JobSteps({ steps, chosen, address, job, place, children }: Props) {
  if (steps.length === 0) return <p className={styles.none}>{noStepsWords(job)}</p>;
  return (
    <ol className={styles.steps} aria-label="Steps">
      {steps.map(step => (
        <li key={step.index} className={step.index === chosen ? styles.chosen : undefined}>
          <Link
            to={`${address}?step=${step.index + 1}`}
            preventScrollReset
            className={styles.step}
            aria-current={step.index === chosen ? 'step' : undefined}
          >
            <ChevronRight size={16} aria-hidden className={styles.chevron} />
            <span className={styles.stepName}>
              {step.index + 1}. <InertText text={step.name} />
            </span>
            <StatusBadge size="s" status={isWaiting(step, job) ? 'waiting' : step.status} />
            <span className={styles.took}>
              {step.status === 'skipped' ? '–' : <Duration from={step.created_at} to={step.completed_at} />}
            </span>
          </Link>
          <StepNote step={step} place={place} chosen={step.index === chosen} />
          {step.index === chosen ? children : null}
        </li>
      ))}
    </ol>
  );
}

const isWaiting = (step: PipelineStep, job: PipelineJobPartial): boolean =>
  step.status === 'executing' && job.waiting_for !== undefined;

const noStepsWords = ({ status, status_message }: PipelineJobPartial): string => {
  if (status === 'skipped') return 'It was skipped, so none of its steps began.';
  if (status_message.startsWith('Kept from run')) return 'Its steps ran in that run.';
  return status === 'executing' ? 'Its first step is about to begin.' : 'None of its steps began.';
};

/** Its message unless that says nothing new, the action, and what it made elsewhere. */
function StepNote({
  step,
  place,
  chosen,
}: {
  readonly step: PipelineStep;
  readonly place: Place;
  readonly chosen: boolean;
}) {
  const message = step.status === 'succeeded' ? '' : step.status_message;
  const related = Object.entries(step.related_entities);
  if (message === '' && related.length === 0 && !chosen) return null;
  return (
    <div className={styles.stepNote}>
      {message === '' ? null : (
        <p className={step.status === 'failed' ? styles.failed : undefined}>
          <InertText text={message} />
        </p>
      )}
      {chosen ? (
        <p className={styles.none}>
          <InertText text={step.uses} />
        </p>
      ) : null}
      {related.map(([kind, id]) => (
        <p key={kind}>
          {kind === 'pipeline_run' ? (
            <Link to={`${pathTo.runs(place)}/${encodeURIComponent(id)}`}>It started {runName(id)}</Link>
          ) : (
            <>
              {kind}: <InertText text={id} />
            </>
          )}
        </p>
      ))}
    </div>
  );
}
