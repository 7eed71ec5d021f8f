import { describe, expect, test } from 'vitest';
import { findHits, MAX_HITS } from '../../web/src/parts/log-view/find-hits.ts';
import { hitsByRow } from '../../web/src/parts/log-view/hits-by-row.ts';
import type { Level, LogSection } from '../../web/src/parts/log-view/log-line.ts';
import { logRows } from '../../web/src/parts/log-view/log-rows.ts';
import { logText, rangeOf } from '../../web/src/parts/log-view/log-text.ts';

const at = '2026-01-01T00:00:00.000Z';
const line = (message: string, level: Level = 'info') => ({ at, level, message });
const ALL = { least: 'debug', closed: new Set<string>() } as const;

const sections: readonly LogSection[] = [
  {
    id: '0',
    title: 'Build',
    status: 'succeeded',
    lines: [line('start'), line('detail', 'debug'), line('oops', 'error')],
  },
  { id: '1', title: 'Deploy', status: 'executing', lines: [] },
];

function printed(rows: ReturnType<typeof logRows>): readonly string[] {
  return rows.map(row => {
    if (row.kind === 'section') return `${row.open ? '-' : '+'} ${row.section.title} (${row.hidden})`;
    return row.kind === 'empty' ? row.words : `${row.number} ${row.line.message}`;
  });
}

describe('logRows', () => {
  test.each([
    ['everything', ALL, ['- Build (0)', '1 start', '2 detail', '3 oops', '- Deploy (0)', 'No lines yet.']],
    [
      'errors keep their numbers',
      { ...ALL, least: 'error' },
      ['- Build (2)', '3 oops', '- Deploy (0)', 'No lines yet.'],
    ],
    ['a closed section', { ...ALL, closed: new Set(['0']) }, ['+ Build (0)', '- Deploy (0)', 'No lines yet.']],
  ] as const)('%s', (_, filter, expected) => {
    expect(printed(logRows(sections, filter))).toEqual(expected);
  });

  test('says why nothing is there', () => {
    const done: LogSection = { id: '1', title: 'Deploy', status: 'succeeded', lines: [] };
    expect(printed(logRows([done], ALL))).toEqual(['- Deploy (0)', 'This step wrote no lines.']);
    const quiet = { ...done, lines: [line('x')] };
    expect(printed(logRows([quiet], { ...ALL, least: 'error' }))).toEqual([
      '- Deploy (1)',
      'All lines are below the chosen level.',
    ]);
  });
});

describe('findHits', () => {
  const rows = logRows(
    [
      {
        id: '0',
        title: 'oops',
        lines: [line('Oops, oops'), line('\u001b[31mo\u001b[0mops'), line('a.b [x] a\u202eb')],
      },
    ],
    ALL,
  );

  test.each([
    [
      'oops',
      [
        [1, 0, 4],
        [1, 6, 10],
        [2, 0, 4],
      ],
    ],
    ['', []],
    ['a.b', [[3, 0, 3]]],
    ['[x', [[3, 4, 6]]],
    ['u+202e', [[3, 10, 16]]],
    ['.*', []],
  ])('%j', (words, expected) => {
    expect(findHits(rows, words).map(({ row, start, end }) => [row, start, end])).toEqual(expected);
  });

  test('ends at a bound', () => {
    const many = logRows([{ id: '0', title: '', lines: [line('e'.repeat(MAX_HITS + 10))] }], ALL);
    expect(findHits(many, 'E')).toHaveLength(MAX_HITS);
  });

  test('the current hit is one of its row', () => {
    expect([...hitsByRow(findHits(rows, 'oops'), 1)]).toEqual([
      [
        1,
        [
          { start: 0, end: 4 },
          { start: 6, end: 10, current: true },
        ],
      ],
      [2, [{ start: 0, end: 4 }]],
    ]);
  });
});

describe('logText', () => {
  test('all of several sections', () => {
    expect(logText(sections, false)).toBe('## Build\nstart\nDEBUG detail\nERROR oops\n## Deploy\n');
  });

  test('a range, with times', () => {
    expect(logText(sections, true, { section: '0', from: 2, to: 3 })).toBe(`${at} DEBUG detail\n${at} ERROR oops\n`);
  });

  test('escape sequences do not reach the clipboard', () => {
    expect(logText([{ id: '0', title: 'a', lines: [line('\u001b[31mred\u0007')] }], false)).toBe('red⟦U+0007⟧\n');
  });
});

test.each([
  [undefined, { section: '0', from: 5, to: 5 }],
  [
    { section: '0', line: 9 },
    { section: '0', from: 5, to: 9 },
  ],
  [
    { section: '0', line: 2 },
    { section: '0', from: 2, to: 5 },
  ],
  [
    { section: '1', line: 2 },
    { section: '0', from: 5, to: 5 },
  ],
])('rangeOf %j to line 5', (anchor, expected) => {
  expect(rangeOf(anchor, { section: '0', line: 5 })).toEqual(expected);
});
