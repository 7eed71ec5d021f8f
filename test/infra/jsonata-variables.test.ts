import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { freeVariables, JSONATA_FUNCTIONS } from '../../infra/jsonata-variables.ts';

describe('freeVariables', () => {
  it.each([
    ['1 + 2', []],
    ['$states.context.Execution.Input', ['$states']],
    ['$a + -$b', ['$a', '$b']],
    ['$sum($states.input)', ['$states', '$sum']],
    ['$states.input ~> $sum', ['$states', '$sum']],
    ['$f(?, $x)', ['$f', '$x']],
    ['$a ? $b : $c', ['$a', '$b', '$c']],
    ["[1..$n, { 'k' & $i: [$j] }]", ['$n', '$i', '$j']],
    // Names that the expression binds by itself.
    ['($x := $states.input; $map($x, function($v) { $v + $now() }))', ['$states', '$map', '$now']],
    ['($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(3))', []],
    ['λ($a) { $a + $b }(1)', ['$b']],
    ['$states.input@$v#$i.{ "b": $v & $i & $j }', ['$states', '$j']],
    // They are bound only inside their block, and only from there on.
    ['(($y := 1); $y)', ['$y']],
    ['($z; $z := 1)', ['$z']],
    ['$x := $y', ['$y']],
    // `$` and plain names mean something inside a path, a filter, an order or a grouping.
    ['$states.input.a[$.x > 1][y = 2]', ['$states']],
    ['$states.input^(>a, $.b)', ['$states']],
    ['$states.input{ a: $sum(b) }', ['$states', '$sum']],
    ['$states.input.(a; $)', ['$states']],
    ['$states.input.%.a', ['$states']],
    ["$states.input ~> | a | { 'b': $x } |", ['$states', '$x']],
    ['[1, 2].($ + 1)', []],
    // Outside of them they mean the document, which is not there.
    ['$', ['$']],
    ['$$', ['$$']],
    ['$states.input[a = $$.b]', ['$states', '$$']],
    ['a', ['a']],
    ['a.b', ['a']],
    ["{ 'a': b }", ['b']],
    ['($states.input; a)', ['$states', 'a']],
    ['*', ['*']],
    ['**.x', ['**']],
  ] as const)('%s', (expression, names) => {
    expect(freeVariables(jsonata(expression).ast()).toSorted()).toEqual(names.toSorted());
  });
});

it('every function of the list is one of the package', async () => {
  for (const name of JSONATA_FUNCTIONS) {
    expect(await jsonata(`$type($${name}) = 'function'`).evaluate(undefined), name).toBe(true);
  }
});
