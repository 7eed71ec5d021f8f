import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { createContext, type KeyboardEvent, type ReactNode, useContext, useEffect, useRef } from 'react';
import type { GraphJob } from './graph-job.ts';
import { JobFace, toneOf } from './job-face.tsx';
import styles from './run-graph.module.css';

export type JobNodeType = Node<{ readonly job: GraphJob; readonly selected: boolean }, 'job'>;

/** What a node needs of the graph; by context, because React Flow makes the nodes. */
export type GraphContext = {
  /** The job that waits for the focus; it may have to come into view first. */
  readonly wanted: string | undefined;
  readonly onFocused: () => void;
  readonly onSelect: (id: string) => void;
  readonly onKey: (event: KeyboardEvent, id: string) => void;
  readonly now: () => number;
};

export const JobGraphContext = createContext<GraphContext>({
  wanted: undefined,
  onFocused: () => undefined,
  onSelect: () => undefined,
  onKey: () => undefined,
  now: () => 0,
});

export function JobNode({ id, data: { job, selected } }: NodeProps<JobNodeType>): ReactNode {
  const { wanted, onFocused, onSelect, onKey, now } = useContext(JobGraphContext);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (wanted !== id) return;
    button.current?.focus({ preventScroll: true });
    onFocused();
  }, [wanted, id, onFocused]);
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className={styles.handle ?? ''} />
      <button
        ref={button}
        type="button"
        // Neither a click nor a key on a job moves the picture.
        className={`nopan nodrag ${styles.job} ${toneOf(job)} ${selected ? styles.selected : ''}`}
        aria-current={selected ? 'true' : undefined}
        data-job={id}
        onClick={() => onSelect(id)}
        onKeyDown={event => onKey(event, id)}
      >
        <JobFace job={job} now={now} />
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} className={styles.handle ?? ''} />
    </>
  );
}
