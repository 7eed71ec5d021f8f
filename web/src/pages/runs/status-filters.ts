import type { Operations } from '../../api/types.ts';

type Query = Pick<Operations['listRunsInOrg']['query'], 'status' | 'completed'>;

const FILTERS: readonly { readonly value: string; readonly label: string; readonly query: Query }[] = [
  { value: '', label: 'Every status', query: {} },
  { value: 'open', label: 'Not over yet', query: { completed: false } },
  { value: 'queued', label: 'Queued', query: { status: ['queued'] } },
  { value: 'executing', label: 'Executing', query: { status: ['executing'] } },
  { value: 'succeeded', label: 'Succeeded', query: { status: ['succeeded'] } },
  { value: 'failed', label: 'Failed', query: { status: ['failed'] } },
  { value: 'cancelled', label: 'Cancelled', query: { status: ['cancelled'] } },
];

/** What a list of runs can be narrowed to, for a `Select`. */
export const STATUS_FILTERS = FILTERS.map(({ value, label }) => ({ value, label }));

/** The filter that the address asks for; of a status that there is not: every one. */
export function statusFilter(wanted: string | null): { readonly value: string; readonly query: Query } {
  const found = FILTERS.find(filter => filter.value === wanted);
  return found === undefined ? { value: '', query: {} } : { value: found.value, query: found.query };
}
