import type { Item, Table } from '../ports/table.ts';
import type { VaultContext } from '../ports/vault.ts';
import { number, text } from './fields.ts';
import { orchestratorKey } from './keys.ts';

/** The Platform Orchestrator that the steps of an org act on. Its token is there in its sealed form only. */
export type OrchestratorRecord = {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly sealed: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  readonly updatedBy: string;
};

/** The token is of the org as a whole: no app has this id. (KMS may take no empty value in its encryption context.) */
export const orchestratorTenant = (org: string): VaultContext => ({ org, app: '*' });

export async function getOrchestrator(table: Table, org: string): Promise<OrchestratorRecord | undefined> {
  const item = await table.get(orchestratorKey(org), { consistent: true });
  return item === undefined ? undefined : fromItem(item);
}

/** In place of the one before. */
export async function putOrchestrator(table: Table, org: string, record: OrchestratorRecord): Promise<void> {
  const { baseUrl, sealed, updatedAt, updatedBy } = record;
  await table.write({
    put: { ...orchestratorKey(org), base_url: baseUrl, sealed, updated_at: updatedAt, updated_by: updatedBy },
  });
}

/** False: there was none. */
export async function deleteOrchestrator(table: Table, org: string): Promise<boolean> {
  const { done } = await table.write({
    delete: orchestratorKey(org),
    when: [[{ name: 'pk', is: 'present' }]],
  });
  return done;
}

function fromItem(item: Item): OrchestratorRecord {
  return {
    baseUrl: text(item, 'base_url'),
    sealed: text(item, 'sealed'),
    updatedAt: number(item, 'updated_at'),
    updatedBy: text(item, 'updated_by'),
  };
}
