import type { Item, Table, Value, Write, Written } from '../../../src/ports/table.ts';

const OPEN = ['pending', 'executing', 'queued', 'waiting'];
const isTerminal = (status: Value | undefined): status is string =>
  typeof status === 'string' && !OPEN.includes(status);

/** What is durable right now, and what no write may ever do. */
export type Ledger = {
  readonly table: Table;
  item(pk: string, sk: string): Item | undefined;
  /** Rules that a write broke. */
  readonly broken: readonly string[];
};

/**
 * Looks at every write that a table answers, in the order of the answers. `more`: what else is to be said of an item that
 * was written; it sees the ledger as it is then.
 */
export function keepLedger(
  behind: Table,
  more: (after: Item, items: ReadonlyMap<string, Item>) => readonly string[] = () => [],
): Ledger {
  const items = new Map<string, Item>();
  const broken: string[] = [];
  const keyOf = (pk: string, sk: string): string => `${pk} ${sk}`;
  const note = (write: Write, { done, item }: Written): void => {
    if (!done) return;
    if ('delete' in write) {
      items.delete(keyOf(write.delete.pk, write.delete.sk));
      return;
    }
    const now = 'put' in write ? write.put : item;
    if (now === undefined) throw new Error('an update that was done answers no item');
    broken.push(...problemsOf(items.get(keyOf(now.pk, now.sk)), now));
    items.set(keyOf(now.pk, now.sk), now);
    broken.push(...more(now, items));
  };
  return {
    broken,
    item: (pk, sk) => items.get(keyOf(pk, sk)),
    table: {
      ...behind,
      async write(write) {
        const written = await behind.write(write);
        note(write, written);
        return written;
      },
      async writeInOrder(groups) {
        const written = await behind.writeInOrder(groups);
        const writes = groups.flat();
        for (const [place, answer] of written.entries()) {
          const write = writes[place];
          if (write !== undefined) note(write, answer);
        }
        return written;
      },
    },
  };
}

/** A run or a job that is over stays as it is, and so does every step of it that is over. */
function problemsOf(before: Item | undefined, after: Item): string[] {
  const problems: string[] = [];
  const name = `${after.pk} ${after.sk}`;
  const changed = (what: string, was: Value | undefined, is: Value | undefined): void => {
    if (isTerminal(was) && was !== is) problems.push(`${name}: ${what} was ${was} and became ${String(is)}`);
  };
  changed('it', before?.status, after.status);
  const stepsBefore = stepsOf(before);
  const stepsAfter = stepsOf(after);
  for (const [place, step] of stepsBefore.entries()) changed(`step ${place}`, step, stepsAfter[place]);
  if (after.pk.startsWith('RUNS#')) {
    const over = isTerminal(after.status);
    // Whoever ends an abandoned run takes it out of the index last.
    if (!over && after.gsi2pk === undefined)
      problems.push(`${name}: ${after.status}, and not in the index of open runs`);
    if (over && after.token !== undefined) problems.push(`${name}: over, with a task token`);
  }
  return problems;
}

function stepsOf(item: Item | undefined): (Value | undefined)[] {
  const steps = item?.steps;
  if (!Array.isArray(steps)) return [];
  return steps.map(step => (typeof step === 'object' && step !== null && 'status' in step ? step.status : undefined));
}

/** Status of a job and of its steps as they are durable. */
export function durableJob(item: Item | undefined): {
  readonly status: Value | undefined;
  readonly steps: readonly (Value | undefined)[];
} {
  return { status: item?.status, steps: stepsOf(item) };
}
