import { expect, it } from 'vitest';
import { measureUnits } from './units.ts';

it('a run stays within its billed units', async () => {
  const rows = await measureUnits();
  expect(rows.length).toBe(4);
  for (const { title, units, limits } of rows) {
    expect(units.transitions, title).toBeLessThanOrEqual(limits.transitions);
    expect(units.invocations, title).toBeLessThanOrEqual(limits.invocations);
    expect(units.writeUnits, title).toBeLessThanOrEqual(limits.writeUnits);
    expect(units.readUnits, title).toBeLessThanOrEqual(limits.readUnits);
    expect(units.events, title).toBeLessThanOrEqual(limits.events);
    // Nothing that is counted can be free: a meter that counts nothing would pass everything above.
    expect(
      Math.min(units.transitions, units.invocations, units.writeUnits, units.readUnits, units.events),
      title,
    ).toBeGreaterThan(0);
  }
});
