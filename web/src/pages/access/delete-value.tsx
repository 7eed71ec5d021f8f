import { useAction } from '../../api/api.ts';
import type { Value } from '../../api/types.ts';
import { useSend } from '../../api/use-send.ts';
import type { Place } from '../../app/place.ts';
import { ConfirmDialog, ErrorPanel, say } from '../../ui/index.ts';

export function DeleteValue({
  place,
  value,
  onClose,
}: {
  readonly place: Place;
  readonly value: Value;
  readonly onClose: () => void;
}) {
  const { run } = useAction('deleteValue', ['listValues']);
  const { submit, busy, error } = useSend(async () => {
    const answer = await run({ params: { ...place, key: value.key }, headers: { 'if-match': `"${value.etag}"` } });
    if (!answer.ok) return answer.error;
    say({ title: 'The value was deleted' });
    onClose();
    return undefined;
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Delete ${value.key}?`}
      act="Delete the value"
      busy={busy}
      onConfirm={submit}
    >
      {error === undefined ? null : <ErrorPanel title="The value was not deleted" error={error} />}
      <p>
        Expressions that name it are empty from the next step on.
        {value.is_secret ? ' Nobody can read the secret any more, so it cannot be brought back.' : ''}
      </p>
    </ConfirmDialog>
  );
}
