import type { Table } from '../ports/table.ts';
import { isMap, list } from './fields.ts';
import { eventCallersKey } from './keys.ts';

/** Whoever sends events from this account, perhaps of this source only, calls pipelines as this service user. */
export type EventCaller = {
  /** 12 digits. The bus writes it into the event, so nobody sends in the name of another account. */
  readonly account: string;
  /** Absent: events of any source. */
  readonly source?: string;
  readonly serviceUser: string;
};

export async function getEventCallers(table: Table, org: string): Promise<readonly EventCaller[]> {
  const item = await table.get(eventCallersKey(org), { consistent: true });
  if (item === undefined) return [];
  return list(item, 'callers').map(value => {
    const { account, source, service_user: serviceUser } = isMap(value) ? value : {};
    if (typeof account !== 'string' || typeof serviceUser !== 'string') {
      throw new Error(`item ${item.pk} / ${item.sk}: 'callers' has an entry that is none`);
    }
    return typeof source === 'string' ? { account, source, serviceUser } : { account, serviceUser };
  });
}

export async function putEventCallers(table: Table, org: string, callers: readonly EventCaller[]): Promise<void> {
  await table.write({
    put: {
      ...eventCallersKey(org),
      callers: callers.map(({ account, source, serviceUser }) => ({
        account,
        ...(source === undefined ? {} : { source }),
        service_user: serviceUser,
      })),
    },
  });
}

/** The entry that names the source goes before the one that takes any. */
export const callerFor = (
  callers: readonly EventCaller[],
  { account, source }: { readonly account: string; readonly source: string },
): EventCaller | undefined => {
  const ofAccount = callers.filter(caller => caller.account === account);
  return ofAccount.find(caller => caller.source === source) ?? ofAccount.find(caller => caller.source === undefined);
};
