import { describe, expect, test } from 'vitest';
import { readQuery } from '../../functions/api/event.ts';
import { createQueryReader } from '../../src/api/query.ts';
import { isRefusal } from '../../src/api/reply.ts';
import { parameters, read, refused } from '../fixtures/api/queries.ts';

const reader = createQueryReader(parameters);

describe('a query', () => {
  test.each(read)('%j is read', (query, values) => {
    expect(reader(readQuery(query))).toEqual({ values: { per_page: 50, ...values } });
  });

  test.each(refused)('%j is refused', (query, says) => {
    const refusal = reader(readQuery(query));
    if (!isRefusal(refusal)) return expect.fail(`read to ${JSON.stringify(refusal)}`);
    expect(refusal.refused).toBe('INVALID_QUERY');
    for (const part of says) expect(refusal.message).toContain(part);
  });
});
