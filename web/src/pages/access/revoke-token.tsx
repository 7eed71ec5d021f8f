import { useAction } from '../../api/api.ts';
import type { TokenInfo } from '../../api/types.ts';
import { useSend } from '../../api/use-send.ts';
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
  const { run } = useAction('deleteToken', ['listTokens']);
  const { submit, busy, error } = useSend(async () => {
    const answer = await run({ params: { user, token: token.id } });
    // Gone already is what was wanted.
    if (!answer.ok && answer.error.status !== 404) return answer.error;
    say({ title: 'The token was revoked' });
    onClose();
    return undefined;
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
