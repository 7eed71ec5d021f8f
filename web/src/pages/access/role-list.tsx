import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import { Button, type Column, ErrorPanel, LoadingRows, LoadMore, SearchInput, Table } from '../../ui/index.ts';
import styles from './access.module.css';
import { AddRole } from './add-role.tsx';
import { ChangeRole, RemoveRole } from './change-role.tsx';
import { GroupMembers } from './group-members.tsx';
import type { Holder, Roles } from './roles-of.ts';
import { twinsOf } from './twins.ts';
import { useAll } from './use-all.ts';
import { KINDS, Who } from './who.tsx';

type Open = { readonly what: 'add' } | { readonly what: 'change' | 'remove' | 'members'; readonly holder: Holder };

/** So many are seen at a glance. */
const FEW = 20;

/** Who has roles at one place; with the ways to give, change and take them. */
export function RoleList({ roles }: { readonly roles: Roles }) {
  const [open, setOpen] = useState<Open>();
  const me = useApi('getCurrentUser', {}).data?.id;
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const { mayAssign, where } = roles;
  // Whoever searches looks through all of them.
  const list = useAll(roles.list, wanted !== '');
  const found = (list.items ?? []).filter(({ name, email = '', role }) =>
    `${name} ${email} ${role}`.toLowerCase().includes(wanted),
  );
  const isTwin = twinsOf(list.items ?? []);
  const mayReadGroups = useRights({ org: roles.org }).can('groups.read').allowed;
  const close = (): void => setOpen(undefined);
  const actions: Column<Holder> = {
    head: 'Actions',
    headHidden: true,
    align: 'end',
    cell: holder => (
      <span className={styles.actions}>
        {roles.roles.length < 2 ? null : (
          <Button size="s" onClick={() => setOpen({ what: 'change', holder })}>
            Change<span className="sr-only"> the role of {holder.name}</span>
          </Button>
        )}
        <Button size="s" onClick={() => setOpen({ what: 'remove', holder })}>
          Remove<span className="sr-only"> {holder.name}</span>
        </Button>
      </span>
    ),
  };
  const columns: readonly Column<Holder>[] = [
    {
      head: 'Who',
      main: true,
      cell: holder => <Who holder={holder} isMe={holder.id === me} isTwin={isTwin(holder)} />,
    },
    {
      head: 'Kind',
      cell: holder => (
        <span className={styles.person}>
          {KINDS[holder.type].text}{' '}
          {holder.type === 'group' && mayReadGroups ? (
            <Button size="s" onClick={() => setOpen({ what: 'members', holder })}>
              Members<span className="sr-only"> of {holder.name}</span>
            </Button>
          ) : null}
        </span>
      ),
    },
    { head: 'Role', cell: ({ role }) => <span className={styles.person}>{role}</span> },
    ...(mayAssign.allowed ? [actions] : []),
  ];
  return (
    <>
      {list.error === undefined ? null : (
        <ErrorPanel title={`Who has a role on ${where} could not be read`} error={list.error} again={list.again} />
      )}
      {list.pending ? <LoadingRows rows={4} label="Loading the roles" /> : null}
      {list.items === undefined ? null : (
        <>
          <div className={styles.tools}>
            {list.items.length > FEW || list.more !== undefined ? (
              <SearchInput label={`Search who has a role on ${where}`} value={search} onText={setSearch} />
            ) : null}
            <Button icon={Plus} allowed={mayAssign} onClick={() => setOpen({ what: 'add' })}>
              Give somebody a role<span className="sr-only"> on {where}</span>
            </Button>
          </div>
          {list.items.length === 0 ? (
            <p className={styles.none}>
              Nobody has a role here. Administrators of {roles.org} may do everything all the same.
            </p>
          ) : found.length === 0 ? null : (
            <Table label={`Who has a role on ${where}`} columns={columns} rows={found} keyOf={holder => holder.id} />
          )}
          {found.length === 0 && list.items.length > 0 ? (
            <p role="status">Nobody who has a role here is called that.</p>
          ) : null}
          <LoadMore more={list.more} busy={list.loadingMore} />
        </>
      )}
      {open?.what === 'add' ? <AddRole roles={roles} onClose={close} /> : null}
      {open?.what === 'members' ? <GroupMembers org={roles.org} group={open.holder} onClose={close} /> : null}
      {open?.what === 'change' ? (
        <ChangeRole roles={roles} holder={open.holder} isMe={open.holder.id === me} onClose={close} />
      ) : null}
      {open?.what === 'remove' ? (
        <RemoveRole roles={roles} holder={open.holder} isMe={open.holder.id === me} onClose={close} />
      ) : null}
    </>
  );
}
