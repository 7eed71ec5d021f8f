import type { ReactNode } from 'react';
import { InertText } from '../inert-text/inert-text.tsx';
import type { GraphJob } from './graph-job.ts';
import { JobFace, toneOf } from './job-face.tsx';
import type { JobLayout } from './layout-jobs.ts';
import styles from './run-graph.module.css';

type Props = {
  readonly jobs: ReadonlyMap<string, GraphJob>;
  readonly layout: JobLayout;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly now: () => number;
};

/** The graph in words: for narrow screens, screen readers, and whoever prefers it. */
export function JobList({ jobs, layout, selected, onSelect, now }: Props): ReactNode {
  return (
    <ol className={styles.list}>
      {layout.jobs.flatMap(({ id }) => {
        const job = jobs.get(id);
        if (job === undefined) return [];
        const needs = layout.edges.flatMap(({ from, to }) => (to === id ? [jobs.get(from)?.name ?? from] : []));
        return (
          <li key={id}>
            <button
              type="button"
              className={`${styles.job} ${toneOf(job)} ${id === selected ? styles.selected : ''}`}
              aria-current={id === selected ? 'true' : undefined}
              onClick={() => onSelect(id)}
            >
              <JobFace job={job} now={now} />
            </button>
            {needs.length === 0 ? null : (
              <p className={styles.needs}>
                after{' '}
                {needs.map((name, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two jobs may have one name, and the order never changes
                  <span key={index}>
                    {index === 0 ? '' : ', '}
                    <InertText text={name} />
                  </span>
                ))}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
