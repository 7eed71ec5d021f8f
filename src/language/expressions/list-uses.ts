import type { Expr } from '@actions/expressions';
import {
  Binary,
  ContextAccess,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Unary,
} from '@actions/expressions/ast';
import type { Token } from '@actions/expressions/lexer';
import { MAX_TREE_DEPTH } from './bounds.ts';
import { contextOf } from './contexts.ts';
import type { Reference, Segment } from './template.ts';

export type Uses = {
  readonly references: readonly Reference[];
  readonly functions: readonly string[];
  readonly calls: ReadonlyMap<Token, number>;
};

/** Lists what a tree refers to. A work list, not recursion: `a == b == …` makes trees as deep as the text is long. */
export function listUses(tree: Expr, offsetOf: (token: Token) => number): Uses | 'too-deep' {
  const references: Reference[] = [];
  const functions: string[] = [];
  const calls = new Map<Token, number>();
  const open: { node: Expr; depth: number }[] = [{ node: tree, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > MAX_TREE_DEPTH) return 'too-deep';
    if (node instanceof IndexAccess || node instanceof ContextAccess) {
      const { base, indexes } = unfold(node);
      if (base instanceof ContextAccess) references.push(...toReference(base, indexes, offsetOf));
      else open.push({ node: base, depth: depth + indexes.length });
      for (const index of indexes) open.push({ node: index, depth: depth + 1 });
    } else {
      if (node instanceof FunctionCall) {
        functions.push(node.functionName.lexeme.toLowerCase());
        calls.set(node.functionName, offsetOf(node.functionName));
      }
      for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 });
    }
  }
  return { references: references.sort((a, b) => a.offset - b.offset), functions, calls };
}

/** `(needs.a).outputs` is the base `needs` with the indexes `a` and `outputs`. */
function unfold(access: Expr): { base: Expr; indexes: Expr[] } {
  const indexes: Expr[] = [];
  let base = access;
  for (;;) {
    if (base instanceof IndexAccess) {
      indexes.unshift(base.index);
      base = base.expr;
    } else if (base instanceof Grouping && isAccess(base.group)) base = base.group;
    else return { base, indexes };
  }
}

function isAccess(node: Expr): boolean {
  return (
    node instanceof IndexAccess || node instanceof ContextAccess || (node instanceof Grouping && isAccess(node.group))
  );
}

function toReference(
  base: ContextAccess,
  indexes: readonly Expr[],
  offsetOf: (token: Token) => number,
): readonly Reference[] {
  const segments: Segment[] = [];
  for (const index of indexes) {
    if (!(index instanceof Literal)) break;
    segments.push({ name: index.literal.coerceString(), offset: offsetOf(index.token) });
  }
  // Unknown names were reported, and nobody will see this tree.
  const context = contextOf(base.name.lexeme);
  return context === undefined ? [] : [{ context, segments, offset: offsetOf(base.name) }];
}

/** Literals and `*` have none. */
function childrenOf(node: Expr): readonly Expr[] {
  if (node instanceof FunctionCall || node instanceof Logical) return node.args;
  if (node instanceof Binary) return [node.left, node.right];
  if (node instanceof Unary) return [node.expr];
  if (node instanceof Grouping) return [node.group];
  return [];
}
