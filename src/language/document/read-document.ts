import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair } from 'yaml';
import type { Json } from '../../json.ts';
import type { Code } from '../codes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { printPath } from '../path.ts';
import type { Problem } from '../problem.ts';
import { checkText, type TextProblem } from './check-text.ts';
import { compose } from './compose.ts';
import { readTokens } from './read-tokens.ts';
import { scalarOffset } from './scalar-offset.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { type Converted, toJson } from './to-json.ts';

/** A text as values, with the way back from each value to its place. */
export type Document = {
  readonly value: Json;
  /** Mistakes that leave the rest readable: a key that stands twice, a number that loses digits. */
  readonly problems: readonly Problem[];
  readonly diagnose: (problem: Problem) => Diagnostic;
};

export type DocumentRead = { readonly document: Document } | { readonly diagnostics: readonly Diagnostic[] };

/** Malformed YAML gives one error per line or token; more than these help nobody. */
const MAX_SYNTAX = 100;

/**
 * Reads YAML without trusting it. The package's own checks stay off where they take quadratic time (unique keys, errors
 * with a picture of their line) or multiply (merge keys, resolving of aliases).
 */
export function readDocument(input: string): DocumentRead {
  const text = input.startsWith('\ufeff') ? input.slice(1) : input;
  const lines = countLines(text);
  const toDiagnostic = (problem: TextProblem): Diagnostic => placed(problem, '', lines, problem.offset);

  const hidden = checkText(text);
  if (hidden.length > 0) {
    return { diagnostics: hidden.map(toDiagnostic) };
  }
  const { tokens, problems } = readTokens(text);
  if (problems.length > 0) return { diagnostics: problems.slice(0, MAX_SYNTAX).map(toDiagnostic) };

  const { document: yaml, errors } = compose(tokens);
  if (errors.length > 0)
    return { diagnostics: errors.slice(0, MAX_SYNTAX).map(error => toDiagnostic(syntaxProblem(error))) };
  const root = yaml?.contents;
  if (root === undefined || root === null || (isScalar(root) && root.value === null)) {
    return { diagnostics: [toDiagnostic({ code: 'TEXT_EMPTY', message: EMPTY, offset: 0 })] };
  }
  const refused: Problem[] = [];
  const converted = toJson(root, problem => refused.push(problem));
  const diagnose = (problem: Problem): Diagnostic => {
    return placed(problem, printPath(problem.path), lines, problem.offset ?? locate(text, root, converted, problem));
  };
  const fatal = refused.filter(({ code }) => FATAL.has(code));
  if (fatal.length > 0) return { diagnostics: fatal.map(diagnose) };
  return { document: { value: converted.value, problems: refused, diagnose } };
}

/** Values that stand for more than anyone may walk through. */
const FATAL: ReadonlySet<Code> = new Set(['YAML_TOO_DEEP', 'YAML_ALIASES_TOO_LARGE']);

const EMPTY = 'the definition holds nothing; it needs at least `name`, `on` and `jobs`';

type Said = Pick<Problem, 'code' | 'message' | 'hint'>;

function placed({ code, message, hint }: Said, path: string, lines: LineCounter, offset: number): Diagnostic {
  const near = hint?.();
  const { line, col } = lines.linePos(offset);
  return { code, message, path, line, column: col, ...(near === undefined ? {} : { hint: near }) };
}

/** Before anything is parsed: the parser itself leaves out some line breaks inside of malformed text. */
function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

/** The offset of a value, of its key, or inside it. What is not there is placed at what should hold it. */
function locate(text: string, root: Node, { targets }: Converted, { path, at }: Problem): number {
  let node: unknown = root;
  let key = 0;
  for (const part of path) {
    const holder = isAlias(node) ? targets.get(node) : node;
    const next = step(holder, part);
    if (next === undefined) return key;
    key = startOf(next.key) ?? startOf(next.value) ?? key;
    node = next.value;
  }
  if (at === 'key') return key;
  const target = typeof at === 'number' && isAlias(node) ? targets.get(node) : node;
  if (typeof at === 'number' && isScalar(target)) return scalarOffset(text, target, at);
  return startOf(node) ?? key;
}

function step(holder: unknown, part: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(holder) && typeof part === 'number' && part < holder.items.length)
    return { key: undefined, value: holder.items[part] };
  if (!isMap(holder)) return undefined;
  return holder.items.find((pair: Pair) => isScalar(pair.key) && pair.key.value === part);
}

/** Absent for the nothing behind `key:`. */
function startOf(node: unknown): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  const [start, end] = node.range ?? [0, 0];
  return isScalar(node) && node.value === null && start === end ? undefined : start;
}
