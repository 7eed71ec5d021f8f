import { type ReactNode, useEffect, useState } from 'react';
import { type StatusLook, statusLook } from '../../ui/status.ts';
import { InertText } from '../inert-text/inert-text.tsx';
import { inertText } from '../inert-text/read-ansi.ts';
import { jobDuration } from './duration.ts';
import type { GraphJob } from './graph-job.ts';
import styles from './run-graph.module.css';

const TONES: Readonly<Record<StatusLook['tone'], string | undefined>> = {
  ok: styles.ok,
  fail: styles.fail,
  run: styles.run,
  wait: styles.wait,
  idle: styles.idle,
};

export function toneOf(job: GraphJob): string {
  return TONES[lookOf(job).tone] ?? '';
}

/** A job that executes and waits for something does nothing just now. */
function lookOf({ status, waitingFor, continued }: GraphJob): StatusLook {
  if (continued === true) return { ...statusLook('failed'), text: 'Failed, the run went on', tone: 'wait' };
  return statusLook(status === 'executing' && waitingFor !== undefined ? 'waiting' : status);
}

type Props = { readonly job: GraphJob; readonly now: () => number };

/** What graph and list show of a job: two lines of fixed height. */
export function JobFace({ job, now }: Props): ReactNode {
  const { icon: Icon, text } = lookOf(job);
  return (
    <span className={styles.face}>
      <Icon className={styles.icon} size={20} aria-hidden />
      <span className={styles.name} title={inertText(job.name)}>
        <InertText text={job.name} />
      </span>
      <span className={styles.state} title={job.waitingFor === undefined ? undefined : inertText(job.waitingFor)}>
        {text}
        {job.status === 'executing' && job.waitingFor !== undefined ? (
          <>
            {' for '}
            <InertText text={job.waitingFor} />
          </>
        ) : null}
      </span>
      <Duration job={job} now={now} />
    </span>
  );
}

/** Ticks by itself while the job executes, so that nothing else is drawn anew. */
function Duration({ job, now }: Props): ReactNode {
  const [at, setAt] = useState(now);
  const ticks = job.status === 'executing' && job.completedAt === undefined;
  useEffect(() => {
    if (!ticks) return;
    const timer = setInterval(() => setAt(now()), 1000);
    return () => clearInterval(timer);
  }, [ticks, now]);
  return <span className={styles.duration}>{jobDuration(job, at)}</span>;
}
