export const ORG_ROLES = ['administrator', 'manager', 'orgViewer', 'member', 'artefactContributor'] as const;
export type OrgRole = (typeof ORG_ROLES)[number];

export const APP_ROLES = ['owner', 'developer', 'viewer'] as const;
export type AppRole = (typeof APP_ROLES)[number];

export const ENV_TYPE_ROLES = ['deployer'] as const;
export type EnvTypeRole = (typeof ENV_TYPE_ROLES)[number];

/**
 * A role somebody holds, and where. `role` is text as it was stored: one that the permission table does not know
 * allows nothing. Roles on an app or a type of environments count only for those who hold a role of the org too, so that
 * taking away the role of the org takes away everything in it.
 */
export type HeldRole =
  | { readonly scope: 'org'; readonly org: string; readonly role: string }
  | { readonly scope: 'app'; readonly org: string; readonly app: string; readonly role: string }
  | { readonly scope: 'env-type'; readonly org: string; readonly envType: string; readonly role: string };

/** What is acted on. The narrower parts are there when the path, or what it leads to, names them. */
export type Resource = {
  readonly org: string;
  readonly app?: string;
  readonly envType?: string;
  readonly pipeline?: string;
  readonly run?: string;
};
