import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClientProvider } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from '../api/api.ts';
import { readSession, watchSession } from '../api/session.ts';
import { SignInAgain } from '../pages/sign-in/sign-in-again.tsx';
import { SignInPage } from '../pages/sign-in/sign-in-page.tsx';
import { ToastRegion } from '../ui/toast.tsx';
import { Shell } from './shell.tsx';

// Whoever signs in next must not see what the one before was shown.
let shownTo = readSession().round;
watchSession(() => {
  const { round } = readSession();
  if (round !== shownTo) queryClient.clear();
  shownTo = round;
});

/** One route: the shell has the others. Of all routers only this kind can ask before one leaves a page (`useBlocker`). */
const router = createBrowserRouter([{ path: '*', element: <Shell /> }], { basename: '/ui' });

/**
 * Without a session the sign-in page stands in the place of the page that was asked for; its address stays. When the session
 * ended by itself, the page stays too, beneath: what somebody was writing there is not lost.
 */
export function App() {
  const { token, reason, round } = useSyncExternalStore(watchSession, readSession);
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Tooltip.Provider delay={300}>
          <ToastRegion>
            {token === undefined && reason === undefined ? (
              <SignInPage />
            ) : (
              <RouterProvider key={round} router={router} />
            )}
            {reason === undefined ? null : <SignInAgain />}
          </ToastRegion>
        </Tooltip.Provider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
