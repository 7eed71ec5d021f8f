import { MergeView, unifiedMergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useIsNarrow } from '../use-is-narrow.ts';
import { onlyReading, reading } from '../yaml-editor/extensions.ts';
import { shadowRootOf } from '../yaml-editor/shadow-root.ts';
import styles from './yaml-diff.module.css';

type Version = { readonly name: string; readonly text: string };

type Props = { readonly before: Version; readonly after: Version };

/** Lines around a change; where at least so many more are the same they are folded. */
const UNCHANGED = { margin: 3, minSize: 4 } as const;

/** What would take the browser long to compare is compared line by line only. */
const EFFORT = { scanLimit: 5_000, timeout: 500 } as const;

const look = EditorView.theme({
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--ok-soft)' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--fail-soft)' },
  '.cm-changedText, &.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--ok-solid) 30%, transparent)',
  },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--fail-solid) 30%, transparent)',
  },
  // On these grounds the colours of the syntax have too little contrast.
  '.cm-deletedChunk, .cm-changedText span, .cm-deletedChunk span': { color: 'var(--text)' },
  // The sign of the library is missing in many fonts.
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"⋯"' },
  '.cm-collapsedLines, .cm-collapsedLines:focus': {
    color: 'var(--text-muted)',
    background: 'var(--surface-2)',
    borderBlock: '1px solid var(--border)',
  },
});

/** Two versions, side by side or, where there is no room for that, one below the other line by line. */
export function YamlDiff({ before, after }: Props): ReactNode {
  const frame = useRef<HTMLElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const [isOne, setIsOne] = useState<boolean>();
  const isNarrow = useIsNarrow(frame, 900);
  const unified = isOne ?? isNarrow;

  useEffect(() => {
    if (host.current === null) return;
    const root = shadowRootOf(host.current);
    const both = (label: string): Extension => [onlyReading(), reading(label), look];
    const label = `Changes from ${before.name} to ${after.name}`;
    const view = unified
      ? new EditorView({
          doc: after.text,
          root,
          parent: root,
          extensions: [
            both(label),
            unifiedMergeView({
              original: before.text,
              mergeControls: false,
              collapseUnchanged: UNCHANGED,
              diffConfig: EFFORT,
            }),
          ],
        })
      : new MergeView({
          a: { doc: before.text, extensions: both(before.name) },
          b: { doc: after.text, extensions: both(after.name) },
          root,
          parent: root,
          collapseUnchanged: UNCHANGED,
          diffConfig: EFFORT,
        });
    return () => view.destroy();
  }, [before.text, before.name, after.text, after.name, unified]);

  return (
    <section ref={frame} className={styles.frame} aria-label={`Changes from ${before.name} to ${after.name}`}>
      <div className={styles.head}>
        <p>
          {before.text === after.text
            ? 'The two versions are the same, byte for byte.'
            : `${before.name} → ${after.name}`}
        </p>
        <label>
          <input type="checkbox" checked={!unified} onChange={event => setIsOne(!event.target.checked)} />
          Side by side
        </label>
      </div>
      <div ref={host} className={styles.diff} />
    </section>
  );
}
