import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { type ReactNode, useLayoutEffect } from 'react';
import { IconButton } from './button.tsx';
import styles from './toast.module.css';

const manager = Toast.createToastManager();

/** Tells that something was done, or failed; read out by screen readers (a live region). It never is the only place of an error. */
export function say({
  title,
  text,
  tone = 'ok',
}: {
  readonly title: string;
  readonly text?: string;
  readonly tone?: 'ok' | 'fail';
}): void {
  manager.add({
    title,
    ...(text === undefined ? {} : { description: text }),
    type: tone,
    timeout: tone === 'fail' ? 12_000 : 5_000,
  });
}

export function ToastRegion({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport}>
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const { toasts, close } = Toast.useToastManager();
  useEscape(toasts[0]?.id, close);
  return toasts.map(toast => (
    <Toast.Root key={toast.id} toast={toast} className={`${styles.toast} ${toast.type === 'fail' ? styles.fail : ''}`}>
      <Toast.Content className={styles.content}>
        <div>
          <Toast.Title className={styles.title} render={<p />} />
          <Toast.Description className={styles.text} />
        </div>
        <IconButton label="Close the message" icon={X} onClick={() => close(toast.id)} />
      </Toast.Content>
    </Toast.Root>
  ));
}

/** What takes Escape itself while the focus is in it; a message is a dialog, too. */
const TAKES_ESCAPE = '[role="dialog"], [role="alertdialog"], [role="menu"]';

/** Escape closes the newest message, unless something else takes it. */
function useEscape(newest: string | undefined, close: (id: string) => void): void {
  // Before it is painted: whoever sees the message can close it.
  useLayoutEffect(() => {
    if (newest === undefined) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.activeElement?.closest(TAKES_ESCAPE)) return;
      close(newest);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [newest, close]);
}
