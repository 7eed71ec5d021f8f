import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const focus = { outline: '2px solid var(--accent)', outlineOffset: '2px' };
const control = {
  font: 'inherit',
  color: 'var(--text)',
  background: 'var(--surface)',
  border: '1px solid var(--border-control)',
  borderRadius: 'var(--radius-s)',
};

/** A wavy line without the data: image of the base theme. */
const wavy = (colour: string) => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy ${colour}`,
  textUnderlineOffset: '3px',
});

/** The design tokens reach into the shadow root; nothing else of the page does. */
const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: 'var(--size-s)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  // The same again above the gutters, which hide a side of it; tooltips are above both.
  '&.cm-focused::after': {
    content: '""',
    position: 'absolute',
    inset: '0',
    zIndex: '300',
    border: '2px solid var(--accent)',
    pointerEvents: 'none',
  },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-gutters': {
    color: 'var(--text-muted)',
    backgroundColor: 'var(--surface)',
    borderRight: '1px solid var(--border)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--surface-2) 70%, transparent)' },
  '.cm-target': { backgroundColor: 'var(--accent-soft)' },
  '.cm-foldPlaceholder': { color: 'var(--text-muted)', background: 'var(--surface-2)', borderColor: 'var(--border)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--ok-soft)' },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--fail-soft)' },
  '.cm-searchMatch': { backgroundColor: 'var(--wait-soft)', outline: '1px solid var(--wait-solid)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--wait-solid)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--surface-2)' },
  '.cm-expression': { color: 'var(--run)', backgroundColor: 'var(--run-soft)', borderRadius: '3px' },
  '.cm-expression span': { color: 'inherit' },
  '.cm-lintRange-error': wavy('var(--fail-solid)'),
  '.cm-lintRange-warning': wavy('var(--wait-solid)'),
  '.cm-lintPoint::after': { display: 'none' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0 0.2em' },
  '.cm-lint-marker': { width: '1em', height: 'auto' },
  '.cm-lint-marker-error': { content: 'none', color: 'var(--fail)' },
  '.cm-lint-marker-error::before': { content: '"●"' },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--border-control)',
    borderRadius: 'var(--radius-s)',
    boxShadow: 'var(--shadow-popup)',
    fontFamily: 'var(--font)',
    maxWidth: 'min(32rem, calc(100vw - 1rem))',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '14rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { color: 'var(--on-accent)', background: 'var(--accent-fill)' },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'var(--text-muted)' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo, .cm-hover': { padding: '0.5rem 0.75rem', overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
  '.cm-hover strong': { fontFamily: 'var(--mono)' },
  '.cm-diagnostic': { padding: '0.5rem 0.75rem', borderLeftColor: 'var(--fail-solid)', overflowWrap: 'anywhere' },
  '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--surface-2)', fontFamily: 'var(--font)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--border)' },
  '.cm-textfield, .cm-button, .cm-panel.cm-search input[type=checkbox]': control,
  '.cm-button': { backgroundImage: 'none', cursor: 'pointer' },
  '.cm-button:active': { backgroundImage: 'none', backgroundColor: 'var(--surface-hover)' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--text)', fontSize: '1.25rem' },
  '.cm-textfield:focus-visible, .cm-button:focus-visible, .cm-search [name=close]:focus-visible': focus,
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--wait)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--text-muted)', fontStyle: 'italic' },
  { tag: [tags.labelName, tags.typeName, tags.keyword, tags.meta], color: 'var(--run)' },
]);

export const theme: Extension = [look, syntaxHighlighting(colours)];
