import { expect, test } from 'vitest';
import { nameOf, type Path, printPath } from '../../src/language/path.ts';

const ROWS: readonly (readonly [path: Path, printed: string, name: string])[] = [
  [[], '', 'the definition'],
  [['name'], 'name', '`name`'],
  [['jobs', 'deploy', 'steps', 1, 'with', 'url'], 'jobs.deploy.steps[1].with.url', '`url`'],
  [['jobs', 'deploy', 'steps', 1], 'jobs.deploy.steps[1]', '`steps[1]`'],
  [['with', 'a b', 0, 1], 'with["a b"][0][1]', '`["a b"][0][1]`'],
  [['with', 'a.b', 'c'], 'with["a.b"].c', '`c`'],
  [['with', '', '$ref', '1'], 'with[""].$ref.1', '`1`'],
  [[0], '[0]', '`[0]`'],
];

test.each(ROWS)('%j is %s, called %s', (path, printed, name) => {
  expect(printPath(path)).toBe(printed);
  expect(nameOf(path)).toBe(name);
});
