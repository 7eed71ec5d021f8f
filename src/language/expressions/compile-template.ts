import type { Json } from '../../json.ts';
import { isList } from '../json-kind.ts';
import type { Path } from '../path.ts';
import { type Allowed, compileExpression, type ExpressionProblem } from './compile-expression.ts';
import { FUNCTIONS } from './functions.ts';
import type { Condition, Expression, Template } from './template.ts';

/** `path`: the string that holds the expression. */
export type TemplateProblem = ExpressionProblem & { readonly path: Path };

/** An expression of a template and the string that holds it. */
export type PlacedExpression = { readonly expression: Expression; readonly path: Path };

export type CompiledTemplate = {
  /** What is malformed stands as null. */
  readonly template: Template;
  readonly expressions: readonly PlacedExpression[];
  readonly problems: readonly TemplateProblem[];
};

type Collected = { readonly expressions: PlacedExpression[]; readonly problems: TemplateProblem[] };

const OPEN = '${{';

const NULL: Template = { kind: 'literal', value: null };

/** Compiles every `${{ … }}` in the value at `path`, however deep. A part without expressions becomes one literal. */
export function compileTemplate(value: Json, allowed: Allowed, path: Path = []): CompiledTemplate {
  const found: Collected = { expressions: [], problems: [] };
  const template = compile(value, path, allowed, found);
  return { template, ...found };
}

function compile(value: Json, path: Path, allowed: Allowed, found: Collected): Template {
  if (typeof value === 'string')
    return value.includes(OPEN) ? compileText(value, path, allowed, found) : literal(value);
  if (typeof value !== 'object' || value === null) return literal(value);
  if (isList(value)) {
    const items = value.map((item, index) => compile(item, [...path, index], allowed, found));
    return items.every(isLiteral) ? literal(value) : { kind: 'list', items };
  }
  const entries = Object.entries(value).map(
    ([key, entry]) => [key, compile(entry, [...path, key], allowed, found)] as const,
  );
  return entries.every(([, entry]) => isLiteral(entry)) ? literal(value) : { kind: 'map', entries };
}

function compileText(text: string, path: Path, allowed: Allowed, found: Collected): Template {
  const parts: (string | Expression)[] = [];
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf(OPEN, at);
    if (open !== at) parts.push(text.slice(at, open < 0 ? text.length : open));
    if (open < 0) break;
    const start = open + OPEN.length;
    const end = findEnd(text, start);
    if (end === undefined) return notClosed(open, path, found);
    const expression = compileOne(text.slice(start, end), start, path, allowed, found);
    parts.push(expression ?? '');
    at = end + 2;
  }
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object') return { kind: 'expression', expression: only };
  return { kind: 'text', parts };
}

function compileOne(
  source: string,
  base: number,
  path: Path,
  allowed: Allowed,
  found: Collected,
): Expression | undefined {
  const { expression, problems } = compileExpression(source, { path, offset: base }, allowed);
  for (const problem of problems) found.problems.push({ ...problem, path });
  if (expression !== undefined) found.expressions.push({ expression, path });
  return expression;
}

/**
 * Where the `}}` is that closes an expression; one inside a text of the expression does not count. When a quote is left
 * open the first `}}` has to do, so that the quote is what gets reported.
 */
function findEnd(text: string, start: number): number | undefined {
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text[at] === '}' && text[at + 1] === '}') return at;
  }
  const first = text.indexOf('}}', start);
  return first < 0 ? undefined : first;
}

export type CompiledCondition = Omit<CompiledTemplate, 'template'> & { readonly condition: Condition };

/** An `if`: a boolean, one `${{ … }}`, or an expression without braces. */
export function compileCondition(
  value: string | boolean,
  allowed: Omit<Allowed, 'status'>,
  path: Path = [],
): CompiledCondition {
  const found: Collected = { expressions: [], problems: [] };
  const template =
    typeof value === 'boolean' ? literal(value) : compileIf(value, path, { ...allowed, status: true }, found);
  const calls = (test: (name: string) => boolean): boolean =>
    found.expressions.some(({ expression }) => expression.functions.some(test));
  const cleansUp = calls(name => name === 'always' || name === 'cancelled');
  return { condition: { template, namesStatus: calls(asksStatus), cleansUp }, ...found };
}

function compileIf(text: string, path: Path, allowed: Allowed, found: Collected): Template {
  const open = text.indexOf(OPEN);
  const start = open < 0 ? 0 : open + OPEN.length;
  const end = open < 0 ? text.length : findEnd(text, start);
  if (end === undefined) return notClosed(open, path, found);
  if (open >= 0 && text.slice(0, open).trim() + text.slice(end).trim() !== '}}') {
    found.problems.push({ code: 'CONDITION_IN_TEXT', path, offset: open, message: IN_TEXT });
    return NULL;
  }
  const expression = compileOne(text.slice(start, end), start, path, allowed, found);
  return expression === undefined ? NULL : { kind: 'expression', expression };
}

function notClosed(offset: number, path: Path, found: Collected): Template {
  const message = `\`${OPEN}\` has no closing \`}}\`; for the three characters themselves write \`${OPEN} '${OPEN}' }}\``;
  found.problems.push({ code: 'EXPRESSION_NOT_CLOSED', path, offset, message });
  return NULL;
}

const IN_TEXT = `an \`if\` is one expression: put all of it between one \`${OPEN}\` and one \`}}\`, or leave both out; with text around it, it would always be true`;

function asksStatus(name: string): boolean {
  return FUNCTIONS.get(name)?.asksStatus === true;
}

function literal(value: Json): Template {
  return { kind: 'literal', value };
}

function isLiteral(template: Template): boolean {
  return template.kind === 'literal';
}
