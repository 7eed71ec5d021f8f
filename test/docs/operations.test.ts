import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { priceOf } from '../bench/prices.ts';
import { UNIT_SHAPES } from '../bench/shapes.ts';

const GUIDE = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** Cells of the rows of the table below a head row. */
function tableBelow(head: string): readonly (readonly string[])[] {
  const [, below = ''] = GUIDE.split(`${head}\n`);
  const [table = ''] = below.split('\n\n');
  return table
    .split('\n')
    .slice(1)
    .map(row =>
      row
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
}

test('the table of settings has what a deployment may set, and nothing else', () => {
  const named = tableBelow('| setting | default | meaning |').flatMap(([cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(() => readSettings({ unknown: '' })).toThrow(new RegExp(`the settings are ${named.toSorted().join(', ')}$`));
});

test('the costs are numbers times prices, and the price list is that of the meter', () => {
  const rows = tableBelow('| a million runs | of each run | price of a million | USD |');
  const [total = [], ...costs] = rows.toReversed();
  for (const [what, times, price, usd] of costs)
    expect(Number(times) * Number(price), what).toBeCloseTo(Number(usd), 1);
  const sum = costs.reduce((all, [, , , usd]) => all + Number(usd), 0);
  expect(sum).toBeCloseTo(Number(total[3]?.replaceAll('*', '')), 2);
  const of = (what: string) => Number(costs.find(([name]) => name === what)?.[1]);
  const units = {
    transitions: of('state transitions'),
    invocations: of('invocations of functions'),
    writeUnits: of('write units'),
    readUnits: of('read units'),
    events: of('events out, which start nothing'),
  };
  const measured = costs.toReversed().slice(0, 7);
  expect(measured.reduce((all, [, , , usd]) => all + Number(usd), 0)).toBeCloseTo(priceOf(units), 1);
  // Not below what the bench lets a run of one step cost: the test there asserts that it stays within.
  for (const [name, limit] of Object.entries(UNIT_SHAPES[0]?.limits ?? {})) {
    expect(units[name as keyof typeof units], name).toBeLessThanOrEqual(limit); // as: the same names
  }
});

test('links within the page lead somewhere', () => {
  const headings = [...GUIDE.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...GUIDE.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter(anchor => !headings.includes(anchor ?? ''))).toEqual([]);
});
