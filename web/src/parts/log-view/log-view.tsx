import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Button } from '../../ui/button.tsx';
import { findHits } from './find-hits.ts';
import { hitsByRow } from './hits-by-row.ts';
import type { LinePlace, LogSection } from './log-line.ts';
import { LogLineRow, LogSectionRow } from './log-row.tsx';
import { type LogRow, logRows } from './log-rows.ts';
import { LogSearch } from './log-search.tsx';
import { type LineRange, logText, rangeOf } from './log-text.ts';
import { type LogSettings, LogTools } from './log-tools.tsx';
import styles from './log-view.module.css';
import { useFollow } from './use-follow.ts';
import { useHeldRows } from './use-held-rows.ts';

type Props = {
  readonly sections: readonly LogSection[];
  /** Lines may still come: the end is followed. */
  readonly live?: boolean;
  /** False: no title above the only section. */
  readonly titled?: boolean;
  /** Read out, for example "Log of job deploy". */
  readonly label: string;
  readonly fileName: string;
  /** The line that a link led to. */
  readonly target?: LinePlace | undefined;
  /** Address of a line; a click on its number calls `onLine` too. */
  readonly hrefOf?: (place: LinePlace) => string;
  readonly onLine?: (place: LinePlace) => void;
};

/** Height in pixels of a line that is not wrapped; rows are measured once they are there. */
const LINE_HEIGHT = 20;
const SECTION_HEIGHT = 36;

/** Pixels for the bar of lines that are too wide. */
const SCROLLBAR = 16;

/** Rows above and below what is seen. */
const OVERSCAN = 12;

/** The log of one step or of several. Only the rows in view are elements, however many lines there are. */
export function LogView({
  sections,
  live = false,
  titled = true,
  label,
  fileName,
  target,
  hrefOf,
  onLine,
}: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [settings, setSettings] = useState<LogSettings>({ wrap: true, times: false, least: 'debug' });
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [words, setWords] = useState('');
  const [current, setCurrent] = useState(0);
  const [range, setRange] = useState<LineRange>();
  const anchor = useRef<LinePlace>(undefined);

  const { least, times, wrap } = settings;
  const rows = useMemo(() => logRows(sections, { least, closed, titled }), [sections, least, closed, titled]);
  const searched = useDeferredValue(words);
  const hits = useMemo(() => findHits(rows, searched), [rows, searched]);
  const marked = useMemo(() => hitsByRow(hits, current), [hits, current]);

  const { rangeExtractor, onFocus } = useHeldRows();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: index => (rows[index]?.kind === 'section' ? SECTION_HEIGHT : LINE_HEIGHT),
    overscan: OVERSCAN,
    rangeExtractor,
  });
  const height = virtual.getTotalSize();
  // A short log takes no more room than it needs.
  const room = { maxHeight: Math.max(height, 2 * SECTION_HEIGHT) + SCROLLBAR };
  const follow = useFollow(box, live);
  // While the end is followed nothing else may move the lines.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = (item, _, { scrollOffset }) =>
    !(live && follow.following) && item.start < (scrollOffset ?? 0);

  const goTo = useCallback(
    (row: number) => {
      follow.stop();
      virtual.scrollToIndex(row, { align: 'center' });
    },
    [follow.stop, virtual],
  );
  const step = (by: 1 | -1) => {
    if (hits.length === 0) return;
    const next = (current + by + hits.length) % hits.length;
    setCurrent(next);
    const row = hits[next]?.row;
    if (row !== undefined) goTo(row);
  };
  // The first hit comes into view while one types; later lines must not pull the reader back to it.
  // Before anybody sees how many there are: who goes on at once is not brought back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    const row = hits[0]?.row;
    if (searched !== '' && row !== undefined) goTo(row);
  }, [searched]);
  const targetRow =
    target === undefined
      ? -1
      : rows.findIndex(row => row.kind === 'line' && row.section === target.section && row.number === target.line);
  const firstLine = firstLineIn(rows, virtual.range?.startIndex ?? 0);
  const isThere = targetRow !== -1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the line is there
  useEffect(() => {
    if (!isThere || target === undefined) return;
    anchor.current = target;
    setRange(rangeOf(undefined, target));
    goTo(targetRow);
  }, [target?.section, target?.line, isThere]);

  const onNumber = useCallback(
    (place: LinePlace, event: MouseEvent) => {
      // A new tab or window is the browser's affair.
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      setRange(rangeOf(event.shiftKey ? anchor.current : undefined, place));
      if (event.shiftKey) return;
      anchor.current = place;
      onLine?.(place);
    },
    [onLine],
  );
  const onToggle = useCallback((id: string) => setClosed(before => toggled(before, id)), []);
  const onKey = (event: KeyboardEvent) => {
    const isTyped = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === '/' && !isTyped) {
      event.preventDefault();
      field.current?.focus();
    } else if (event.key === 'End' && !isTyped) {
      event.preventDefault();
      follow.jumpToEnd();
      // Where the end is, is known once its lines are measured.
      if (!live) virtual.scrollToIndex(rows.length - 1, { align: 'end' });
    } else if (event.key === 'Home' && !isTyped) {
      // Not the browser's own way: lines that are measured on it, or a jump that is not over, would end it halfway.
      event.preventDefault();
      follow.stop();
      virtual.scrollToIndex(0, { align: 'start' });
    } else if (event.key === 'Escape' && !isTyped) setRange(undefined);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and focus of the controls inside
    <div className={`${styles.view} ${wrap ? styles.wrap : ''}`} onKeyDown={onKey} onFocus={onFocus}>
      <div className={styles.tools}>
        <LogSearch
          field={field}
          words={words}
          count={hits.length}
          current={Math.min(current, Math.max(0, hits.length - 1))}
          onWords={next => {
            setWords(next);
            setCurrent(0);
          }}
          onStep={step}
          onLeave={() => box.current?.focus()}
        />
        <LogTools
          settings={settings}
          onSettings={setSettings}
          range={range}
          textOf={chosen => logText(sections, times, chosen)}
          fileName={fileName}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section ref={box} className={styles.box} style={room} aria-label={label} tabIndex={0}>
        <div className={styles.all} style={{ height }}>
          {virtual.getVirtualItems().map(item => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={styles.row}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row.kind === 'section' ? (
                  <LogSectionRow section={row.section} open={row.open} hidden={row.hidden} onToggle={onToggle} />
                ) : row.kind === 'empty' ? (
                  <p className={styles.empty}>{row.words}</p>
                ) : (
                  <LogLineRow
                    section={row.section}
                    line={row.line}
                    number={row.number}
                    times={times}
                    chosen={range?.section === row.section && range.from <= row.number && row.number <= range.to}
                    hits={marked.get(item.index)}
                    href={hrefOf?.({ section: row.section, line: row.number })}
                    onNumber={onNumber}
                    inTabOrder={item.index === firstLine}
                  />
                )}
              </div>
            );
          })}
        </div>
      </section>
      {live && !follow.following ? (
        <div className={styles.jump}>
          <Button size="s" kind="primary" icon={ArrowDownToLine} onClick={follow.jumpToEnd}>
            Jump to the end
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** The line whose number Tab comes to: the first in view; arrows go on from there. */
function firstLineIn(rows: readonly LogRow[], from: number): number {
  return rows.findIndex((row, index) => index >= from && row.kind === 'line');
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
