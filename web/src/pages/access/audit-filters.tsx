import { useApiList } from '../../api/api.ts';
import { searchNow } from '../../app/search-now.ts';
import { Select, TextInput } from '../../ui/index.ts';
import styles from './access.module.css';
import { ACTION_GROUPS } from './audit-words.ts';
import { useAll } from './use-all.ts';

/** Empty: not filtered by it. */
export type Filters = {
  readonly actor: string;
  readonly action: string;
  readonly decision: string;
  /** As the browser's field for date and time writes it. */
  readonly after: string;
  readonly before: string;
};

export const readFilters = (search: URLSearchParams): Filters => ({
  actor: search.get('actor') ?? '',
  action: search.get('action') ?? '',
  decision: search.get('decision') ?? '',
  after: timeOf(search.get('after')),
  before: timeOf(search.get('before')),
});

/** What somebody wrote into the address by hand may be no time; the field would not show it. */
const timeOf = (text: string | null): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text ?? '') ? (text ?? '') : '');

const ACTIONS = Object.entries(ACTION_GROUPS).flatMap(([group, actions]) =>
  Object.entries(actions).map(([value, label]) => ({ value, label, group })),
);

export function AuditFilters({
  org,
  filters,
  change,
}: {
  readonly org: string;
  readonly filters: Filters;
  readonly change: (filters: Filters) => void;
}) {
  const users = useAll(useApiList('listUsersInOrg', { params: { org }, query: { per_page: 100 } }));
  const people = (users.items ?? [])
    .filter(({ type }) => type !== 'group')
    .map(({ id, name }) => ({ value: id, label: name }));
  const others = [filters.actor].filter(
    id => id !== '' && id !== 'anonymous' && people.every(({ value }) => value !== id),
  );
  const set = (name: keyof Filters) => (value: string) => change({ ...readFilters(searchNow()), [name]: value });
  return (
    <search className={styles.filters} aria-label="Filter the audit log">
      <Select
        label="Who"
        required
        value={filters.actor}
        options={[
          { value: '', label: 'Everybody' },
          ...people,
          { value: 'anonymous', label: 'Nobody known' },
          // Somebody who is not in the org any more.
          ...others.map(id => ({ value: id, label: id })),
        ]}
        onText={set('actor')}
      />
      <Select
        label="Action"
        required
        value={filters.action}
        options={[
          { value: '', label: 'Every action' },
          ...ACTIONS,
          // Of an address that a later version wrote.
          ...[filters.action]
            .filter(id => id !== '' && ACTIONS.every(({ value }) => value !== id))
            .map(id => ({ value: id, label: id })),
        ]}
        onText={set('action')}
      />
      <Select
        label="Decision"
        required
        value={filters.decision}
        options={[
          { value: '', label: 'Allowed and refused' },
          { value: 'allowed', label: 'Allowed' },
          { value: 'refused', label: 'Refused' },
        ]}
        onText={set('decision')}
      />
      <TextInput label="From" required type="datetime-local" value={filters.after} onText={set('after')} />
      <TextInput label="Until" required type="datetime-local" value={filters.before} onText={set('before')} />
    </search>
  );
}
