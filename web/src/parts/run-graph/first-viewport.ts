import { type JobLayout, NODE_SIZE } from './layout-jobs.ts';

type Size = { readonly width: number; readonly height: number };

export type Viewport = { readonly x: number; readonly y: number; readonly zoom: number };

/** Names are readable down to this size; whoever wants to see all jobs at once asks for it. */
export const LEAST_ZOOM = 0.75;

/** Pixels around the jobs. */
const MARGIN = 24;

/** Pixels from the top of the picture to its bottom, if nothing is made smaller in it. */
export const wholeHeight = (layout: JobLayout): number => Math.ceil(boxOf(layout).height) + 2 * MARGIN;

function boxOf({ jobs }: JobLayout) {
  const xs = jobs.map(job => job.x);
  const ys = jobs.map(job => job.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const width = Math.max(...xs) + NODE_SIZE.width - left;
  const height = Math.max(...ys) + NODE_SIZE.height - top;
  return { left, top, width, height };
}

/** All jobs, however small they get. */
export function wholeViewport(layout: JobLayout, frame: Size): Viewport {
  const { left, top, width, height } = boxOf(layout);
  const zoom = Math.min(1, (frame.width - 2 * MARGIN) / width, (frame.height - 2 * MARGIN) / height);
  return {
    zoom,
    x: (frame.width - width * zoom) / 2 - left * zoom,
    y: (frame.height - height * zoom) / 2 - top * zoom,
  };
}

/** All jobs, if they can be read then; else those that begin, at the left, or the selected one in the middle. */
export function firstViewport(layout: JobLayout, frame: Size, selected: string | undefined): Viewport {
  const whole = wholeViewport(layout, frame);
  if (whole.zoom >= LEAST_ZOOM) return whole;
  const { jobs } = layout;
  const { left, top, width, height } = boxOf(layout);
  const zoom = LEAST_ZOOM;
  const chosen = jobs.find(job => job.id === selected);
  const centre = chosen ?? jobs[0] ?? { x: 0, y: 0 };
  const y = frame.height / 2 - (centre.y + NODE_SIZE.height / 2) * zoom;
  const begin = MARGIN - left * zoom;
  const fits = chosen === undefined || begin + (chosen.x + NODE_SIZE.width) * zoom <= frame.width - MARGIN;
  const x = fits ? begin : frame.width / 2 - (centre.x + NODE_SIZE.width / 2) * zoom;
  return {
    zoom,
    x: clamped(x, left * zoom, width * zoom, frame.width),
    y: clamped(y, top * zoom, height * zoom, frame.height),
  };
}

/** Nothing but the margin is shown beyond the first and the last job; fewer than fill the frame begin at its start. */
function clamped(offset: number, start: number, size: number, room: number): number {
  const first = MARGIN - start;
  const last = room - MARGIN - start - size;
  return Math.min(first, Math.max(last, offset));
}
