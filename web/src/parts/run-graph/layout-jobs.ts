import { Graph, layout } from '@dagrejs/dagre';

type Ordered = { readonly id: string; readonly needs: readonly string[] };

export type PlacedJob = { readonly id: string; readonly x: number; readonly y: number };

export type PlacedEdge = { readonly from: string; readonly to: string };

export type JobLayout = {
  /** Top left corners, in the order in which people read: a job after all that it needs. */
  readonly jobs: readonly PlacedJob[];
  /** Without those that a longer way already shows. */
  readonly edges: readonly PlacedEdge[];
};

/** Every node has this size, so that nothing moves when a name or a status changes. */
export const NODE_SIZE = { width: 256, height: 68 } as const;

const GAP = { nodesep: 20, ranksep: 56 } as const;

/** Depends on ids and `needs` alone: a status never moves a job. */
export function layoutJobs(jobs: readonly Ordered[]): JobLayout {
  const edges = shownEdges(jobs);
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', ...GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  // By number: dagre keeps its nodes in plain objects, where an id such as `__proto__` would do harm.
  const numbers = new Map(jobs.map(({ id }, index) => [id, `n${index}`]));
  const numberOf = (id: string) => numbers.get(id) ?? '';
  for (const { id } of jobs) graph.setNode(numberOf(id), { ...NODE_SIZE });
  for (const { from, to } of edges) graph.setEdge(numberOf(from), numberOf(to));
  layout(graph);
  const placed = jobs.map(({ id }) => {
    const node = graph.node(numberOf(id));
    return { id, x: (node.x ?? 0) - NODE_SIZE.width / 2, y: (node.y ?? 0) - NODE_SIZE.height / 2 };
  });
  if (isUpsideDown(placed)) for (const job of placed) job.y = -job.y;
  // Column by column, from the top: every edge leads to a later column.
  return { jobs: placed.sort((a, b) => a.x - b.x || a.y - b.y), edges };
}

/** More jobs of a column stand below later ones than above: mirrored, the picture follows the definition. */
function isUpsideDown(placed: readonly PlacedJob[]): boolean {
  let score = 0;
  for (const [index, job] of placed.entries()) {
    for (const later of placed.slice(index + 1)) if (later.x === job.x) score += Math.sign(later.y - job.y);
  }
  return score < 0;
}

/** The edges whose removal would lose something: `a → c` says nothing new next to `a → b → c`. */
function shownEdges(jobs: readonly Ordered[]): readonly PlacedEdge[] {
  const known = new Map(jobs.map(job => [job.id, job]));
  const above = new Map<string, ReadonlySet<string>>();
  const ancestors = (id: string): ReadonlySet<string> => {
    const found = above.get(id);
    if (found !== undefined) return found;
    // Stands in while it is being made, so that a cycle (which no saved pipeline has) ends.
    above.set(id, new Set());
    const needs = (known.get(id)?.needs ?? []).filter(one => known.has(one));
    const all = new Set(needs.flatMap(one => [one, ...ancestors(one)]));
    above.set(id, all);
    return all;
  };
  return jobs.flatMap(({ id, needs }) => {
    const real = [...new Set(needs)].filter(one => known.has(one) && one !== id);
    return real
      .filter(from => !real.some(other => other !== from && ancestors(other).has(from)))
      .map(from => ({ from, to: id }));
  });
}
