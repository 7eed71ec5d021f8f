export type OrgRole = 'administrator' | 'manager' | 'orgViewer' | 'member' | 'artefactContributor';

/**
 * A role somebody holds, and where. `role` is text as it was stored: one that the permission table does not know
 * allows nothing.
 */
export type HeldRole = { readonly scope: 'org'; readonly org: string; readonly role: string };

/** What is acted on. The narrower parts are there when the path names them. */
export type Resource = {
  readonly org: string;
  readonly app?: string;
  readonly pipeline?: string;
  readonly run?: string;
};
