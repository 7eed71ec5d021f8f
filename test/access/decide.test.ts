import { expect, test } from 'vitest';
import { decide } from '../../src/access/decide.ts';
import { decisions } from '../fixtures/access/decisions.ts';

for (const row of decisions) {
  const who = row.roles.map(role => `${role.role}@${role.org}`).join(' + ') || 'nobody';
  test(`${who}: ${row.permission} on ${Object.values(row.resource).join('/')} -> ${row.allowed ? 'yes' : 'no'}`, () => {
    const decision = decide(row.roles, row.permission, row.resource);
    expect(decision).toMatchObject({
      allowed: row.allowed,
      ...(row.allowed ? {} : { visible: row.hidden !== true }),
      reason: expect.stringContaining(row.reason),
    });
  });
}
