import type { Vault } from '../src/ports/vault.ts';

/** The client of KMS is loaded with the first secret that is sealed or opened: a cold start does without. */
export function lazyVault(keyId: string): Vault {
  let loading: Promise<Vault> | undefined;
  const vault = (): Promise<Vault> => {
    loading ??= import('./open-vault.ts').then(({ openVault }) => openVault(keyId));
    return loading;
  };
  return {
    seal: async (context, secret) => (await vault()).seal(context, secret),
    open: async (context, sealed) => (await vault()).open(context, sealed),
  };
}
