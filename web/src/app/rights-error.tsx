import type { Rights } from '../api/can.ts';
import { ErrorPanel } from '../ui/index.ts';

/** In the place of what rights decide about, when they could not be read: neither that nor a refusal would be true. */
export function RightsError({ rights: { error, again } }: { readonly rights: Pick<Rights, 'error' | 'again'> }) {
  return error === undefined ? null : <ErrorPanel title="Your rights could not be read" error={error} again={again} />;
}
