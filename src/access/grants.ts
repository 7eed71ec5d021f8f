import type { Permission } from './permissions.ts';
import type { OrgRole } from './roles.ts';

/** `everything`: also what a later version of the product adds. */
export type Grant = {
  readonly scope: 'org';
  readonly role: OrgRole;
  readonly may: 'everything' | readonly Permission[];
};

/** The permission table. What no row allows is denied. */
export const GRANTS: readonly Grant[] = [{ scope: 'org', role: 'administrator', may: 'everything' }];
