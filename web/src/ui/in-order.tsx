import type { ReactNode } from 'react';
import styles from './in-order.module.css';

/**
 * Blocks of a page of which nobody knows how high they will be. Each is shown when all above it are there, so that nothing is
 * pushed away while somebody reads it; all of them are read at once. What holds a skeleton is not there yet.
 */
export function InOrder({ children }: { readonly children: ReactNode }) {
  return <div className={styles.blocks}>{children}</div>;
}
