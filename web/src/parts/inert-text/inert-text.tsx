import type { ReactNode } from 'react';
import { useMemo } from 'react';
import styles from './inert-text.module.css';
import { type Hit, markHits } from './mark-hits.ts';
import { readAnsi } from './read-ansi.ts';
import { markText, type TextStyle } from './segment.ts';

type Props = {
  readonly text: string;
  /** Places in the shown text to set off, in order and apart from each other. */
  readonly hits?: readonly Hit[];
};

/** Text that a user controls: whatever it holds, it is shown and does nothing. */
export function InertText({ text, hits }: Props): ReactNode {
  const pieces = useMemo(() => markHits(readAnsi(text), hits ?? []), [text, hits]);
  const [only] = pieces;
  // Most texts are plain: one node instead of two.
  if (pieces.length === 1 && only?.hit === undefined && only?.segment.kind === 'text' && isPlain(only.segment.style)) {
    return <bdi className={styles.inert}>{only.segment.text}</bdi>;
  }
  return (
    <bdi className={styles.inert}>
      {pieces.map(({ segment, hit, key }) => {
        const shown =
          segment.kind === 'text' ? (
            <span key={key} className={classOf(segment.style)}>
              {segment.text}
            </span>
          ) : (
            <span key={key} className={styles.mark} title={titleOf(segment.code)}>
              {markText(segment.code, segment.times)}
            </span>
          );
        return hit === undefined ? (
          shown
        ) : (
          <mark key={key} className={hit === 'current' ? styles.current : styles.hit}>
            {shown}
          </mark>
        );
      })}
    </bdi>
  );
}

function isPlain(style: TextStyle): boolean {
  return Object.keys(style).length === 0;
}

function classOf(style: TextStyle): string {
  const { colour, ...flags } = style;
  return [colour, ...Object.keys(flags)].flatMap(name => (name === undefined ? [] : (styles[name] ?? []))).join(' ');
}

function titleOf(code: number): string {
  return `A character that cannot be seen: ${markText(code, 1).slice(1, -1)}`;
}
