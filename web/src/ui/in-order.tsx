import { type ReactNode, useEffect, useRef } from 'react';
import styles from './in-order.module.css';

/** Milliseconds after which what is there is shown, though something above it is not. */
const LONGEST_WAIT = 3_000;

/**
 * Blocks of a page of which nobody knows how high they will be. Each is shown when all above it are there, so that nothing is
 * pushed away while somebody reads it; all of them are read at once. What holds a skeleton is not there yet. A block that was
 * shown stays, and one that does not come does not keep the others away for ever.
 */
export function InOrder({ children }: { readonly children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const blocks = frame.current;
    if (blocks === null) return;
    let waits = true;
    const mark = (): void => {
      for (const block of blocks.children) {
        block.setAttribute('data-shown', '');
        if (waits && (block.matches(WAITING) || block.querySelector(WAITING) !== null)) return;
      }
    };
    mark();
    const watching = new MutationObserver(mark);
    watching.observe(blocks, { childList: true, subtree: true });
    const timer = setTimeout(() => {
      waits = false;
      mark();
    }, LONGEST_WAIT);
    return () => {
      watching.disconnect();
      clearTimeout(timer);
    };
  }, []);
  return (
    <div ref={frame} className={styles.blocks}>
      {children}
    </div>
  );
}

const WAITING = '[data-skeleton]';
