/** Names in one message; a message stays short however much was declared. */
const MAX_NAMES = 24;

/** "`a`, `b` and `c`"; the end of a long list is counted. */
export function quoteAll(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map(name => `\`${name}\``);
  const rest = names.length - shown.length;
  return joinWith('and', rest === 0 ? shown : [...shown, `${rest} more`]);
}

/** "a, b or c" */
export function joinWith(word: 'and' | 'or', words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** "1 item", "3 items" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
