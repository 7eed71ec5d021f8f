import { NavLink } from 'react-router';
import styles from './tabs.module.css';

/**
 * Parts of one thing, each with an address of its own: they can be linked to, and Back works. So they are links, in a
 * navigation of their own, and not a `tablist`.
 */
export function Tabs({
  label,
  tabs,
}: {
  /** What the parts are of. */
  readonly label: string;
  readonly tabs: readonly {
    readonly to: string;
    readonly label: string;
    readonly count?: number | undefined;
    readonly end?: boolean;
  }[];
}) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      {tabs.map(tab => (
        <NavLink key={tab.to} to={tab.to} end={tab.end ?? true} className={styles.tab ?? ''}>
          {tab.label}
          {tab.count === undefined ? null : <span className={styles.count}>{tab.count}</span>}
        </NavLink>
      ))}
    </nav>
  );
}
