/**
 * The one place that knows expression strings. Names and values always travel as placeholders, so no attribute can be a
 * reserved word or break out. Grammar:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import { type Condition, INDEXES, type Query, type Test, type Update, type Value } from '../ports/table.ts';
import { type Attributes, encode } from './table-codec.ts';

type Placeholders = {
  name(name: string): string;
  value(value: Value): string;
  /** What a command takes; empty maps are refused by DynamoDB and left out. */
  attributes(): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Attributes };
};

export type ConditionExpression = ReturnType<Placeholders['attributes']> & { ConditionExpression?: string };
export type UpdateExpression = ConditionExpression & { UpdateExpression?: string };
export type KeyExpression = ReturnType<Placeholders['attributes']> & { KeyConditionExpression: string };

export function compileCondition(condition: Condition | undefined): ConditionExpression {
  const placeholders = createPlaceholders();
  const text = conditionText(condition, placeholders);
  return { ...(text && { ConditionExpression: text }), ...placeholders.attributes() };
}

export function compileUpdate({ set, add, remove, append, when }: Update): UpdateExpression {
  const placeholders = createPlaceholders();
  const { name, value } = placeholders;
  const sets = [
    ...Object.entries(set ?? {}).map(([key, to]) => `${name(key)}=${value(to)}`),
    ...Object.entries(append ?? {}).map(([key, list]) => {
      return `${name(key)}=list_append(if_not_exists(${name(key)},${value([])}),${value(list)})`;
    }),
  ];
  const adds = Object.entries(add ?? {}).map(([key, amount]) => `${name(key)} ${value(amount)}`);
  const removes = (remove ?? []).map(name);
  const update = [clause('SET', sets), clause('ADD', adds), clause('REMOVE', removes)].filter(Boolean).join(' ');
  const condition = conditionText(when, placeholders);
  return {
    ...(update && { UpdateExpression: update }),
    ...(condition && { ConditionExpression: condition }),
    ...placeholders.attributes(),
  };
}

export function compileKeys({ index, pk, prefix, from, to }: Query): KeyExpression {
  const names = index ? INDEXES[index] : { pk: 'pk', sk: 'sk' };
  const placeholders = createPlaceholders();
  const { name, value } = placeholders;
  const tests = [`${name(names.pk)}=${value(pk)}`];
  // Empty texts are refused as key values, and they bound nothing (an empty `to` never gets here).
  if (from && to !== undefined) tests.push(`${name(names.sk)} BETWEEN ${value(from)} AND ${value(to)}`);
  else if (from) tests.push(`${name(names.sk)}>=${value(from)}`);
  else if (to !== undefined) tests.push(`${name(names.sk)}<=${value(to)}`);
  else if (prefix) tests.push(`begins_with(${name(names.sk)},${value(prefix)})`);
  return { KeyConditionExpression: tests.join(' AND '), ...placeholders.attributes() };
}

/** Empty: always holds. */
function conditionText(condition: Condition | undefined, placeholders: Placeholders): string {
  if (!condition || condition.some(tests => tests.length === 0)) return '';
  if (condition.length === 0) {
    const pk = placeholders.name('pk');
    return `attribute_exists(${pk}) AND attribute_not_exists(${pk})`;
  }
  const lists = condition.map(tests => tests.map(test => testText(test, placeholders)).join(' AND '));
  return lists.join(' OR '); // AND binds tighter
}

function testText(test: Test, { name, value }: Placeholders): string {
  const place = name(test.name);
  switch (test.is) {
    case 'absent':
      return `attribute_not_exists(${place})`;
    case 'present':
      return `attribute_exists(${place})`;
    case '<>':
      // DynamoDB's own `<>` holds for an attribute that is absent.
      return `attribute_exists(${place}) AND ${place}<>${value(test.value)}`;
    case '=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${place}${test.is}${value(test.value)}`;
  }
}

function clause(keyword: string, parts: readonly string[]): string {
  return parts.length > 0 ? `${keyword} ${parts.join(',')}` : '';
}

function createPlaceholders(): Placeholders {
  const names = new Map<string, string>();
  const values: Attributes = {};
  let used = 0;
  return {
    name(name) {
      const known = names.get(name) ?? `#${names.size.toString(36)}`;
      names.set(name, known);
      return known;
    },
    value(value) {
      const placeholder = `:${(used++).toString(36)}`;
      values[placeholder] = encode(value);
      return placeholder;
    },
    attributes: () => ({
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...names].map(([name, placeholder]) => [placeholder, name])),
      }),
      ...(used > 0 && { ExpressionAttributeValues: values }),
    }),
  };
}
