import { ExpressionError, Parser } from '@actions/expressions';
import { type Token, TokenType } from '@actions/expressions/lexer';
import type { Code } from '../codes.ts';
import { didYouMean, type Hint } from '../near-name.ts';
import type { Path } from '../path.ts';
import { quoteAll } from '../words.ts';
import { MAX_DEPTH, MAX_SOURCE } from './bounds.ts';
import { type Context, contextOf } from './contexts.ts';
import { FUNCTIONS } from './functions.ts';
import { lex } from './lex.ts';
import { listUses } from './list-uses.ts';
import type { Expression } from './template.ts';

/** What may stand in an expression at one place of a definition. */
export type Allowed = {
  /** Names of contexts. */
  readonly contexts: readonly Context[];
  /** Whether `success()` and its like may be called: in `if` only. */
  readonly status: boolean;
  /** Whether it belongs to a step, which has a moment and a name of its own: `now()` and `uuid()` need them. */
  readonly step: boolean;
};

/** Where a source starts: `offset` in the string at `path`. */
export type Start = { readonly path: Path; readonly offset: number };

export type ExpressionProblem = {
  readonly code: Code;
  readonly message: string;
  /** In UTF-16 code units from the start of the string that holds the expression. */
  readonly offset: number;
  readonly hint?: Hint;
};

/** `expression` is there as soon as it can be parsed, so that its references are checked beside what else is wrong. */
export type Compiled = { readonly expression?: Expression; readonly problems: readonly ExpressionProblem[] };

/** Parses what stands between `${{` and `}}`. Offsets count from the begin of the string. */
export function compileExpression(source: string, start: Start, allowed: Allowed): Compiled {
  const problems: ExpressionProblem[] = [];
  const report = (code: Code, offset: number, message: string, hint?: Hint): void => {
    problems.push({ code, message, offset: start.offset + offset, ...(hint === undefined ? {} : { hint }) });
  };
  const expression = source.length > MAX_SOURCE ? tooLong(source, report) : parse(source, start, allowed, report);
  return expression === undefined ? { problems } : { expression, problems };
}

type Report = (code: Code, offset: number, message: string, hint?: Hint) => void;

function tooLong(source: string, report: Report): undefined {
  report('EXPRESSION_TOO_LONG', 0, `the expression has ${source.length} characters; at most ${MAX_SOURCE} are allowed`);
}

function parse(source: string, start: Start, allowed: Allowed, report: Report): Expression | undefined {
  const lexed = lex(source);
  if (!lexed.ok) {
    report('EXPRESSION_SYNTAX', lexed.offset, unexpectedSymbol(lexed.symbol));
    return undefined;
  }
  const { tokens, offsetOf } = lexed;
  if (tokens.length === 1) {
    report('EXPRESSION_SYNTAX', 0, 'the expression is empty; write a value between the braces');
    return undefined;
  }
  const names = listNames(tokens);
  for (const token of names.functions) checkFunction(token, offsetOf(token), allowed, report);
  for (const token of names.contexts) checkContext(token, offsetOf(token), allowed, report);
  try {
    const tree = parserOf(tokens, names).parse();
    const uses = listUses(tree, token => start.offset + offsetOf(token));
    if (uses !== 'too-deep') {
      // What is not allowed here was said, and there is nothing more to say about it.
      const references = uses.references.filter(({ context }) => allowed.contexts.includes(context));
      return { ...uses, source, tree, references, path: start.path };
    }
    report('EXPRESSION_TOO_DEEP', 0, TOO_DEEP);
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    const found = tokens.find(candidate => candidate.range.start === cause.pos);
    // The end is nothing to point at; what stands before it is.
    const token = found?.type === TokenType.EOF ? tokens.at(-2) : found;
    const early = found?.type === TokenType.EOF || cause.message.startsWith('Unexpected end');
    if (token !== undefined) reportSyntax(cause, token, early, offsetOf(token), report);
  }
  return undefined;
}

const TOO_DEEP = `the expression nests more than ${MAX_DEPTH} levels deep; take parts of it into a step or job output`;

type Names = { readonly functions: readonly Token[]; readonly contexts: readonly Token[] };

/** All names at once, so that a second unknown one is found too; the parser stops at its first. */
function listNames(tokens: readonly Token[]): Names {
  const names = tokens.filter(
    (token, at) => token.type === TokenType.IDENTIFIER && tokens[at - 1]?.type !== TokenType.DOT,
  );
  const called = new Set(tokens.filter((_, at) => tokens[at + 1]?.type === TokenType.LEFT_PAREN));
  return { functions: names.filter(name => called.has(name)), contexts: names.filter(name => !called.has(name)) };
}

/** A parser that takes every name; what is wrong with names was said before. */
function parserOf(tokens: Token[], names: Names): Parser {
  const unknown = names.functions
    .map(token => token.lexeme)
    .filter(name => !FUNCTIONS.has(name.toLowerCase()))
    .map(name => ({ name, minArgs: 0, maxArgs: Number.MAX_SAFE_INTEGER }));
  return new Parser(
    tokens,
    names.contexts.map(token => token.lexeme),
    [...FUNCTIONS.values(), ...unknown],
  );
}

function checkFunction(token: Token, offset: number, allowed: Allowed, report: Report): void {
  const entry = FUNCTIONS.get(token.lexeme.toLowerCase());
  if (entry === undefined) {
    const known = [...FUNCTIONS.values()]
      .filter(entry => (allowed.status || !entry.asksStatus) && (allowed.step || !entry.needsStep))
      .map(({ name }) => name);
    report(
      'UNKNOWN_FUNCTION',
      offset,
      `there is no function \`${token.lexeme}\`; there are ${quoteAll(known)}`,
      didYouMean(token.lexeme, known),
    );
  } else if (entry.asksStatus && !allowed.status) {
    report('FUNCTION_NOT_ALLOWED', offset, `\`${entry.name}()\` can be asked in \`if\` only`);
  } else if (entry.needsStep && !allowed.step) {
    const message = `\`${entry.name}()\` answers for one step; call it in a step, and read its outputs from here`;
    report('FUNCTION_NOT_ALLOWED', offset, message);
  }
}

function checkContext(token: Token, offset: number, allowed: Allowed, report: Report): void {
  const context = contextOf(token.lexeme);
  if (context !== undefined && allowed.contexts.includes(context)) return;
  const here =
    allowed.contexts.length === 0 ? 'none can be used here' : `here you can use ${quoteAll(allowed.contexts)}`;
  if (context !== undefined) {
    report('CONTEXT_NOT_ALLOWED', offset, `\`${token.lexeme}\` is not known at this place; ${here}`);
  } else {
    const text = "; a text is written in single quotes: 'like this'";
    report(
      'UNKNOWN_CONTEXT',
      offset,
      `there is nothing named \`${token.lexeme}\`; ${here}${text}`,
      didYouMean(token.lexeme, allowed.contexts),
    );
  }
}

/** The error's kind is private to the package; its message begins with one of a closed list. */
function reportSyntax(error: ExpressionError, token: Token, early: boolean, offset: number, report: Report): void {
  const entry = FUNCTIONS.get(token.lexeme.toLowerCase());
  if (error.message.startsWith('Exceeded max expression depth')) report('EXPRESSION_TOO_DEEP', offset, TOO_DEEP);
  else if (error.message.startsWith('Even number of parameters')) {
    report('WRONG_ARITY', offset, '`case` takes pairs of a condition and a value, then one value for everything else');
  } else if (error.message.startsWith('Too ') && entry !== undefined) {
    report('WRONG_ARITY', offset, `\`${entry.name}\` takes ${arity(entry.minArgs, entry.maxArgs)}`);
  } else if (early) {
    report(
      'EXPRESSION_SYNTAX',
      offset,
      `something is missing behind \`${shorten(token.lexeme)}\`: the expression ends there`,
    );
  } else report('EXPRESSION_SYNTAX', offset, unexpectedSymbol(token.lexeme));
}

function arity(min: number, max: number): string {
  if (max === 0) return 'no arguments';
  if (min === max) return max === 1 ? '1 argument' : `${max} arguments`;
  return max > 2 ? `at least ${min} argument${min === 1 ? '' : 's'}` : `${min} or ${max} arguments`;
}

/** What people coming from other languages write. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^=/, 'to compare, write `==`'],
  [/^&/, 'for "and", write `&&`'],
  [/^\|/, 'for "or", write `||`'],
  [/^["`]/, "a text is written in single quotes: 'like this'"],
  [/^'/, "the text has no closing quote; a quote inside a text is doubled: 'it''s'"],
  [/^[-+*/%]|[\w)][-+*/%]/, 'expressions do not calculate'],
  [/^\$/, 'names stand alone, without `$`'],
  [/^[?:]/, 'for a choice, write `case(condition, value, otherwise)`'],
];

function unexpectedSymbol(symbol: string): string {
  const advice = REPLACEMENTS.find(([pattern]) => pattern.test(symbol))?.[1] ?? 'it cannot stand here';
  return `unexpected \`${shorten(symbol)}\`: ${advice}`;
}

function shorten(symbol: string): string {
  const line = symbol.trim().replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
