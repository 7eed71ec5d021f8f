import { Inbox, type LucideIcon, TriangleAlert } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { ApiError } from '../api/client.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import styles from './states.module.css';

/** Nothing here yet: what would be here, and what to do next. */
export function Empty({
  title,
  icon: Icon = Inbox,
  children,
  action,
}: {
  readonly title: string;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <Icon size={32} aria-hidden />
      <h2>{title}</h2>
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}

/** What happened, what to do, and the request id for whoever looks into the log. */
export function ErrorPanel({
  title,
  error,
  again,
}: {
  readonly title: string;
  readonly error: ApiError;
  readonly again?: () => void;
}) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const mine = panel.current;
    return () => {
      if (mine?.contains(document.activeElement)) focusHeadingAround(mine);
    };
  }, []);
  return (
    <div ref={panel} className={styles.error} role="alert">
      <TriangleAlert size={20} aria-hidden />
      <div className={styles.errorText}>
        <h2>{title}</h2>
        <p>{error.message}</p>
        {adviceFor(error) === undefined ? null : <p>{adviceFor(error)}</p>}
        <div className={styles.errorFoot}>
          {again === undefined ? null : (
            <Button size="s" onClick={again}>
              Try again
            </Button>
          )}
          <span className={styles.request}>
            <span className={styles.code}>
              {error.code}
              {error.requestId === undefined ? '' : ` · request ${error.requestId}`}
            </span>
            {error.requestId === undefined ? null : <CopyButton text={error.requestId} label="Copy the request id" />}
          </span>
        </div>
      </div>
    </div>
  );
}

/** ‘Try again’ goes with the panel, and the focus would fall out of the page with it. */
function focusHeadingAround(panel: Element): void {
  const around = panel.closest('section, [role=dialog], [role=alertdialog], main');
  const headings = [...(around?.querySelectorAll<HTMLElement>('h1, h2, h3') ?? [])];
  const heading = headings.find(one => !panel.contains(one));
  if (heading === undefined) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** What the message itself does not say, by kind of failure. */
function adviceFor({ status }: ApiError): string | undefined {
  if (status === 403) return 'Ask an owner of the app, or an administrator of the org, for the role that is named.';
  if (status === 404) return 'It may have been deleted, or its address is mistyped.';
  if (status === 429) return 'Too many requests came at once. Wait a moment, then try again.';
  if (status >= 500) return 'If it fails again, tell the administrator the request id.';
  return undefined;
}

/** Holds the place of what is being read, in its size, so that nothing shifts. `lines`: how many lines of text. */
export function Skeleton({
  lines = 1,
  height,
}: {
  readonly lines?: number /** CSS length, instead of lines of text. */;
  readonly height?: string;
}) {
  if (height !== undefined) return <div className={styles.bone} style={{ height }} data-skeleton aria-hidden />;
  return (
    <div className={styles.bones} data-skeleton aria-hidden>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else
        <div key={line} className={styles.bone} />
      ))}
    </div>
  );
}

/** A whole list that is being read. Says so to screen readers once. */
export function LoadingRows({ rows = 5, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div className={styles.rows} role="status">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else
        <Skeleton key={row} height="2.75rem" />
      ))}
    </div>
  );
}

/** The button under a list that goes on. */
export function LoadMore({ more, busy }: { readonly more: (() => void) | undefined; readonly busy: boolean }) {
  if (more === undefined) return null;
  return (
    <div className={styles.more}>
      <Button onClick={more} busy={busy}>
        {busy ? 'Loading …' : 'Load more'}
      </Button>
    </div>
  );
}
