import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { InertText } from '../parts/inert-text/inert-text.tsx';
import { Button, IconButton } from './button.tsx';
import styles from './dialog.module.css';

/** A window over the page: for a form or something to read. Escape and the cross close it. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  actions,
  guard = 'none',
  first,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** What does not close it: a click beside it; that and Escape (`slips`); and the cross, too (`all`). */
  readonly guard?: 'none' | 'clicks' | 'slips' | 'all';
  /** What has the focus when it opens; nothing: the first control of the window, which is the cross. */
  readonly first?: () => HTMLElement | null;
  /** Buttons; the main one last. */
  readonly actions?: ReactNode;
}) {
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={guard !== 'none'}
      onOpenChange={now => (now || guard === 'slips' || guard === 'all' ? undefined : onClose())}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup
          className={styles.popup}
          // A finger that opens a window has not asked for the keyboard over half of it.
          {...(first === undefined ? {} : { initialFocus: by => by === 'touch' || first() })}
        >
          <div className={styles.head}>
            <Base.Title className={styles.title}>
              <InertText text={title} />
            </Base.Title>
            <IconButton label="Close" icon={X} disabled={guard === 'all'} onClick={onClose} />
          </div>
          <div className={styles.body}>{children}</div>
          {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks before something that cannot be taken back, and stays while that is done. `act` names what happens ("Delete the pipeline"), not "OK". */
export function ConfirmDialog({
  open,
  onClose,
  title,
  children,
  act,
  keep = 'Keep it as it is',
  onConfirm,
  busy = false,
  dangerous = true,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  readonly act: string;
  /** What the other button says. */
  readonly keep?: string;
  readonly onConfirm: () => void;
  readonly busy?: boolean;
  readonly dangerous?: boolean;
}) {
  return (
    <AlertDialog.Root open={open} onOpenChange={now => (now || busy ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.popup}>
          <AlertDialog.Title className={styles.title}>
            <InertText text={title} />
          </AlertDialog.Title>
          <AlertDialog.Description render={<div className={styles.body} />}>{children}</AlertDialog.Description>
          <div className={styles.actions}>
            <Button disabled={busy} onClick={onClose}>
              {keep}
            </Button>
            <Button kind={dangerous ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
              {act}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
