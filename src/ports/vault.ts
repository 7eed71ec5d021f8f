/** Whose secret it is; sealed text opens for the very same context only. */
export type VaultContext = { readonly org: string; readonly app: string };

/**
 * Keeps secret values. Sealing is the API's, opening is the worker's and nobody else's: a deployment gives each the right
 * that it needs and not the other.
 */
export interface Vault {
  /** Seals text of up to 256 KiB, the most that a request brings. The answer is text that tells nothing about it but its length. */
  seal(context: VaultContext, secret: string): Promise<string>;
  /**
   * @throws {Error} named `CannotOpen` when the text was not sealed by this vault for this context; trying again does not
   * help.
   */
  open(context: VaultContext, sealed: string): Promise<string>;
}

export type Seals = Pick<Vault, 'seal'>;
export type Opens = Pick<Vault, 'open'>;
