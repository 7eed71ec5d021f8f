import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, nextDiagnostic, previousDiagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { expressions } from './expressions.ts';
import { indent } from './indent.ts';
import { theme } from './theme.ts';
import { typeOver } from './type-over.ts';

/** Characters that a reader cannot see or that turn text around are shown by name. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What every view of a definition has. */
export function reading(label: string): Extension {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars({ addSpecialChars: UNSEEN, render: specialChar }),
    foldGutter(),
    drawSelection(),
    crosshairCursor(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    bracketMatching(),
    yaml(),
    expressions,
    search({ top: true }),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    // What is edited is a stop of the Tab key by itself; axe-core takes only what says so for one.
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    keymap.of([...searchKeymap, ...foldKeymap]),
    typeOver,
    theme,
  ];
}

/** Tab indents; after Escape it leaves the editor (https://codemirror.net/examples/tab/). */
export function writing(): Extension {
  return [
    history(),
    indentOnInput(),
    indent,
    closeBrackets(),
    lintGutter(),
    keymap.of([
      { key: 'F8', run: nextDiagnostic, shift: previousDiagnostic },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...historyKeymap,
      indentWithTab,
      ...defaultKeymap,
    ]),
    leaving,
  ];
}

/**
 * CodeMirror lets Tab leave for two seconds after Escape, which are too few for people who are slow. Here it ends with the next key
 * or with the focus. Last of all: Escape closes first what is open.
 */
const leaving: Extension = [
  Prec.lowest(
    keymap.of([
      {
        key: 'Escape',
        run: view => {
          view.setTabFocusMode(Number.POSITIVE_INFINITY);
          return true;
        },
      },
    ]),
  ),
  // In no time; `false` would undo Ctrl+M, too.
  EditorView.domEventHandlers({ blur: (_, view) => view.setTabFocusMode(-1) }),
];

export function onlyReading(): Extension {
  return [EditorState.readOnly.of(true), keymap.of(defaultKeymap)];
}

function specialChar(code: number): HTMLElement {
  const mark = document.createElement('span');
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  mark.className = 'cm-specialChar';
  mark.textContent = `⟦${name}⟧`;
  mark.title = `A character that cannot be seen: ${name}`;
  return mark;
}
