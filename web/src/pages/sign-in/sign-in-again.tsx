import { useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import styles from './sign-in.module.css';
import { SignInPage } from './sign-in-page.tsx';

/** The sign-in page over the page that one was at: nothing beneath can be seen, reached or read out until then. */
export function SignInAgain() {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Gives the focus back to where it was.
    return () => shown?.close();
  }, []);
  return createPortal(
    <dialog
      ref={dialog}
      className={styles.over}
      aria-label="Sign in again"
      onKeyDown={event => {
        // It cannot be closed; nor is a window closed that is open beneath.
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <SignInPage />
    </dialog>,
    // Beside the page and its windows, which make everything that is beneath them inert.
    document.body,
  );
}
