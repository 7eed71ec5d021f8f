/**
 * The functions of JSONata 2.0.6, which Step Functions runs, save `$eval`, which it does not have.
 * https://docs.jsonata.org/2.0.0/overview, https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export const JSONATA_FUNCTIONS: ReadonlySet<string> = new Set(
  [
    'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl',
    'decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter floor formatBase formatInteger',
    'formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not now number pad',
    'parseInteger power random reduce replace reverse round shuffle sift single sort split spread sqrt string substring',
    'substringAfter substringBefore sum toMillis trim type uppercase zip',
  ].flatMap(line => line.split(' ')),
);

/** What Step Functions adds to them (and `$random` takes a seed). */
export const STEP_FUNCTIONS_FUNCTIONS: ReadonlySet<string> = new Set(['partition', 'range', 'hash', 'uuid', 'parse']);

/** The names that are bound around a place in an expression, and whether there is a `$` there. */
type Scope = { readonly names: ReadonlySet<string>; readonly focus: boolean };

type Node = Readonly<Record<string, unknown>>;

/**
 * The variables that a JSONata expression takes from outside, with their `$`, in no order. Read from the syntax
 * tree of the `jsonata` package (`jsonata(text).ast()`), whose types tell only a part of it. A reference to the document
 * (`$`, `$$`, or a field without a variable before it) is one too: Step Functions has no document.
 * https://states-language.net/spec.html#jsonata-restrictions
 */
export function freeVariables(ast: unknown): string[] {
  const found = new Set<string>();
  visit(ast, { names: new Set(), focus: false }, found);
  return [...found];
}

function visit(node: unknown, scope: Scope, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, scope, found);
  } else if (isNode(node)) {
    switch (node.type) {
      case 'variable':
        visitVariable(String(node.value), scope, found);
        break;
      case 'name':
      case 'wildcard':
      case 'descendant':
        if (!scope.focus) found.add(String(node.value));
        break;
      case 'path':
        visitPath(node, scope, found);
        break;
      case 'block':
        visitBlock(node, scope, found);
        break;
      case 'bind':
        visit(node.rhs, scope, found);
        break;
      case 'transform':
        visit([node.pattern, node.update, node.delete], { ...scope, focus: true }, found);
        break;
      case 'lambda':
        visit(node.body, { ...scope, names: withNames(scope, variableNames(node.arguments)) }, found);
        break;
      default:
        for (const child of Object.values(node)) visit(child, scope, found);
    }
  }
}

function visitVariable(name: string, scope: Scope, found: Set<string>): void {
  const bound = name === '' ? scope.focus : scope.names.has(name);
  if (!bound) found.add(`$${name}`);
}

/** From the second step on there is a `$`; `@$name` and `#$name` bind a name for the steps that follow. */
function visitPath(path: Node, scope: Scope, found: Set<string>): void {
  let inner = scope;
  for (const { stages, predicate, group, ...step } of listOf(path.steps)) {
    visit(step, inner, found);
    inner = { names: withNames(inner, [step.focus, step.index]), focus: true };
    visit([stages, predicate, group], inner, found);
  }
  visit(path.group, { ...inner, focus: true }, found);
}

/** `( $x := 1; $x + 1 )`: a name is bound from its assignment to the end of the block. */
function visitBlock(block: Node, scope: Scope, found: Set<string>): void {
  let inner = scope;
  for (const expression of listOf(block.expressions)) {
    // A function may call itself: its name is known on its own right-hand side.
    if (expression.type === 'bind') inner = { ...inner, names: withNames(inner, variableNames([expression.lhs])) };
    visit(expression, inner, found);
  }
}

function withNames(scope: Scope, names: readonly unknown[]): ReadonlySet<string> {
  return new Set([...scope.names, ...names.filter(name => typeof name === 'string')]);
}

function variableNames(nodes: unknown): unknown[] {
  return listOf(nodes).map(node => node.value);
}

function listOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
