import type { Completion, Completions, Known } from './completion.ts';
import { expressionNames } from './expression-names.ts';
import { FUNCTIONS, type Names } from './expression-words.ts';
import type { YamlPlace } from './yaml-place.ts';

/** Characters that an expression may have before the cursor; longer ones get no help. */
const MAX_BEFORE = 2_000;

/** The part of an expression that stands before the cursor; undefined: the cursor is in none. */
export function expressionBefore(text: string, offset: number, place: YamlPlace | undefined): string | undefined {
  const before = text.slice(Math.max(0, offset - MAX_BEFORE), offset);
  const open = before.lastIndexOf('${{');
  if (open !== -1 && !before.slice(open).includes('}}')) return before.slice(open + 3);
  // An `if` is an expression without the braces, too.
  const { path, role } = place ?? { path: [], role: 'key' };
  if (
    path.at(-1) !== 'if' ||
    path[0] !== 'jobs' ||
    role === 'key' ||
    before.lastIndexOf('}}') > before.lastIndexOf('\n')
  )
    return undefined;
  return /(?:^|\n)[^\n]*?\bif:[ ]+(?<expression>[^\n]*)$/.exec(before)?.groups?.expression;
}

export function completeExpression(
  before: string,
  offset: number,
  place: YamlPlace,
  known: Known,
): Completions | undefined {
  // Inside of a text: an odd number of quotes.
  if ((before.split("'").length - 1) % 2 === 1) return undefined;
  const chain = /(?:[A-Za-z_][\w-]*\s*\.\s*)*[A-Za-z_]?[\w-]*$/.exec(before)?.[0] ?? '';
  if (/[\])]\.[\w-]*$/.test(before)) return undefined;
  const parts = chain.split('.').map(part => part.trim());
  const word = parts.at(-1) ?? '';
  let names: Names = expressionNames(place.document, place.path, known);
  for (const part of parts.slice(0, -1)) {
    names = (Object.hasOwn(names, part) ? names[part]?.names : undefined) ?? {};
  }
  const isFirst = parts.length === 1;
  const options = [
    ...Object.entries(names).map(([name, { info, names: inside }]): Completion => {
      const insert = isFirst && inside !== undefined ? `${name}.` : name;
      return {
        label: name,
        kind: 'context',
        ...(info === undefined ? {} : { info }),
        ...(insert === name ? {} : { insert }),
      };
    }),
    ...(isFirst ? functions(place) : []),
  ];
  return { from: offset - word.length, to: offset, options };
}

function functions({ path }: YamlPlace): readonly Completion[] {
  const isCondition = path.at(-1) === 'if';
  const isStep = path[0] === 'jobs' && path[2] === 'steps';
  return FUNCTIONS.filter(
    ({ status, name }) => (status !== true || isCondition) && (isStep || !['now', 'uuid'].includes(name)),
  ).map(({ name, form, info }) => ({
    label: name,
    kind: 'function',
    detail: form,
    info,
    insert: form === '()' ? `${name}()` : `${name}(`,
  }));
}
