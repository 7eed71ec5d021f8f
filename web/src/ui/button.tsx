import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'react-router';
import type { Verdict } from '../api/can.ts';
import styles from './button.module.css';
import { Tooltip } from './tooltip.tsx';

type Look = {
  /** `primary`: what most people come for, once on a page. `quiet`: no border. */
  readonly kind?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'm' | 's';
  readonly icon?: LucideIcon;
};

export type ButtonProps = Look &
  Omit<ComponentProps<'button'>, 'disabled'> & {
    readonly busy?: boolean;
    readonly disabled?: boolean;
    /** What `can(…)` answered: not allowed disables the button and says why. */
    readonly allowed?: Verdict;
    readonly children: ReactNode;
  };

/** Disabled by a verdict it can still be reached with the keyboard: otherwise nobody could read why. */
export function Button({ allowed, busy = false, disabled = false, children, onClick, ...rest }: ButtonProps) {
  const { kind, size, icon, className, ...more } = rest;
  const refused = allowed !== undefined && !allowed.allowed ? allowed.reason : undefined;
  const off = disabled || busy || refused !== undefined;
  return (
    // Without a reason, too: as another element it would lose the focus when rights come or go.
    <Tooltip text={refused}>
      <button
        type="button"
        {...more}
        className={classOf({ kind, size }, className)}
        aria-disabled={off || undefined}
        aria-busy={busy || undefined}
        onClick={event => {
          if (off) event.preventDefault();
          else onClick?.(event);
        }}
      >
        <Inside icon={icon} size={size}>
          {children}
        </Inside>
      </button>
    </Tooltip>
  );
}

/** A link that looks like a button: it leads to another page. */
export function LinkButton({ to, children, ...look }: Look & { readonly to: string; readonly children: ReactNode }) {
  const { kind, size, icon } = look;
  return (
    <Link to={to} className={classOf({ kind, size })}>
      <Inside icon={icon} size={size}>
        {children}
      </Inside>
    </Link>
  );
}

/** A button that is an icon; `label` is read out and shown as a tooltip. */
export function IconButton({
  label,
  icon: Icon,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'children'> & { readonly label: string; readonly icon: LucideIcon }) {
  return (
    <Tooltip text={label} named>
      <button type="button" {...rest} aria-label={label} className={`${styles.icon} ${className ?? ''}`}>
        <Icon size={18} aria-hidden />
      </button>
    </Tooltip>
  );
}

function Inside({
  icon: Icon,
  size,
  children,
}: {
  readonly icon: LucideIcon | undefined;
  readonly size: Look['size'] | undefined;
  readonly children: ReactNode;
}) {
  return (
    <>
      {Icon === undefined ? null : <Icon size={size === 's' ? 14 : 16} aria-hidden />}
      {children}
    </>
  );
}

const classOf = (
  {
    kind = 'secondary',
    size = 'm',
  }: { readonly kind?: Look['kind'] | undefined; readonly size?: Look['size'] | undefined },
  more = '',
): string => `${styles.button} ${styles[kind]} ${size === 's' ? styles.small : ''} ${more}`;
