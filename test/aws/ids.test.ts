import { describe, expect, it } from 'vitest';
import { systemIds } from '../../src/aws/ids.ts';

const many = (make: () => string) => Array.from({ length: 20_000 }, make);

describe('ids of the computer', () => {
  it('uuid is a random UUID, version 4', () => {
    const ids = many(systemIds.uuid);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('ordered is a UUID, version 7: later ones sort after earlier ones', () => {
    const ids = many(systemIds.ordered);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each([1, 16, 32])('random answers %i bytes, other ones each time', bytes => {
    expect(systemIds.random(bytes)).toHaveLength(bytes);
    const seen = new Set(Array.from({ length: 50 }, () => systemIds.random(bytes).join()));
    expect(seen.size).toBeGreaterThan(1);
  });
});
