import { type ReactNode, useMemo, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { useIsNarrow } from '../use-is-narrow.ts';
import { Flow } from './flow.tsx';
import type { GraphJob } from './graph-job.ts';
import { JobList } from './job-list.tsx';
import { layoutJobs } from './layout-jobs.ts';
import styles from './run-graph.module.css';

type Props = {
  readonly jobs: readonly GraphJob[];
  /** Id of the job whose steps are shown elsewhere on the page. */
  readonly selected?: string | undefined;
  readonly onSelect: (id: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** The jobs of a run as a graph, or as a list where a graph would be too small. */
export function RunGraph({ jobs, selected, onSelect, now = Date.now }: Props): ReactNode {
  const root = useRef<HTMLElement>(null);
  const isNarrow = useIsNarrow(root);
  const [chosen, setChosen] = useState<'graph' | 'list'>();
  const view = chosen ?? (isNarrow ? 'list' : 'graph');
  const byId = useMemo(() => new Map(jobs.map(job => [job.id, job])), [jobs]);
  // Only ids and needs count: polling brings new objects with the same shape.
  const shape = JSON.stringify(jobs.map(({ id, needs }) => [id, needs]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for all of `jobs` that the layout reads
  const layout = useMemo(() => layoutJobs(jobs), [shape]);
  const props = { jobs: byId, layout, selected, onSelect, now };

  return (
    <section ref={root} className={styles.graph} aria-label="Jobs">
      <fieldset className={styles.views}>
        <legend className="sr-only">Show the jobs as</legend>
        <Button size="s" kind="quiet" aria-pressed={view === 'graph'} onClick={() => setChosen('graph')}>
          Graph
        </Button>
        <Button size="s" kind="quiet" aria-pressed={view === 'list'} onClick={() => setChosen('list')}>
          List
        </Button>
      </fieldset>
      {view === 'graph' ? <Flow {...props} /> : <JobList {...props} />}
    </section>
  );
}
