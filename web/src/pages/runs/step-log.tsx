import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { PipelineJobPartial, PipelineRun, PipelineStep } from '../../api/types.ts';
import type { LinePlace, LogSection } from '../../parts/log-view/log-line.ts';
import { LogView } from '../../parts/log-view/log-view.tsx';
import { Button, ErrorPanel, LoadingRows } from '../../ui/index.ts';
import styles from './run.module.css';
import { isOver, logKey, readKey } from './watch/run-state.ts';
import type { Watched } from './watch/use-run.ts';

type Props = {
  readonly watched: Watched;
  readonly run: PipelineRun;
  readonly job: PipelineJobPartial;
  readonly step: PipelineStep;
  readonly address: string;
};

/** The log of one step. A long one that is over is read in parts, when somebody wants more of it. */
export function StepLogView({ watched, run, job, step, address }: Props) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const id = logKey(job.id, step.index);
  const log = watched.logs.get(id);
  const lines = useMemo(() => log?.pages.flatMap(page => page.lines) ?? [], [log?.pages]);
  const { name, status } = step;
  const sections: readonly LogSection[] = useMemo(
    () => [{ id, title: name, status, lines }],
    [id, name, status, lines],
  );
  const line = Number(search.get('line') ?? Number.NaN);
  const hrefOf = (place: LinePlace): string => `${address}?step=${step.index + 1}&line=${place.line}`;
  const error = watched.failed.get(readKey('log', job.id, step.index));
  const failure =
    error === undefined ? null : <ErrorPanel title="The log could not be read" error={error} again={watched.again} />;
  if (failure !== null && lines.length === 0) return <div className={styles.log}>{failure}</div>;
  if (log === undefined) return <LoadingRows rows={4} label="Loading the log" />;
  const hasMore = log.next !== undefined && isOver(step) && log.pages.length >= log.wanted;
  if (lines.length === 0) {
    return (
      <p className={styles.noLines}>{isOver(step) ? 'It wrote no lines to its log.' : 'Its log has no lines yet.'}</p>
    );
  }
  return (
    <div className={styles.log}>
      {failure}
      {hasMore ? (
        <div className={styles.logMore}>
          <p>
            This is a long log: its first {lines.length.toLocaleString('en-GB')} lines are here. Search, copy and
            download are about these.
          </p>
          <Button size="s" onClick={() => watched.moreLines(job.id, step.index)}>
            Load more lines
          </Button>
        </div>
      ) : null}
      <LogView
        sections={sections}
        live={!isOver(step)}
        titled={false}
        label={`Log of step ${step.index + 1}`}
        fileName={`${run.pipeline_id}-${run.id.slice(-8)}-${job.id}-${step.index + 1}.log`}
        target={Number.isInteger(line) && line > 0 ? { section: id, line } : undefined}
        hrefOf={place => `/ui${hrefOf(place)}`}
        onLine={place => void navigate(hrefOf(place), { replace: true, preventScrollReset: true })}
      />
    </div>
  );
}
