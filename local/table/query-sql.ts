import { INDEXES, type Query } from '../../src/ports/table.ts';

export type Sql = { readonly text: string; readonly values: readonly (string | number)[] };

/** The same words give the same text, so that it can stand for its prepared statement. */
export function querySql({ index, pk, prefix, from, to, reverse, limit, after }: Query): Sql {
  const names = index ? INDEXES[index] : { pk: 'pk', sk: 'sk' };
  const tests = [`${names.pk} = ?`];
  const values: (string | number)[] = [pk];
  const test = (text: string, ...of: readonly (string | undefined)[]): void => {
    tests.push(text);
    values.push(...of.map(value => value ?? ''));
  };
  const low = from ?? prefix;
  if (low) test(`${names.sk} >= ?`, low);
  if (to !== undefined) test(`${names.sk} <= ?`, to);
  const end = prefix && behindPrefix(prefix);
  if (end) test(`${names.sk} < ?`, end);
  const side = reverse ? '<' : '>';
  if (after && index) test(`(${names.sk}, pk, sk) ${side} (?, ?, ?)`, after[names.sk], after.pk, after.sk);
  else if (after) test(`sk ${side} ?`, after.sk);
  const columns = index ? `pk, sk, ${names.pk}, ${names.sk}` : 'body';
  const direction = reverse ? 'DESC' : 'ASC';
  const order = (index ? [names.sk, 'pk', 'sk'] : ['sk']).map(name => `${name} ${direction}`).join(', ');
  values.push(limit ?? -1);
  return { text: `SELECT ${columns} FROM items WHERE ${tests.join(' AND ')} ORDER BY ${order} LIMIT ?`, values };
}

/** The first text behind all that start with `prefix`, in the order of UTF-8 bytes; none when there is no such text. */
function behindPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, character => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue;
    // The code points of surrogates are no characters: 0xD7FF is followed by 0xE000.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}
