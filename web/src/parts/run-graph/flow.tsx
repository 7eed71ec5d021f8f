import { type Edge, type NodeTypes, Position, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { firstViewport, LEAST_ZOOM, type Viewport, wholeHeight, wholeViewport } from './first-viewport.ts';
import type { GraphJob } from './graph-job.ts';
import { JobGraphContext, JobNode, type JobNodeType } from './job-node.tsx';
import { type JobLayout, NODE_SIZE } from './layout-jobs.ts';
import { moveOf, nextJob } from './next-job.ts';
import styles from './run-graph.module.css';

type Props = {
  readonly jobs: ReadonlyMap<string, GraphJob>;
  readonly layout: JobLayout;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly now: () => number;
};

const NODE_TYPES: NodeTypes = { job: JobNode };

/** Past this many lines they say nothing: then only those of the selected job are drawn. */
const MAX_EDGES = 300;

/** Room in pixels between a focused job and the border of the picture. */
const MARGIN = 24;

export function Flow(props: Props): ReactNode {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

function Picture({ jobs, layout, selected, onSelect, now }: Props): ReactNode {
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<string>();
  // It begins where it is to be: until its size is known it would show another part of the graph, and then jump.
  const [begin, setBegin] = useState<Viewport>();
  // React Flow draws once before it looks at where it is to begin.
  const [placed, setPlaced] = useState(false);
  useLayoutEffect(() => {
    const { current } = frame;
    if (begin === undefined && current !== null) setBegin(firstViewport(layout, sizeOf(current), selected));
  }, [begin, layout, selected]);
  const nodes = useMemo(() => nodesOf(jobs, layout, selected), [jobs, layout, selected]);
  const edges = useMemo(() => edgesOf(layout, selected), [layout, selected]);

  const bringIntoView = useCallback(
    (id: string) => {
      const place = layout.jobs.find(job => job.id === id);
      const box = frame.current?.getBoundingClientRect();
      if (place === undefined || box === undefined) return;
      const { x, y, zoom } = flow.getViewport();
      const left = place.x * zoom + x;
      const top = place.y * zoom + y;
      const fits =
        left >= MARGIN &&
        top >= MARGIN &&
        left + NODE_SIZE.width * zoom <= box.width - MARGIN &&
        top + NODE_SIZE.height * zoom <= box.height - MARGIN;
      const centre = { x: place.x + NODE_SIZE.width / 2, y: place.y + NODE_SIZE.height / 2 };
      if (!fits) void flow.setCenter(centre.x, centre.y, { zoom: Math.max(zoom, LEAST_ZOOM), duration: 0 });
    },
    [flow, layout],
  );
  const onKey = useCallback(
    (event: KeyboardEvent, id: string) => {
      const move = moveOf(event.key, event.shiftKey);
      const next = move === undefined ? undefined : nextJob(layout, id, move);
      // Tab past the last job leaves the graph; an arrow that leads nowhere does not scroll the page.
      if (move !== undefined && (next !== undefined || event.key !== 'Tab')) event.preventDefault();
      if (next === undefined) return;
      bringIntoView(next);
      setWanted(next);
    },
    [layout, bringIntoView],
  );
  const onFocused = useCallback(() => setWanted(undefined), []);
  const context = useMemo(
    () => ({ wanted, onFocused, onSelect, onKey, now }),
    [wanted, onFocused, onSelect, onKey, now],
  );

  return (
    <JobGraphContext value={context}>
      <div
        ref={frame}
        className={`${styles.picture} ${placed ? '' : styles.unplaced}`}
        style={{ maxHeight: wholeHeight(layout) }}
        data-roving
      >
        {begin === undefined ? null : (
          <ReactFlow<JobNodeType, Edge>
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            onlyRenderVisibleElements
            defaultViewport={begin}
            onInit={() => setPlaced(true)}
            minZoom={0.02}
            maxZoom={1.5}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            elementsSelectable={false}
            deleteKeyCode={null}
            selectionKeyCode={null}
            multiSelectionKeyCode={null}
            panActivationKeyCode={null}
            zoomActivationKeyCode="Control"
            // The wheel scrolls the page; with Control it zooms, as in maps.
            zoomOnScroll={false}
            preventScrolling={false}
            zoomOnDoubleClick={false}
            proOptions={{ hideAttribution: true }}
          />
        )}
      </div>
      <div className={styles.tools}>
        <IconButton label="Zoom in" icon={ZoomIn} onClick={() => void flow.zoomIn({ duration: 0 })} />
        <IconButton label="Zoom out" icon={ZoomOut} onClick={() => void flow.zoomOut({ duration: 0 })} />
        <IconButton
          label="Show all jobs"
          icon={Maximize}
          onClick={() => {
            const { current } = frame;
            if (current !== null) void flow.setViewport(wholeViewport(layout, sizeOf(current)), { duration: 0 });
          }}
        />
      </div>
      {layout.edges.length > MAX_EDGES ? (
        <p className={styles.note}>Too many lines to draw: those of the selected job are shown.</p>
      ) : null}
    </JobGraphContext>
  );
}

function sizeOf(element: HTMLElement) {
  return { width: element.clientWidth, height: element.clientHeight };
}

function nodesOf(jobs: Props['jobs'], layout: JobLayout, selected: string | undefined): JobNodeType[] {
  return layout.jobs.flatMap(({ id, x, y }) => {
    const job = jobs.get(id);
    if (job === undefined) return [];
    // Sizes are given, so that a node that was never drawn has a place, too.
    const handles = [
      { type: 'target' as const, position: Position.Left, x: 0, y: NODE_SIZE.height / 2, width: 1, height: 1 },
      {
        type: 'source' as const,
        position: Position.Right,
        x: NODE_SIZE.width,
        y: NODE_SIZE.height / 2,
        width: 1,
        height: 1,
      },
    ];
    return {
      id,
      type: 'job' as const,
      position: { x, y },
      ...NODE_SIZE,
      handles,
      data: { job, selected: id === selected },
    };
  });
}

function edgesOf({ edges }: JobLayout, selected: string | undefined): Edge[] {
  const shown = edges.length > MAX_EDGES ? edges.filter(({ from, to }) => from === selected || to === selected) : edges;
  return shown.map(({ from, to }) => ({
    id: `${from} ${to}`,
    source: from,
    target: to,
    className: (from === selected || to === selected ? styles.edgeSelected : styles.edge) ?? '',
  }));
}
