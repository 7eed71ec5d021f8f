import { type RefObject, useLayoutEffect, useState } from 'react';

/** Pixels below which two nodes do not stand side by side. */
const TWO_NODES = 560;

/** Of the element, not of the window: the graph may share the page with other things. */
export function useIsNarrow(element: RefObject<HTMLElement | null>, width = TWO_NODES): boolean {
  const [isNarrow, setIsNarrow] = useState(false);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = (): void => {
      // What is not shown just now, or is in a window without any width, says nothing.
      if (current.clientWidth > 0) setIsNarrow(current.clientWidth < width);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, width]);
  return isNarrow;
}
