import { useState } from 'react';
import type { ApiError } from '../../api/client.ts';
import { useOnce } from '../../api/use-once.ts';
import { Button, ConfirmDialog, Dialog, ErrorPanel, Select, say } from '../../ui/index.ts';
import styles from './access.module.css';
import type { Holder, Roles } from './roles-of.ts';

type Props = {
  readonly roles: Roles;
  readonly holder: Holder;
  readonly isMe: boolean;
  readonly onClose: () => void;
};

export function ChangeRole({ roles, holder, isMe, onClose }: Props) {
  const [role, setRole] = useState(holder.role);
  const [error, setError] = useState<ApiError>();
  const submit = useOnce(async (): Promise<void> => {
    if (role === holder.role) return onClose();
    const answer = await roles.change(holder.id, role);
    if (!answer.ok) return setError(answer.error);
    say({ title: 'The role was changed' });
    onClose();
  });
  const form = 'change-role';
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Change the role of ${holder.name}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} busy={roles.busy}>
            Save
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        {error === undefined ? null : <ErrorPanel title="The role was not changed" error={error} />}
        <Select
          label={`Role on ${roles.where}`}
          required
          value={role}
          options={roles.roles.map(one => ({ value: one, label: one }))}
          onText={setRole}
        />
        {isMe && role !== holder.role ? (
          <p className={styles.warn}>This is your own role: you may not be able to take it back.</p>
        ) : null}
      </form>
    </Dialog>
  );
}

export function RemoveRole({ roles, holder, isMe, onClose }: Props) {
  const [error, setError] = useState<ApiError>();
  const submit = useOnce(async (): Promise<void> => {
    const answer = await roles.remove(holder.id);
    if (!answer.ok) return setError(answer.error);
    say({ title: 'The role was taken away' });
    onClose();
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Take the role from ${holder.name}?`}
      act="Take the role away"
      busy={roles.busy}
      onConfirm={submit}
    >
      {error === undefined ? null : <ErrorPanel title="The role was not taken away" error={error} />}
      <p>
        {holder.type === 'group' ? 'Its members are' : isMe ? 'You are' : `${holder.name} is`} no longer {holder.role}{' '}
        of {roles.where}, from the next request on. Runs that act with these rights are refused what they need.
      </p>
      {isMe ? <p className={styles.warn}>This is your own role: you cannot give it back to yourself.</p> : null}
    </ConfirmDialog>
  );
}
