import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, type ReactNode } from 'react';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { InertText } from '../inert-text/inert-text.tsx';
import type { Hit } from '../inert-text/mark-hits.ts';
import type { LinePlace, LogLine, LogSection } from './log-line.ts';
import styles from './log-view.module.css';

type LineProps = {
  readonly section: string;
  readonly line: LogLine;
  readonly number: number;
  readonly times: boolean;
  /** It is in the chosen range, or a link led here. */
  readonly chosen: boolean;
  readonly hits: readonly Hit[] | undefined;
  readonly href: string | undefined;
  /** One number in view can be reached by Tab, the others by arrows from there. */
  readonly inTabOrder: boolean;
  readonly onNumber: (place: LinePlace, event: MouseEvent) => void;
};

/** Lines never change: one is drawn anew only when what is said about it changes. */
export const LogLineRow = memo(function LogLineRow(props: LineProps): ReactNode {
  const { section, line, number, times, chosen, hits, href, inTabOrder, onNumber } = props;
  return (
    <div className={`${styles.line} ${styles[line.level]} ${chosen ? styles.chosen : ''}`} data-line={number}>
      <a
        className={styles.number}
        href={href ?? '#'}
        aria-label={`Line ${number}`}
        tabIndex={inTabOrder ? 0 : -1}
        onKeyDown={onArrow}
        onClick={event => onNumber({ section, line: number }, event)}
      >
        {number}
      </a>
      {times ? (
        <time className={styles.time} dateTime={line.at} title={line.at}>
          {line.at.slice(11, 23).replace('Z', '')}
        </time>
      ) : null}
      {line.level === 'info' ? null : <span className={styles.level}>{line.level}</span>}
      <span className={styles.message}>
        <InertText text={line.message} {...(hits === undefined ? {} : { hits })} />
      </span>
    </div>
  );
});

/** From number to number and title to title, past a row that has neither; the browser scrolls to what has the focus. */
function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  const here = event.currentTarget.closest<HTMLElement>('[data-index]');
  const controlOf = (index: number) =>
    here?.parentElement?.querySelector<HTMLElement>(`[data-index="${index}"] :is(a, button)`);
  const from = Number(here?.dataset.index);
  (controlOf(from + by) ?? controlOf(from + 2 * by))?.focus();
}

type SectionProps = {
  readonly section: LogSection;
  readonly open: boolean;
  readonly hidden: number;
  readonly onToggle: (id: string) => void;
};

export function LogSectionRow({ section, open, hidden, onToggle }: SectionProps): ReactNode {
  const Chevron = open ? ChevronDown : ChevronRight;
  const count = section.lines.length;
  return (
    <div className={styles.section}>
      <button type="button" aria-expanded={open} onKeyDown={onArrow} onClick={() => onToggle(section.id)}>
        <Chevron size={16} aria-hidden />
        <span className={styles.title}>
          <InertText text={section.title} />
        </span>
        {section.status === undefined ? null : <StatusBadge status={section.status} size="s" />}
        <span className={styles.count}>
          {count === 1 ? '1 line' : `${count.toLocaleString('en-GB')} lines`}
          {hidden === 0 ? '' : `, ${hidden.toLocaleString('en-GB')} hidden`}
        </span>
      </button>
    </div>
  );
}
