import { CircleX } from 'lucide-react';
import { Link } from 'react-router';
import { pathTo } from '../../app/place.ts';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import type { LogLine } from '../../parts/log-view/log-line.ts';
import { readMessage } from './read-message.ts';
import styles from './run.module.css';
import { failureOf, logKey } from './watch/run-state.ts';
import type { Watched } from './watch/use-run.ts';

/** Lines of the log that are shown with the failure: the end of it, where people look first. */
const LAST_LINES = 8;

/** Why it failed, at a glance: the first job and step that did, what they said, and the end of their log. */
export function RunFailure({ watched }: { readonly watched: Watched }) {
  const { run } = watched;
  const failure = failureOf(watched);
  if (run === undefined || run.status === 'succeeded') return null;
  if (failure === undefined || run.status === 'cancelled') return <Ended run={run} />;
  const { job, step } = failure;
  const place = { org: run.org_id, app: run.app_id };
  const { code, words } = readMessage(step?.status_message ?? job.status_message);
  const log = step === undefined ? undefined : watched.logs.get(logKey(job.id, step.index));
  const to = pathTo.job(place, run.pipeline_id, run.id, job.id);
  return (
    <section className={styles.failure} aria-label="Why it failed">
      <CircleX size={20} aria-hidden />
      <div className={styles.noticeText}>
        <h2>
          {run.status === 'failed' ? 'Failed in ' : 'The run goes on, but something failed in '}
          <InertText text={job.name} />
          {step === undefined ? null : (
            <>
              , step {step.index + 1} (<InertText text={step.name} />)
            </>
          )}
        </h2>
        <p className={styles.failureMessage}>
          {code === undefined ? null : <code>{code}</code>} <InertText text={words} />
        </p>
        {log === undefined ? null : (
          <LastLines log={log.pages.flatMap(page => page.lines)} more={log.next !== undefined} />
        )}
        <p>
          <Link to={step === undefined ? to : `${to}?step=${step.index + 1}#steps`}>
            {step === undefined ? 'See the job' : 'See the step and its whole log'}
          </Link>
        </p>
      </div>
    </section>
  );
}

/** Over for a reason that is of no job: cancelled, out of time, outputs that could not be made. */
function Ended({ run }: { readonly run: NonNullable<Watched['run']> }) {
  if (run.completed_at === undefined || run.status_message === '') return null;
  return (
    <section
      className={run.status === 'failed' ? styles.failure : styles.notice}
      aria-label={run.status === 'failed' ? 'Why it failed' : 'Why it ended'}
    >
      <CircleX size={20} aria-hidden />
      <div className={styles.noticeText}>
        <h2>{run.status === 'failed' ? 'It failed' : 'It was cancelled'}</h2>
        <p>
          <InertText text={run.status_message} />
        </p>
      </div>
    </section>
  );
}

function LastLines({ log, more }: { readonly log: readonly LogLine[]; readonly more: boolean }) {
  // Of a log that was not read to its end nobody knows the last lines yet.
  if (log.length === 0 || more) return null;
  const last = log.slice(-LAST_LINES);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={styles.lastLines} aria-label="Last lines of its log" tabIndex={0}>
      {last.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else, and their order never changes
        <div key={index}>
          <InertText text={line.message} />
        </div>
      ))}
    </section>
  );
}
