import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { type FocusEvent, useCallback, useState } from 'react';

/** Rows on both sides of the one with the focus: the next one may have nothing to focus, the one after it has. */
const NEIGHBOURS = 2;

type HeldRows = {
  readonly rangeExtractor: (range: Range) => number[];
  readonly onFocus: (event: FocusEvent) => void;
};

/**
 * The row with the focus stays an element, wherever the reader scrolls, and so do those that arrows lead to: they are
 * there before the next key, where rows that come with scrolling need a frame.
 */
export function useHeldRows(): HeldRows {
  const [held, setHeld] = useState<number>();
  const rangeExtractor = useCallback(
    (range: Range) => {
      const rows = new Set(defaultRangeExtractor(range));
      if (held !== undefined)
        for (let row = Math.max(0, held - NEIGHBOURS); row <= held + NEIGHBOURS && row < range.count; row += 1)
          rows.add(row);
      return [...rows].sort((a, b) => a - b);
    },
    [held],
  );
  const onFocus = useCallback(({ target }: FocusEvent) => {
    const row = target.closest<HTMLElement>('[data-index]');
    if (row !== null) setHeld(Number(row.dataset.index));
  }, []);
  return { rangeExtractor, onFocus };
}
