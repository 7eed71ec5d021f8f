import { compareUtf8 } from '../../src/aws/compare-utf8.ts';
import { valueSize } from '../../src/aws/item-size.ts';
import { tableError } from '../../src/aws/table-error.ts';
import type { Condition, Item, Test, Update, Value } from '../../src/ports/table.ts';
import { addDecimals } from './decimal.ts';

export function holds(condition: Condition, item: Item | undefined): boolean {
  return condition.some(tests => tests.every(test => testHolds(test, item && attribute(item, test.name))));
}

/** The item after the update; `item` itself is left as it is. */
export function changed(item: Item, { set, add, append, remove }: Update): Item {
  const next: Record<string, Value> = { ...item, ...set };
  for (const [name, amount] of Object.entries(add ?? {})) {
    const old = attribute(item, name) ?? 0;
    if (typeof old !== 'number' || attribute(item, name) === null) throw wrongType(item, name, '`add` needs a number');
    next[name] = addDecimals(old, amount);
    valueSize(next[name], name);
  }
  for (const [name, values] of Object.entries(append ?? {})) {
    const old = attribute(item, name);
    if (old !== undefined && !Array.isArray(old)) throw wrongType(item, name, '`append` needs a list');
    next[name] = [...(old ?? []), ...values];
  }
  for (const name of remove ?? []) delete next[name];
  return { ...next, pk: item.pk, sk: item.sk };
}

function testHolds(test: Test, value: Value | undefined): boolean {
  switch (test.is) {
    case 'absent':
      return value === undefined;
    case 'present':
      return value !== undefined;
    case '=':
      return value === test.value;
    case '<>':
      return value !== undefined && value !== test.value;
    case '<':
      return order(value, test.value) < 0;
    case '<=':
      return order(value, test.value) <= 0;
    case '>':
      return order(value, test.value) > 0;
    case '>=':
      return order(value, test.value) >= 0;
  }
}

/** NaN, which is on no side of 0, when there is no order between them. */
function order(value: Value | undefined, other: string | number | boolean): number {
  if (typeof value === 'number' && typeof other === 'number') return value - other;
  if (typeof value === 'string' && typeof other === 'string') return compareUtf8(value, other);
  return Number.NaN;
}

/** An attribute may be called `constructor`. */
function attribute(item: Item, name: string): Value | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

function wrongType({ pk, sk }: Item, name: string, needs: string): Error {
  return tableError('WrongType', `the item ${pk} / ${sk} has another type at \`${name}\`: ${needs}`);
}
