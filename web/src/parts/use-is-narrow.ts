import { type RefObject, useLayoutEffect, useState } from 'react';

/** Pixels below which two nodes do not stand side by side. */
const TWO_NODES = 560;

/** Of the element, not of the window: the graph may share the page with other things. */
export function useIsNarrow(element: RefObject<HTMLElement | null>, width = TWO_NODES): boolean {
  const [isNarrow, setIsNarrow] = useState(false);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    setIsNarrow(current.clientWidth < width);
    const observer = new ResizeObserver(() => setIsNarrow(current.clientWidth < width));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, width]);
  return isNarrow;
}
