import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Pixels: so near to the end a reader is at the end. */
const NEAR = 8;

type Follow = {
  readonly following: boolean;
  readonly jumpToEnd: () => void;
  /** Something else scrolls now: a hit or a linked line. */
  readonly stop: () => void;
};

/** Keeps the end in view while lines come in, until the reader scrolls up; at the end it goes on. */
export function useFollow(element: RefObject<HTMLElement | null>, live: boolean): Follow {
  const [following, setFollowing] = useState(live);
  const before = useRef(0);

  const toEnd = useCallback(() => {
    const { current } = element;
    if (current !== null) current.scrollTop = current.scrollHeight;
  }, [element]);

  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = current;
      const isAtEnd = scrollHeight - clientHeight - scrollTop <= NEAR;
      // Rows that turn out larger push the end away: only a way up is the reader's.
      if (isAtEnd) setFollowing(true);
      else if (scrollTop < before.current) setFollowing(false);
      before.current = scrollTop;
    };
    current.addEventListener('scroll', onScroll, { passive: true });
    return () => current.removeEventListener('scroll', onScroll);
  }, [element]);

  // Lines are added, and rows turn out larger than they were thought to be: both change the height of the content.
  useEffect(() => {
    const { current } = element;
    const content = current?.firstElementChild;
    if (current === null || !content || !following || !live) return;
    const observer = new ResizeObserver(toEnd);
    observer.observe(content);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, following, live, toEnd]);

  const jumpToEnd = useCallback(() => {
    setFollowing(true);
    toEnd();
  }, [toEnd]);
  const stop = useCallback(() => setFollowing(false), []);
  return { following, jumpToEnd, stop };
}
