import { ScrollText } from 'lucide-react';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { useApiList } from '../../api/api.ts';
import { useRights } from '../../api/can.ts';
import type { AuditLogEntry } from '../../api/types.ts';
import { PersonName } from '../../app/person-name.tsx';
import { usePlace } from '../../app/place.ts';
import { RightsError } from '../../app/rights-error.tsx';
import { InertText } from '../../parts/inert-text/inert-text.tsx';
import {
  Button,
  type Column,
  Empty,
  ErrorPanel,
  LoadingRows,
  LoadMore,
  StatusBadge,
  Table,
  Time,
} from '../../ui/index.ts';
import styles from './access.module.css';
import { AccessHeader } from './access-header.tsx';
import { AuditFilters, type Filters, readFilters } from './audit-filters.tsx';
import { actionWords } from './audit-words.ts';
import { NotAllowed } from './not-allowed.tsx';

/** Who changed what in the org, and what was refused. */
export function AuditPage() {
  const place = usePlace();
  const { org } = place;
  const rights = useRights({ org });
  const { can, pending } = rights;
  const mayRead = can('audit.read').allowed;
  return (
    <>
      <AccessHeader place={place} title="Audit log" />
      {pending ? <LoadingRows rows={6} label="Loading the audit log" /> : null}
      <RightsError rights={rights} />
      {!pending && rights.error === undefined && !mayRead ? (
        <NotAllowed title="You may not see the audit log">
          <p>It tells what everybody in {org} did, so it is for administrators of the org only. Ask one of them.</p>
        </NotAllowed>
      ) : null}
      {mayRead ? <Log org={org} /> : null}
    </>
  );
}

function Log({ org }: { readonly org: string }) {
  // In the address, so that what was found can be sent to somebody.
  const [search, setSearch] = useSearchParams();
  const filters = readFilters(search);
  const entries = useApiList('listAuditLog', { params: { org }, query: { ...queryOf(filters), per_page: 25 } });
  const { items, more, loadingMore } = entries;
  // A page of a filtered list may be empty while the next one is not.
  useEffect(() => {
    if (items?.length === 0 && !loadingMore) more?.();
  }, [items, more, loadingMore]);
  const none = items?.length === 0 && more === undefined;
  return (
    <>
      <p className={styles.note}>
        Every change in the org {org}, and every request that was refused, the newest first.
      </p>
      <AuditFilters org={org} filters={filters} change={next => setSearch(searchOf(next), { replace: true })} />
      {entries.error === undefined ? null : (
        <ErrorPanel title="The audit log could not be read" error={entries.error} again={entries.again} />
      )}
      {entries.pending || (items?.length === 0 && !none) ? (
        <LoadingRows rows={8} label="Loading the audit log" />
      ) : null}
      {none ? (
        <Empty
          title="Nothing of that in the log"
          icon={ScrollText}
          action={<Button onClick={() => setSearch({}, { replace: true })}>Show everything</Button>}
        >
          <p>Take a filter away, or choose a longer time. Entries are kept for 400 days.</p>
        </Empty>
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <Table label="Audit log" columns={columnsOf(org)} rows={items} keyOf={({ id }) => id} />
      )}
      <LoadMore more={more} busy={loadingMore} />
    </>
  );
}

const queryOf = ({ actor, action, decision, after, before }: Filters) => ({
  ...(actor === '' ? {} : { actor: [actor] }),
  ...(action === '' ? {} : { action: [action] }),
  ...decisionOf(decision),
  ...timeOf('created_after', after),
  ...timeOf('created_before', before),
});

const decisionOf = (decision: string): { readonly decision?: 'allowed' | 'refused' } =>
  decision === 'allowed' || decision === 'refused' ? { decision } : {};

/** What the field of a browser says is the time of the reader. */
const timeOf = (name: 'created_after' | 'created_before', local: string) =>
  Number.isNaN(Date.parse(local)) ? {} : { [name]: new Date(local).toISOString() };

const searchOf = (filters: Filters): Record<string, string> =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));

const columnsOf = (org: string): readonly Column<AuditLogEntry>[] => [
  {
    head: 'What',
    main: true,
    cell: entry => (
      <span className={styles.what}>
        <span>{actionWords(entry.action)}</span>
        <span className={styles.path}>
          {entry.action}: {entry.request_method} <InertText text={entry.request_path} />
        </span>
      </span>
    ),
  },
  {
    head: 'Who and when',
    cell: ({ user_id: id, at }) => (
      <span className={styles.person}>
        {id === 'anonymous' ? 'Nobody known' : <PersonName org={org} id={id} />}
        <br />
        <Time at={at} />
      </span>
    ),
  },
  {
    head: 'Decision and why',
    cell: ({ decision, reason, details }) => (
      <span className={styles.why}>
        <span>
          {decision === 'allowed' ? (
            <StatusBadge status="approved" text="Allowed" size="s" />
          ) : (
            <StatusBadge status="denied" text="Refused" size="s" />
          )}
        </span>
        <InertText text={reason} />
        {Object.keys(details).length === 0 ? null : (
          <span className={styles.path}>
            <InertText text={wordsOf(details)} />
          </span>
        )}
      </span>
    ),
  },
];

const wordsOf = (details: AuditLogEntry['details']): string =>
  Object.entries(details)
    .map(pair => pair.join(': '))
    .join(', ');
