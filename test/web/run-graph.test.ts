import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jobDuration } from '../../web/src/parts/run-graph/duration.ts';
import { layoutJobs, NODE_SIZE } from '../../web/src/parts/run-graph/layout-jobs.ts';
import { moveOf, nextJob } from '../../web/src/parts/run-graph/next-job.ts';

/** A job may need those before it. */
const graphs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 60 }).map(rows =>
  rows.map((needs, index) => ({
    id: `job-${index}`,
    needs: index === 0 ? [] : [...new Set(needs.map(one => `job-${one % index}`))],
  })),
);

function reach(edges: readonly { readonly from: string; readonly to: string }[]): ReadonlySet<string> {
  const pairs = new Set<string>();
  const visit = (start: string, at: string): void => {
    for (const { from, to } of edges) {
      if (from !== at || pairs.has(`${start} ${to}`)) continue;
      pairs.add(`${start} ${to}`);
      visit(start, to);
    }
  };
  for (const { from } of edges) visit(from, from);
  return pairs;
}

describe('layoutJobs', () => {
  test('no two jobs overlap, and every job stands right of what it needs', () => {
    fc.assert(
      fc.property(graphs, jobs => {
        const placed = layoutJobs(jobs).jobs;
        expect(placed.map(job => job.id).sort()).toEqual(jobs.map(job => job.id).sort());
        for (const [index, a] of placed.entries()) {
          for (const b of placed.slice(index + 1)) {
            const apart = Math.abs(a.x - b.x) >= NODE_SIZE.width || Math.abs(a.y - b.y) >= NODE_SIZE.height;
            expect(apart, `${a.id} and ${b.id}`).toBe(true);
          }
        }
        const at = new Map(placed.map((job, index) => [job.id, { index, x: job.x }]));
        for (const { id, needs } of jobs) {
          for (const need of needs) {
            expect(at.get(need)?.x).toBeLessThan(at.get(id)?.x ?? 0);
            expect(at.get(need)?.index).toBeLessThan(at.get(id)?.index ?? 0);
          }
        }
      }),
    );
  });

  test('edges that are left out change nothing of who comes after whom, and none could go', () => {
    fc.assert(
      fc.property(graphs, jobs => {
        const all = jobs.flatMap(({ id, needs }) => needs.map(from => ({ from, to: id })));
        const { edges } = layoutJobs(jobs);
        expect(reach(edges)).toEqual(reach(all));
        for (const edge of edges.slice(0, 5)) {
          expect(reach(edges.filter(other => other !== edge))).not.toEqual(reach(all));
        }
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['a need that does not exist', [{ id: 'a', needs: ['gone'] }], 0],
    ['a job that needs itself', [{ id: 'a', needs: ['a'] }], 0],
    [
      'a circle',
      [
        { id: 'a', needs: ['b'] },
        { id: 'b', needs: ['a'] },
      ],
      2,
    ],
    [
      'ids like members of objects',
      [
        { id: 'constructor', needs: [] },
        { id: '__proto__', needs: ['constructor'] },
      ],
      1,
    ],
  ])('%s is drawn all the same', (_, jobs, edges) => {
    const layout = layoutJobs(jobs);
    expect(layout.jobs).toHaveLength(jobs.length);
    expect(layout.edges.length).toBeLessThanOrEqual(edges);
    expect(layout.jobs.every(job => Number.isFinite(job.x) && Number.isFinite(job.y))).toBe(true);
  });
});

describe('nextJob', () => {
  //  a → b → d, a → c → d
  const layout = {
    jobs: [
      { id: 'a', x: 0, y: 50 },
      { id: 'b', x: 300, y: 0 },
      { id: 'c', x: 300, y: 100 },
      { id: 'd', x: 600, y: 50 },
    ],
    edges: [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'd' },
      { from: 'c', to: 'd' },
    ],
  };

  test.each([
    ['a', 'Tab', 'b'],
    ['b', 'Tab', 'c'],
    ['d', 'Tab', undefined],
    ['a', 'ArrowRight', 'b'],
    ['b', 'ArrowDown', 'c'],
    ['c', 'ArrowUp', 'b'],
    ['c', 'ArrowDown', undefined],
    ['c', 'ArrowRight', 'd'],
    ['c', 'ArrowLeft', 'a'],
    ['a', 'ArrowLeft', undefined],
    ['d', 'Home', 'a'],
    ['b', 'End', 'd'],
    ['gone', 'End', undefined],
  ])('from %s with %s', (from, key, to) => {
    const move = moveOf(key, false);
    expect(move === undefined ? 'no move' : nextJob(layout, from, move)).toBe(to);
  });

  test('Shift and Tab go back; other keys go nowhere', () => {
    expect(moveOf('Tab', true)).toBe('previous');
    expect(nextJob(layout, 'b', 'previous')).toBe('a');
    expect(nextJob(layout, 'a', 'previous')).toBeUndefined();
    expect(moveOf('x', false)).toBeUndefined();
    expect(moveOf('toString', false)).toBeUndefined();
  });
});

test.each([
  ['pending', undefined, undefined],
  ['skipped', '2026-01-01T00:00:09Z', undefined],
  ['executing', undefined, '10 s'],
  ['succeeded', '2026-01-01T00:00:09.900Z', '9 s'],
  ['failed', '2026-01-01T00:00:00.002Z', '2 ms'],
  ['failed', '2026-01-01T01:02:03Z', '1 h 2 min'],
  ['cancelled', '2025-12-31T23:59:59Z', '0 ms'],
] as const)('the duration of a job that is %s', (status, completedAt, expected) => {
  const job = { id: 'a', name: 'a', needs: [], status, startedAt: '2026-01-01T00:00:00Z' };
  const now = Date.parse('2026-01-01T00:00:10Z');
  expect(jobDuration(completedAt === undefined ? job : { ...job, completedAt }, now)).toBe(expected);
});
