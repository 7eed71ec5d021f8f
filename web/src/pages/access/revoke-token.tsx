import { useState } from 'react';
import { useAction } from '../../api/api.ts';
import type { ApiError } from '../../api/client.ts';
import type { TokenInfo } from '../../api/types.ts';
import { useOnce } from '../../api/use-once.ts';
import { ConfirmDialog, ErrorPanel, say } from '../../ui/index.ts';

export function RevokeToken({
  user,
  token,
  onClose,
}: {
  readonly user: string;
  readonly token: TokenInfo;
  readonly onClose: () => void;
}) {
  const { run, busy } = useAction('deleteToken', ['listTokens']);
  const [error, setError] = useState<ApiError>();
  const submit = useOnce(async (): Promise<void> => {
    const answer = await run({ params: { user, token: token.id } });
    // Gone already is what was wanted.
    if (!answer.ok && answer.error.status !== 404) return setError(answer.error);
    say({ title: 'The token was revoked' });
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Revoke the token ${token.id}?`}
      act="Revoke the token"
      busy={busy}
      onConfirm={submit}
    >
      {error === undefined ? null : <ErrorPanel title="The token was not revoked" error={error} />}
      <p>
        The next request with it is refused. If you signed in with it, you are signed out. This cannot be taken back.
      </p>
    </ConfirmDialog>
  );
}
