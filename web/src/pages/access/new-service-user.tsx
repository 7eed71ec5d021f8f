import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAction } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { NewServiceUser as Body } from '../../api/types.ts';
import type { Send } from '../../api/use-send.ts';
import { type Place, pathTo } from '../../app/place.ts';
import { FormDialog, Select, say, TextInput } from '../../ui/index.ts';

type Role = Body['role'];

/** From the least to the most; nobody gives a role that they do not hold. */
const ORG_ROLES: readonly { readonly value: Role; readonly label: string; readonly byManagers: boolean }[] = [
  { value: 'member', label: 'member: nothing but what roles on apps give it', byManagers: true },
  { value: 'artefactContributor', label: 'artefactContributor: may push artefacts', byManagers: true },
  { value: 'orgViewer', label: 'orgViewer: reads everything but secrets', byManagers: false },
  { value: 'manager', label: 'manager: makes apps, users and groups', byManagers: true },
  { value: 'administrator', label: 'administrator: may do everything', byManagers: false },
];

export function NewServiceUser({ place, onClose }: { readonly place: Place; readonly onClose: () => void }) {
  const { org } = place;
  const { can } = useRights({ org });
  const navigate = useNavigate();
  const { run } = useAction('createServiceUser', ['listUsersInOrg']);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [problem, setProblem] = useState<string>();
  // The audit log is the administrators' alone.
  const isAdministrator = can('audit.read').allowed;
  const options = ORG_ROLES.filter(({ byManagers }) => byManagers || isAdministrator);
  const send: Send = async () => {
    if (name.trim() === '') {
      setProblem('Give it a name, so that people know what it is for.');
      return undefined;
    }
    const answer = await run({ params: { org }, body: { name: name.trim(), role } });
    if (!answer.ok) return answer.error;
    say({ title: 'The service user was made', text: 'Make a token for it next.' });
    await navigate(pathTo.ofAccess(place, 'service-users', answer.value.id));
    return undefined;
  };
  return (
    <FormDialog
      title="New service user"
      act="Make the service user"
      failed="The service user was not made"
      send={send}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        hint="For people to read: ‘CI of the web shop’."
        value={name}
        maxLength={100}
        error={problem}
        onText={text => {
          setName(text);
          setProblem(undefined);
        }}
      />
      <Select
        label={`Role in ${org}`}
        required
        hint="To start pipelines it also needs a role on their app: give it one under Roles."
        value={role}
        options={options}
        onText={value => setRole(ORG_ROLES.find(one => one.value === value)?.value ?? 'member')}
      />
    </FormDialog>
  );
}
