import type { Expr } from '@actions/expressions';
import type { Token } from '@actions/expressions/lexer';
import type { Json } from '../../json.ts';
import type { Path } from '../path.ts';
import type { Context } from './contexts.ts';

/** One parsed `${{ … }}`. Opaque outside this folder, but for what static checks ask. */
export type Expression = {
  /** What stands between the braces. */
  readonly source: string;
  readonly tree: Expr;
  /** Every access to a context, so that nobody walks the tree a second time. */
  readonly references: readonly Reference[];
  /** The functions it calls, in lower case. */
  readonly functions: readonly string[];
  /** The string of the definition that holds it. */
  readonly path: Path;
  /** Where each call stands, in UTF-16 code units of that string. By the name of the function in `tree`. */
  readonly calls: ReadonlyMap<Token, number>;
};

/** `needs.build.outputs[0]` is the context `needs` with the segments `build`, `outputs`, `0`. */
export type Reference = {
  readonly context: Context;
  /** The names that are known without running; ends before the first computed index or `*`. */
  readonly segments: readonly Segment[];
  /** Where the context's name starts, in UTF-16 code units of the string that holds the expression. */
  readonly offset: number;
};

export type Segment = { readonly name: string; readonly offset: number };

/** A value of a definition with its expressions compiled. */
export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  /** The whole value is one expression: the result keeps its type. */
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** Expressions inside text: the result is a string. */
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Template])[] };

/**
 * An `if`. `namesStatus`: it calls a status function itself, so `success()` is not implied. `cleansUp`: it asks for
 * `always()` or `cancelled()`; nothing else begins once a run is being cancelled.
 */
export type Condition = { readonly template: Template; readonly namesStatus: boolean; readonly cleansUp: boolean };

/** Answers of the status functions: `success()`, `failure()`, `cancelled()`; `always()` is true. */
export type StatusView = { readonly success: boolean; readonly failure: boolean; readonly cancelled: boolean };

/** What expressions see. Values are never changed after they were handed in (conversions are cached by identity). */
export type Scope = {
  readonly contexts: Readonly<Record<string, Json>>;
  /** Absent: nothing failed, nothing was cancelled. */
  readonly status?: StatusView;
  /** What `now()` answers, in milliseconds since the epoch. Absent: it cannot be asked. */
  readonly now?: number;
  /** What tells this step from all others, of other runs too; `uuid()` is made of it. Absent: it cannot be asked. */
  readonly seed?: string;
};

export type Evaluated<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };
