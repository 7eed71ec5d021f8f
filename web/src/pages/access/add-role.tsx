import { useState } from 'react';
import { useApiList } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { Send } from '../../api/use-send.ts';
import { FormDialog, LoadingRows, Select, say, TextInput } from '../../ui/index.ts';
import type { Roles } from './roles-of.ts';
import { twinsOf } from './twins.ts';
import { useAll } from './use-all.ts';
import { KINDS } from './who.tsx';

const ID = /^(?:[sg]-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the server says to programs, said to people. */
const PROBLEMS: Readonly<Record<string, string>> = {
  NOT_FOUND: 'Nobody in the org has this id. Ask them for the one under ‘Who am I, what may I do’.',
  ROLE_EXISTS: 'They have a role here already: close this, and change it in the list.',
};

/** Chooses from the org where one may read who is in it; else asks for an id. */
export function AddRole({ roles, onClose }: { readonly roles: Roles; readonly onClose: () => void }) {
  const [id, setId] = useState('');
  const [role, setRole] = useState(roles.roles[0] ?? '');
  const [problem, setProblem] = useState<string>();
  const people = usePeople(roles);
  const send: Send = async () => {
    const wanted = id.trim();
    if (!ID.test(wanted)) {
      setProblem(
        people === 'unreadable'
          ? 'This is no id: it is 36 letters, digits and hyphens, with ‘s-’ before a service user and ‘g-’ before a group.'
          : 'Choose who is to have the role.',
      );
      return undefined;
    }
    const answer = await roles.add(wanted, role);
    if (!answer.ok) {
      const known = PROBLEMS[answer.error.code];
      if (known === undefined) return answer.error;
      setProblem(known);
      return undefined;
    }
    say({ title: 'The role was given' });
    onClose();
    return undefined;
  };
  const write = (text: string): void => {
    setId(text);
    setProblem(undefined);
  };
  return (
    <FormDialog
      title={`Give a role on ${roles.where}`}
      act="Give the role"
      failed="The role was not given"
      send={send}
      onClose={onClose}
    >
      {people === 'unreadable' ? (
        <TextInput
          label="Id"
          required
          hint="Of a user, service user or group of the org. Everybody finds their own under ‘Who am I, what may I do’."
          value={id}
          error={problem}
          onText={write}
        />
      ) : people === undefined ? (
        <LoadingRows rows={1} label="Loading who is in the org" />
      ) : (
        <Select
          label="Who"
          required
          value={id}
          error={problem}
          hint="Those who have a role here already are not in this list."
          options={[{ value: '', label: 'Choose …' }, ...people]}
          onText={write}
        />
      )}
      {roles.roles.length < 2 ? null : (
        <Select
          label="Role"
          required
          value={role}
          options={roles.roles.map(one => ({ value: one, label: one }))}
          onText={setRole}
        />
      )}
    </FormDialog>
  );
}

/** Who of the org has no role there yet. Undefined: they are being read. */
function usePeople({ org, list }: Roles) {
  const { can, pending } = useRights({ org });
  const enabled = can('users.read').allowed;
  const users = useAll(useApiList('listUsersInOrg', { params: { org }, query: { per_page: 100 }, enabled }));
  if (!pending && !enabled) return 'unreadable';
  // Once all are there they stay, whatever a later read says.
  if (users.items === undefined || users.more !== undefined) {
    return users.error === undefined ? undefined : 'unreadable';
  }
  const taken = new Set((list.items ?? []).map(holder => holder.id));
  const isTwin = twinsOf(users.items);
  return users.items
    .filter(user => !taken.has(user.id))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(user => ({
      value: user.id,
      label: `${user.name} (${KINDS[user.type].text.toLowerCase()}${isTwin(user) ? `, id …${user.id.slice(-8)}` : ''})`,
    }));
}
