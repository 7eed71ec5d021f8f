import { type RefObject, useEffect } from 'react';
import { useBlocker } from 'react-router';
import { ConfirmDialog } from '../../ui/index.ts';

/** Asks before a page with unsaved changes is left, be it by a link, by Back or by closing the tab. `off`: set to leave all the same. */
export function LeaveGuard({ dirty, off }: { readonly dirty: boolean; readonly off: RefObject<boolean> }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && !off.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent): void => {
      if (!off.current) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty, off]);
  return (
    <ConfirmDialog
      open={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      act="Leave without saving"
      keep="Go on editing"
      onConfirm={() => blocker.proceed?.()}
    >
      <p>What you changed in the definition is not saved. Leave, and it is lost.</p>
    </ConfirmDialog>
  );
}
