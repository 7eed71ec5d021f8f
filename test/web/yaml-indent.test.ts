import { yaml } from '@codemirror/lang-yaml';
import { getIndentation, IndentContext, indentUnit } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { indent } from '../../web/src/parts/yaml-editor/indent.ts';

test.each([
  ['jobs:‸', 2],
  ['jobs: ‸', 2],
  ['jobs:\n  build:‸', 4],
  ['jobs:\n  build:\n    steps:‸', 6],
  ['    steps:\n      - with:‸', 10],
  ['jobs:‸\n    build:\n', 4],
  ['steps:‸\n- uses: a\n', 0],
  ['steps:‸\n   - uses: a\n', 3],
  ['name:‸\n   hello\n', 3],
  ['jobs:\n  build:\n    steps:\n      - uses: a‸', 8],
  ['jobs:\n  build:\n    name: a‸', 4],
  ['with:\n  body: |\n    curl:‸', 4],
  ['with:\n  body: |‸', 4],
  ['with:\n  body: "a:‸"', 0],
  ['# jobs:‸', 0],
  ['‸', 0],
])('a new line in %j begins at column %i', (marked, column) => {
  const place = marked.indexOf('‸');
  const extensions = [yaml(), indentUnit.of('  '), indent];
  const state = EditorState.create({ doc: marked.replace('‸', ''), extensions });
  expect(getIndentation(new IndentContext(state, { simulateBreak: place }), place) ?? 0).toBe(column);
});
