import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { InertText } from '../parts/inert-text/inert-text.tsx';
import { inertText } from '../parts/inert-text/read-ansi.ts';
import styles from './page.module.css';
import { isTabbing } from './tabbing.ts';

export type Crumb = { readonly label: string; readonly to: string };

/** Whether this page is the first since the app was opened: then the browser has put the focus where it belongs. */
let first = true;

/** Title (also of the browser's tab), where it is, and what can be done with it. Every page begins with one. */
export function PageHeader({
  title,
  crumbs = [],
  children,
  actions,
}: {
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  /** Beside the title: status, times. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  // A page that changed without a load is told to screen readers by the focus; but what somebody has gone to meanwhile keeps it.
  useEffect(() => {
    const taken = isTabbing() && document.activeElement !== document.body;
    if (!first && !taken) heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <header className={styles.header}>
      <title>{`${inertText(title)} · Pipecall`}</title>
      {crumbs.length === 0 ? null : (
        <nav aria-label="Breadcrumbs">
          <ol className={styles.crumbs}>
            {crumbs.map((crumb, index) => (
              <li key={crumb.to}>
                {index === 0 ? null : <ChevronRight size={14} aria-hidden />}
                <Link to={crumb.to} title={inertText(crumb.label)}>
                  <InertText text={crumb.label} />
                </Link>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className={styles.row}>
        <div className={styles.heading}>
          <h1 ref={heading} tabIndex={-1}>
            <InertText text={title} />
          </h1>
          {children}
        </div>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
    </header>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <div className={styles.row}>
        <h2>{title}</h2>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** A surface that holds things that belong together. */
export function Card({ children }: { readonly children: ReactNode }) {
  return <div className={styles.card}>{children}</div>;
}

/** Names and what they are: facts about one thing. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
