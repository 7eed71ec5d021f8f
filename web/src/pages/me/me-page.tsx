import { useState } from 'react';
import { useApi } from '../../api/api.ts';
import type { HeldPermission } from '../../api/types.ts';
import {
  Card,
  type Column,
  CopyButton,
  ErrorPanel,
  Facts,
  InOrder,
  LoadingRows,
  PageHeader,
  SearchInput,
  Section,
  Table,
  Time,
} from '../../ui/index.ts';

import styles from './me.module.css';

/** Who am I, what may I do here, and why. */
export function MePage() {
  const me = useApi('getCurrentUser', {});
  return (
    <>
      <PageHeader title="Who am I, what may I do" />
      {me.error === undefined ? null : (
        <ErrorPanel title="Your account could not be read" error={me.error} again={me.again} />
      )}
      {me.data === undefined ? (
        <LoadingRows rows={2} label="Loading your account" />
      ) : (
        <>
          <Card>
            <Facts
              facts={[
                ['Name', me.data.name],
                ['Kind', me.data.type === 'service' ? 'Service user' : 'Person'],
                ...(me.data.email === undefined ? [] : [['E-mail', me.data.email] as const]),
                [
                  'Id',
                  <span key="id" className={styles.id}>
                    <code>{me.data.id}</code>
                    <CopyButton text={me.data.id} label="Copy the id" />
                  </span>,
                ],
                ['Here since', <Time key="since" at={me.data.created_at} />],
              ]}
            />
          </Card>
          <InOrder>
            {Object.entries(me.data.roles).map(([org, role]) => (
              <OrgRights key={org} org={org} role={role} user={me.data?.id ?? ''} />
            ))}
          </InOrder>
        </>
      )}
    </>
  );
}

type Place = { readonly place: string; readonly reason: string; readonly permissions: readonly string[] };

const COLUMNS: readonly Column<Place>[] = [
  { head: 'Where', main: true, cell: row => row.place },
  { head: 'Because of', cell: row => row.reason },
  {
    head: 'May',
    cell: row => (
      <ul className={styles.permissions}>
        {row.permissions.map(permission => (
          <li key={permission}>
            <code>{permission}</code>
          </li>
        ))}
      </ul>
    ),
  },
];

function OrgRights({ org, role, user }: { readonly org: string; readonly role: string; readonly user: string }) {
  const rights = useApi('listPermissions', { params: { org, user } });
  const [search, setSearch] = useState('');
  const places = byPlace(rights.data ?? [], search.trim().toLowerCase());
  return (
    <Section title={`${org}: ${role}`}>
      {rights.error === undefined ? null : (
        <ErrorPanel title="Your rights could not be read" error={rights.error} again={rights.again} />
      )}
      {rights.pending ? <LoadingRows rows={6} label="Loading your rights" /> : null}
      {rights.data === undefined ? null : (
        <>
          <SearchInput label={`Search what you may do in ${org}`} value={search} onText={setSearch} />
          {places.length === 0 ? (
            <p>You may do nothing of that name here. Ask an administrator of {org} for a role.</p>
          ) : (
            <Table
              label={`What you may do in ${org}`}
              columns={COLUMNS}
              rows={places}
              keyOf={row => `${row.place} ${row.reason}`}
            />
          )}
        </>
      )}
    </Section>
  );
}

/** One row for each place and reason, in the order of the server. */
function byPlace(held: readonly HeldPermission[], search: string): readonly Place[] {
  const places = new Map<string, Place>();
  for (const right of held) {
    const place = placeOf(right);
    if (!`${right.permission} ${place} ${right.reason}`.toLowerCase().includes(search)) continue;
    const key = `${place} ${right.reason}`;
    const known = places.get(key)?.permissions ?? [];
    places.set(key, { place, reason: right.reason, permissions: [...known, right.permission] });
  }
  return [...places.values()];
}

function placeOf({ app_id: app, env_type: envType }: HeldPermission): string {
  if (app === undefined && envType === undefined) return 'The whole org';
  const type = envType === undefined ? '' : `environments of type ${envType}`;
  return app === undefined ? type : `App ${app}${type === '' ? '' : `, ${type}`}`;
}
