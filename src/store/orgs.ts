import type { Table } from '../ports/table.ts';
import { orgKey } from './keys.ts';

/** An org exists when it has this record. Orgs are made by whoever sets up a deployment, not over HTTP. */
export async function orgExists(table: Table, org: string): Promise<boolean> {
  return (await table.get(orgKey(org))) !== undefined;
}

/** Putting it again changes nothing. */
export async function putOrg(table: Table, org: string, createdAt: number): Promise<void> {
  await table.write({ put: { ...orgKey(org), created_at: createdAt }, when: [[{ name: 'pk', is: 'absent' }]] });
}
