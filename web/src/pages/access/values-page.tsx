import { Lock, Plus, Variable } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { Value } from '../../api/types.ts';
import { usePlace } from '../../app/place.ts';
import { RightsError } from '../../app/rights-error.tsx';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import { Button, type Column, Empty, ErrorPanel, LoadingRows, SearchInput, Table, Time } from '../../ui/index.ts';
import styles from './access.module.css';
import { AccessHeader } from './access-header.tsx';
import { DeleteValue } from './delete-value.tsx';
import { NotAllowed } from './not-allowed.tsx';
import { ValueDialog } from './value-dialog.tsx';

type Open = { readonly what: 'new' } | { readonly what: 'edit' | 'delete'; readonly value: Value };

/** Values that pipelines of the app read; secret ones are written and never shown. */
export function ValuesPage() {
  const place = usePlace();
  const rights = useRights(place);
  const { can, pending } = rights;
  const [open, setOpen] = useState<Open>();
  const [search, setSearch] = useState('');
  const mayRead = can('values.read').allowed;
  const mayWrite = can('values.write');
  const values = useApi('listValues', { params: place, enabled: mayRead });
  const close = (): void => setOpen(undefined);
  const add = (
    <Button kind="primary" icon={Plus} allowed={mayWrite} onClick={() => setOpen({ what: 'new' })}>
      New value
    </Button>
  );
  const wanted = search.trim().toLowerCase();
  const found = values.data?.filter(({ key, description }) => `${key} ${description}`.toLowerCase().includes(wanted));
  return (
    <>
      <AccessHeader place={place} title="Values" actions={add} />
      <p className={styles.note}>
        Pipelines of this app read a value as <code>$&#123;&#123; app.values.KEY &#125;&#125;</code>. A secret one is
        kept sealed: nobody sees it again, and runs show it as ***.
      </p>
      <RightsError rights={rights} />
      {!pending && rights.error === undefined && !mayRead ? (
        <NotAllowed title="You may not see the values">
          <p>Developers and owners of {place.app} see and change them. Ask an owner for the role.</p>
        </NotAllowed>
      ) : null}
      {values.error === undefined ? null : (
        <ErrorPanel title="The values could not be read" error={values.error} again={values.again} />
      )}
      {pending || (mayRead && values.pending) ? <LoadingRows rows={5} label="Loading the values" /> : null}
      {values.data?.length === 0 ? (
        <Empty
          title="No value yet"
          icon={Variable}
          action={
            mayWrite.allowed ? (
              <Button icon={Plus} onClick={() => setOpen({ what: 'new' })}>
                Add the first value
              </Button>
            ) : undefined
          }
        >
          <p>Put here what pipelines need and should not hold themselves: addresses, names, tokens of other systems.</p>
        </Empty>
      ) : null}
      {found === undefined || values.data?.length === 0 ? null : (
        <>
          <SearchInput label="Search values" value={search} onText={setSearch} />
          {found.length === 0 ? (
            <p role="status">No value is called that.</p>
          ) : (
            <Table
              label={`Values of ${place.app}`}
              columns={columnsOf(setOpen, mayWrite.allowed)}
              rows={found}
              keyOf={({ key }) => key}
            />
          )}
        </>
      )}
      {open?.what === 'new' ? <ValueDialog place={place} onClose={close} /> : null}
      {open?.what === 'edit' ? <ValueDialog place={place} value={open.value} onClose={close} /> : null}
      {open?.what === 'delete' ? <DeleteValue place={place} value={open.value} onClose={close} /> : null}
    </>
  );
}

function columnsOf(open: (open: Open) => void, mayWrite: boolean): readonly Column<Value>[] {
  const actions: Column<Value> = {
    head: 'Actions',
    headHidden: true,
    align: 'end',
    cell: value => (
      <span className={styles.actions}>
        <Button size="s" onClick={() => open({ what: 'edit', value })}>
          Change<span className="sr-only"> {value.key}</span>
        </Button>
        <Button size="s" onClick={() => open({ what: 'delete', value })}>
          Delete<span className="sr-only"> {value.key}</span>
        </Button>
      </span>
    ),
  };
  return [
    {
      head: 'Key',
      main: true,
      cell: ({ key, description }) => (
        <>
          <span className={styles.key}>{key}</span>
          {description === '' ? null : (
            <span className={styles.under}>
              <InertText text={description} />
            </span>
          )}
        </>
      ),
    },
    {
      head: 'Value',
      cell: ({ value, is_secret }) =>
        is_secret ? (
          <span className={styles.who}>
            <Lock size={14} aria-hidden />
            <span className={styles.secret}>Secret, shown to nobody</span>
          </span>
        ) : value === '' ? (
          <span className={styles.secret}>Empty</span>
        ) : (
          <span className={styles.value}>
            <InertText text={value} />
          </span>
        ),
    },
    { head: 'Changed', cell: ({ updated_at }) => <Time at={updated_at} /> },
    ...(mayWrite ? [actions] : []),
  ];
}
