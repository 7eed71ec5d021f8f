import fc from 'fast-check';
import type { Condition, IndexName, Key, Query, Test, Update, Value, Write } from '../../../src/ports/table.ts';
import type { Fault } from './given.ts';

export type Operation =
  | { readonly do: 'write'; readonly write: Write }
  | { readonly do: 'writeInOrder'; readonly groups: readonly (readonly Write[])[] }
  | { readonly do: 'get'; readonly key: Key }
  | { readonly do: 'getMany'; readonly keys: readonly Key[] }
  | { readonly do: 'pages'; readonly query: Query & { readonly limit: number } }
  | { readonly do: 'index'; readonly query: Query & { readonly index: IndexName } };

/** Random sequences over so few keys, names and values that they often meet. All partitions start with `of`. */
export function operations(of: string, faults: readonly Fault[]): fc.Arbitrary<readonly Operation[]> {
  const { write, key, partition, sortKey } = writes(of, faults);
  const group = fc.uniqueArray(write, { maxLength: 4, selector: one => JSON.stringify(keyOf(one)) });
  const range: fc.Arbitrary<Omit<Query, 'pk'>> = fc.oneof(
    fc.constant({}),
    fc.record({ prefix: fc.constantFrom('', 'a', 'a#', 'ﬀ') }),
    fc.record({ from: sortKey, to: sortKey }, { requiredKeys: [] }),
  );
  const query = fc.tuple(partition, range, fc.boolean()).map(([pk, bounds, reverse]) => ({ pk, ...bounds, reverse }));
  const limit = fc.integer({ min: 1, max: 3 });
  const index = fc.constantFrom('gsi1' as const, 'gsi2' as const);
  const operation = fc.oneof(
    { weight: 6, arbitrary: write.map((one): Operation => ({ do: 'write', write: one })) },
    {
      weight: 2,
      arbitrary: fc.array(group, { maxLength: 3 }).map((groups): Operation => ({ do: 'writeInOrder', groups })),
    },
    { weight: 1, arbitrary: key.map((one): Operation => ({ do: 'get', key: one })) },
    { weight: 1, arbitrary: fc.array(key, { maxLength: 5 }).map((keys): Operation => ({ do: 'getMany', keys })) },
    {
      weight: 2,
      arbitrary: fc.tuple(query, limit).map(([one, most]): Operation => {
        return { do: 'pages', query: { ...one, limit: most, consistent: true } };
      }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(query, index).map(([one, name]): Operation => {
        return { do: 'index', query: { ...one, index: name } };
      }),
    },
  );
  return fc.array(operation, { minLength: 5, maxLength: 25 });
}

function writes(of: string, faults: readonly Fault[]) {
  const name = fc.constantFrom('a', 'b', faults.includes('inherited attributes') ? 'name' : 'constructor');
  // U+FB00 is before U+1F600 in UTF-8 and behind it in UTF-16.
  const beforeEmoji = faults.includes('utf-16 order') ? 'z' : 'ﬀ';
  const sortKey = fc.constantFrom('a', 'a#1', 'a#2', 'b', beforeEmoji, '😀');
  const text = fc.constantFrom('', 'x', 'y', '😀', 'a#1', beforeEmoji);
  const scalar = fc.oneof(text, fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 2 ** 40), fc.boolean());
  const value: fc.Arbitrary<Value> = fc.oneof(
    { weight: 4, arbitrary: scalar },
    fc.constant(null),
    fc.array(scalar, { maxLength: 2 }),
    fc.record({ inner: scalar }),
  );
  const when = conditions(name, scalar);
  const partition: fc.Arbitrary<string> = fc.constantFrom(`${of}p`, `${of}q`);
  const key = fc.record({ pk: partition, sk: sortKey });
  const indexed = fc.record(
    { gsi1pk: partition, gsi1sk: sortKey, gsi2pk: partition, gsi2sk: sortKey },
    { requiredKeys: [] },
  );
  const put = fc
    .tuple(fc.dictionary(name, value, { maxKeys: 3 }), indexed, key, when)
    .map(([body, index, at, condition]): Write => ({ put: { ...body, ...index, ...at }, ...condition }));
  const change = fc.oneof(
    value.map(to => ({ set: to })),
    fc.constantFrom(1, -2, 0.25).map(amount => ({ add: amount })),
    fc.array(value, { maxLength: 2 }).map(list => ({ append: list })),
    fc.constant({ remove: true as const }),
  );
  const update = fc
    .tuple(key, indexed, fc.dictionary(name, change, { maxKeys: 3 }), fc.subarray(['gsi1pk', 'gsi2pk']), when)
    .map(([at, index, changes, unset, condition]): Write => {
      return { update: at, ...updateOf(changes, index, unset), ...condition };
    });
  const remove = fc.tuple(key, when).map(([at, condition]): Write => ({ delete: at, ...condition }));
  return { write: fc.oneof(put, update, remove), key, partition, sortKey };
}

type Scalar = string | number | boolean;

function conditions(name: fc.Arbitrary<string>, scalar: fc.Arbitrary<Scalar>): fc.Arbitrary<{ when?: Condition }> {
  const presence = fc.record({
    name: fc.oneof(name, fc.constant('pk')),
    is: fc.constantFrom('absent' as const, 'present' as const),
  });
  const equality = fc.record({ name, is: fc.constantFrom('=' as const, '<>' as const), value: scalar });
  const order = fc.record({
    name,
    is: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
    value: scalar.filter(value => typeof value !== 'boolean'),
  });
  const test: fc.Arbitrary<Test> = fc.oneof(presence, equality, order);
  const condition = fc.array(fc.array(test, { minLength: 1, maxLength: 2 }), { maxLength: 2 });
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, fc.record({ when: condition }));
}

type Change = { set: Value } | { add: number } | { append: readonly Value[] } | { remove: true };

function updateOf(
  changes: Record<string, Change>,
  index: Record<string, string>,
  unset: readonly string[],
): Omit<Update, 'update' | 'when'> {
  const set: Record<string, Value> = {};
  const add: Record<string, number> = {};
  const append: Record<string, readonly Value[]> = {};
  const remove = [...unset];
  for (const [name, change] of Object.entries(changes)) {
    if ('set' in change) set[name] = change.set;
    else if ('add' in change) add[name] = change.add;
    else if ('append' in change) append[name] = change.append;
    else remove.push(name);
  }
  for (const [name, value] of Object.entries(index)) if (!unset.includes(name)) set[name] = value;
  return { set, add, append, remove };
}

function keyOf(write: Write): Key {
  const { pk, sk } = 'put' in write ? write.put : 'update' in write ? write.update : write.delete;
  return { pk, sk };
}
