import { Copy, Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { say } from '../../ui/toast.tsx';
import { LEVELS, type Level } from './log-line.ts';
import type { LineRange } from './log-text.ts';
import styles from './log-view.module.css';

export type LogSettings = { readonly wrap: boolean; readonly times: boolean; readonly least: Level };

type Props = {
  readonly settings: LogSettings;
  readonly onSettings: (settings: LogSettings) => void;
  readonly range: LineRange | undefined;
  /** The chosen lines, else all. */
  readonly textOf: (range: LineRange | undefined) => string;
  readonly fileName: string;
};

const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  debug: 'All levels',
  info: 'Info and above',
  warning: 'Warnings and errors',
  error: 'Errors only',
};

export function LogTools({ settings, onSettings, range, textOf, fileName }: Props): ReactNode {
  const { wrap, times, least } = settings;
  return (
    <div className={styles.actions}>
      <select
        className={styles.select}
        aria-label="Levels"
        value={least}
        onChange={event => {
          const level = LEVELS.find(one => one === event.target.value);
          if (level !== undefined) onSettings({ ...settings, least: level });
        }}
      >
        {LEVELS.map(level => (
          <option key={level} value={level}>
            {LEVEL_WORDS[level]}
          </option>
        ))}
      </select>
      <Button size="s" kind="quiet" aria-pressed={wrap} onClick={() => onSettings({ ...settings, wrap: !wrap })}>
        Wrap
      </Button>
      <Button size="s" kind="quiet" aria-pressed={times} onClick={() => onSettings({ ...settings, times: !times })}>
        Times
      </Button>
      <Button size="s" kind="quiet" icon={Copy} onClick={() => copy(textOf(range))}>
        {range === undefined ? 'Copy all' : copyWords(range)}
      </Button>
      <Button size="s" kind="quiet" icon={Download} onClick={() => download(textOf(undefined), fileName)}>
        Download
      </Button>
    </div>
  );
}

function copyWords({ from, to }: LineRange): string {
  return from === to ? `Copy line ${from}` : `Copy lines ${from}–${to}`;
}

function copy(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => say({ title: 'Copied' }),
    () => say({ title: 'The browser did not let this page copy', text: 'Download the log instead.', tone: 'fail' }),
  );
}

function download(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has the blob once the click is over.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
