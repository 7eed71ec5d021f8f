import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { type Send, useSend } from '../api/use-send.ts';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { Dialog } from './dialog.tsx';
import { ErrorPanel } from './states.tsx';

/** A window with a form. A slip does not close it: not a click beside it once something is written, nothing while it is sent. */
export function FormDialog({
  title,
  act,
  failed,
  send,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button does ("Make the token"), not "OK". */
  readonly act: string;
  /** Heading over what the server refused: "The token was not made". */
  readonly failed: string;
  /** Closes the window too, when it went well. */
  readonly send: Send;
  readonly onClose: () => void;
  /** The fields. */
  readonly children: ReactNode;
}) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [written, setWritten] = useState(false);
  const { submit, busy, error, attempts } = useSend(send);
  // Whoever sent it goes on where it is wrong, and sees why.
  useEffect(() => {
    if (attempts === 0) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
    form.current?.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
  }, [attempts]);
  return (
    <Dialog
      open
      onClose={onClose}
      guard={busy ? 'all' : written ? 'clicks' : 'none'}
      title={title}
      first={() => form.current?.firstElementChild?.querySelector<HTMLElement>('input, select, textarea') ?? null}
      actions={
        <>
          <Button disabled={busy} onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" form={id} busy={busy}>
            {act}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        id={id}
        noValidate
        className={styles.form}
        onInput={() => setWritten(true)}
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        {error === undefined ? null : <ErrorPanel title={failed} error={error} />}
        {children}
      </form>
    </Dialog>
  );
}
