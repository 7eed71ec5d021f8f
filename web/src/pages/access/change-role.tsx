import { useState } from 'react';
import { type Send, useSend } from '../../api/use-send.ts';
import { ConfirmDialog, ErrorPanel, FormDialog, Select, say } from '../../ui/index.ts';
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
  const send: Send = async () => {
    if (role !== holder.role) {
      const answer = await roles.change(holder.id, role);
      if (!answer.ok) return answer.error;
      say({ title: 'The role was changed' });
    }
    onClose();
    return undefined;
  };
  return (
    <FormDialog
      title={`Change the role of ${holder.name}`}
      act="Save"
      failed="The role was not changed"
      send={send}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}

export function RemoveRole({ roles, holder, isMe, onClose }: Props) {
  const { submit, busy, error } = useSend(async () => {
    const answer = await roles.remove(holder.id);
    if (!answer.ok) return answer.error;
    say({ title: 'The role was taken away' });
    onClose();
    return undefined;
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Take the role from ${holder.name}?`}
      act="Take the role away"
      busy={busy}
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
