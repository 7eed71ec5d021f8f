import { expect, test } from 'vitest';
import { openTable } from '../../local/table/open-table.ts';
import type { HeldRole } from '../../src/access/roles.ts';
import type { Table } from '../../src/ports/table.ts';
import { hasAdministrator } from '../../src/store/administrators.ts';
import { changeRole, putRole, removeRole } from '../../src/store/roles.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

const [ADA, BOB] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'] as const;
const administrator: HeldRole = { scope: 'org', org: 'acme', role: 'administrator' };
const member: HeldRole = { ...administrator, role: 'member' };

/** Calls of one request before it is held, at most: it is through by then. */
const MOST_CALLS = 8;

/** Stops before its `calls`th call, until it is let go. */
function held(real: Table, calls: number) {
  let count = 0;
  let letGo = (): void => undefined;
  let arrive = (): void => undefined;
  const gate = new Promise<void>(resolve => {
    letGo = resolve;
  });
  const arrived = new Promise<void>(resolve => {
    arrive = resolve;
  });
  const pass = async (): Promise<void> => {
    count += 1;
    if (count !== calls) return;
    arrive();
    await gate;
  };
  const table: Table = {
    get: (...args) => pass().then(() => real.get(...args)),
    getMany: (...args) => pass().then(() => real.getMany(...args)),
    query: (...args) => pass().then(() => real.query(...args)),
    write: (...args) => pass().then(() => real.write(...args)),
    writeInOrder: (...args) => pass().then(() => real.writeInOrder(...args)),
  };
  return { table, arrived, letGo };
}

const steps: Readonly<Record<string, (table: Table) => Promise<unknown>>> = {
  'Bob becomes administrator': table => changeRole(table, BOB, member, 'administrator'),
  'Bob steps down': table => changeRole(table, BOB, administrator, 'member'),
  'Bob is removed': table => removeRole(table, BOB, administrator),
  'Ada steps down': table => changeRole(table, ADA, administrator, 'member'),
};

const [GRANT, DEMOTE, REMOVE, RESIGN] = Object.keys(steps);
const orders = [DEMOTE, REMOVE].flatMap(end => {
  const three = [GRANT ?? '', end ?? '', RESIGN ?? ''];
  return three.flatMap(a => three.flatMap(b => three.flatMap(c => (new Set([a, b, c]).size === 3 ? [[a, b, c]] : []))));
});

/** The first is held at each of its calls, then the second at each of its own; the third goes through, and both go on. */
test.each(orders)('an org keeps an administrator: %s, %s, %s', async (first = '', second = '', third = '') => {
  for (let one = 1; one <= MOST_CALLS; one += 1) {
    for (let two = 1; two <= MOST_CALLS; two += 1) {
      for (const order of ['first', 'second'] as const) {
        const real = openTable({ file: ':memory:', clock: createFakeClock(), sweepSeconds: 0 });
        await putRole(real, ADA, administrator, 1);
        await putRole(real, BOB, member, 1);
        const [a, b] = [held(real, one), held(real, two)];
        const goA = steps[first]?.(a.table) ?? Promise.reject(new Error(first));
        await Promise.race([a.arrived, goA]);
        const goB = steps[second]?.(b.table) ?? Promise.reject(new Error(second));
        await Promise.race([b.arrived, goB]);
        await steps[third]?.(real);
        const [[sooner, goes], [later, comes]] =
          order === 'first'
            ? ([
                [a, goA],
                [b, goB],
              ] as const)
            : ([
                [b, goB],
                [a, goA],
              ] as const);
        sooner.letGo();
        await goes;
        later.letGo();
        await comes;
        const roles = (await Promise.all([ADA, BOB].map(id => readRoles(real, id)))).flat();
        expect(roles, `held at ${one} and ${two}, the ${order} goes on first`).toContain('administrator');
        expect(await hasAdministrator(real, 'acme')).toBe(true);
        await real.close();
      }
    }
  }
});

async function readRoles(table: Table, subject: string): Promise<readonly unknown[]> {
  const item = await table.get({ pk: `SUBJECT#${subject}`, sk: 'ROLE#acme' }, { consistent: true });
  return item === undefined ? [] : [item.role];
}
