import { ChevronDown, ChevronUp } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { MAX_HITS } from './find-hits.ts';
import styles from './log-view.module.css';

type Props = {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly words: string;
  readonly count: number;
  /** From 0. */
  readonly current: number;
  readonly onWords: (words: string) => void;
  readonly onStep: (by: 1 | -1) => void;
  /** Escape: back to the lines. */
  readonly onLeave: () => void;
};

export function LogSearch({ field, words, count, current, onWords, onStep, onLeave }: Props): ReactNode {
  const many = count === MAX_HITS ? `${MAX_HITS.toLocaleString('en-GB')}+` : count.toLocaleString('en-GB');
  const said = words === '' ? '' : count === 0 ? 'Not found' : `${(current + 1).toLocaleString('en-GB')} of ${many}`;
  return (
    <search className={styles.search}>
      <input
        ref={field}
        type="search"
        aria-label="Search in the log"
        placeholder="Search ( / )"
        autoComplete="off"
        spellCheck={false}
        value={words}
        onChange={event => onWords(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
          if (event.key !== 'Escape') return;
          onWords('');
          onLeave();
        }}
      />
      <output className={styles.hits}>{said}</output>
      <IconButton label="Previous hit" icon={ChevronUp} disabled={count === 0} onClick={() => onStep(-1)} />
      <IconButton label="Next hit" icon={ChevronDown} disabled={count === 0} onClick={() => onStep(1)} />
    </search>
  );
}
