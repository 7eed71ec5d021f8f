import { type IndentContext, indentService, syntaxTree } from '@codemirror/language';

/** A new line after `jobs:` begins deeper, or where what stands below begins; all else is as the language has it. */
export const indent = indentService.of((context, place) =>
  context.simulatedBreak === place ? columnUnderKey(context, place) : undefined,
);

function columnUnderKey(context: IndentContext, place: number): number | undefined {
  const { text, from } = context.lineAt(place, -1);
  const colon = syntaxTree(context.state).resolveInner(from + text.trimEnd().length, -1);
  const pair = colon.parent;
  if (colon.name !== ':' || pair?.parent?.name !== 'BlockMapping') return undefined;
  const below = colon.nextSibling;
  return below === null ? context.column(pair.from) + context.unit : context.column((below.firstChild ?? below).from);
}
