import { data, Evaluator, type Expr } from '@actions/expressions';
import type { ContextAccess, FunctionCall } from '@actions/expressions/ast';
import { truthy } from '@actions/expressions/result';
import type { Json } from '../../json.ts';
import { printPath } from '../path.ts';
import { exceedsUtf8 } from '../utf8.ts';
import { EvaluationError, MAX_RESULT, type Meter, startMeter } from './bounds.ts';
import { FUNCTIONS } from './functions.ts';
import { checkSize, type Data, fromData, JsonList, toData, toText } from './json-data.ts';
import type { Condition, Evaluated, Expression, Scope, StatusView, Template } from './template.ts';

const ALL_WELL: StatusView = { success: true, failure: false, cancelled: false };

/** What stands in an error message of texts that users brought. */
const MAX_QUOTED = 200;

/** The value of a template. An error is a value too: a text for the reader, without a stack. Never throws. */
export function evaluate(template: Template, scope: Scope): Evaluated<Json> {
  if (template.kind === 'literal') return { ok: true, value: template.value };
  return guarded(() => {
    const value = fill(template, scope, startMeter());
    // Each part is within its bound; the whole has to be too.
    if (template.kind === 'list' || template.kind === 'map') checkSize(value);
    return value;
  });
}

/** Whether the job or step runs. Without a status function in it, `success()` is implied. */
export function evaluateCondition(condition: Condition, scope: Scope): Evaluated<boolean> {
  if (!condition.namesStatus && !(scope.status ?? ALL_WELL).success) return { ok: true, value: false };
  const { template } = condition;
  if (template.kind === 'literal') return { ok: true, value: truthy(toData(template.value)) };
  return guarded(() => {
    const meter = startMeter();
    // A bare expression keeps what JSON cannot hold (`NaN` is false); anything else is a value first.
    if (template.kind === 'expression') return run(template.expression, scope, meter, truthy);
    return truthy(toData(fill(template, scope, meter)));
  });
}

function fill(template: Template, scope: Scope, meter: Meter): Json {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return run(template.expression, scope, meter, result);
    case 'text':
      return text(template.parts, scope, meter);
    case 'list':
      return template.items.map(item => fill(item, scope, meter));
    case 'map':
      // `fromEntries` defines, it does not assign: a key `__proto__` stays a key.
      return Object.fromEntries(template.entries.map(([key, value]) => [key, fill(value, scope, meter)]));
  }
}

function result(value: Data): Json {
  if (value.kind === data.Kind.String) return withinBound(value.value);
  const json = fromData(value);
  if (typeof json === 'object' && json !== null) checkSize(json);
  return json;
}

function text(parts: readonly (string | Expression)[], scope: Scope, meter: Meter): string {
  let joined = '';
  for (const part of parts) {
    joined += typeof part === 'string' ? part : run(part, scope, meter, value => withinBound(toText(value)));
    withinBound(joined);
  }
  return joined;
}

function withinBound(value: string): string {
  if (exceedsUtf8(value, MAX_RESULT)) throw new EvaluationError(`its result is larger than ${MAX_RESULT / 1024} KiB`);
  return value;
}

/** Evaluates and turns the data into what the caller needs; what goes wrong is said about this expression. */
function run<T>(expression: Expression, scope: Scope, meter: Meter, use: (value: Data) => T): T {
  try {
    return use(new ScopedEvaluator(expression, scope, meter).evaluate());
  } catch (cause) {
    throw new EvaluationError(`\`\${{ ${clip(expression.source)} }}\`: ${reason(cause)}`, { cause });
  }
}

function guarded<T>(compute: () => T): Evaluated<T> {
  try {
    return { ok: true, value: compute() };
  } catch (cause) {
    return { ok: false, message: reason(cause) };
  }
}

/** Functions of the package refuse their arguments with a plain `Error` in words, and quote them in full. */
function reason(cause: unknown): string {
  if (cause instanceof EvaluationError) return cause.message;
  if (cause instanceof RangeError) return 'it is too large or nested too deeply';
  return cause instanceof Error ? clip(cause.message) : 'it cannot be evaluated';
}

function clip(words: string): string {
  const line = words.slice(0, MAX_QUOTED).trim().replace(/\s+/g, ' ');
  return words.length > MAX_QUOTED ? `${line}…` : line;
}

const NO_CONTEXT = new data.Dictionary();

/** The package's evaluator, with our contexts and functions, and with every step counted. */
class ScopedEvaluator extends Evaluator {
  readonly #expression: Expression;
  readonly #scope: Scope;
  readonly #meter: Meter;

  constructor(expression: Expression, scope: Scope, meter: Meter) {
    super(expression.tree, NO_CONTEXT);
    this.#expression = expression;
    this.#scope = scope;
    this.#meter = meter;
  }
  override eval(tree: Expr): Data {
    const value = super.eval(tree);
    this.#meter.charge(costOf(value));
    return value;
  }
  override visitContextAccess(access: ContextAccess): Data {
    const name = access.name.lexeme.toLowerCase();
    return toData(Object.hasOwn(this.#scope.contexts, name) ? this.#scope.contexts[name] : null);
  }
  override visitFunctionCall(call: FunctionCall): Data {
    const entry = FUNCTIONS.get(call.functionName.lexeme.toLowerCase());
    if (entry === undefined) throw new EvaluationError(`there is no function ${call.functionName.lexeme}`);
    const args = call.args.map(arg => this.eval(arg));
    const { path, calls } = this.#expression;
    return entry.call(args, {
      meter: this.#meter,
      status: this.#scope.status ?? ALL_WELL,
      now: this.#scope.now,
      seed: this.#scope.seed,
      place: () => `${printPath(path)}:${calls.get(call.functionName)}`,
    });
  }
}

function costOf(value: Data): number {
  if (value.kind === data.Kind.String) return 1 + value.value.length;
  // A list made by `*`; lists of the data are not unpacked to be counted.
  if (value.kind === data.Kind.Array && !(value instanceof JsonList)) return 1 + value.values().length;
  return 1;
}
