import type { Seals } from '../../ports/vault.ts';
import type { PipelinePath } from '../../store/keys.ts';
import type { ArtefactDependencies } from './dependencies.ts';

/** What a worker and `reconcile` are given of it, so that they need not know how runs are started. */
export type Batches = {
  readonly settleBatch: (path: PipelinePath) => Promise<void>;
  readonly reconcileArtefacts: (report: (message: string, error: unknown) => void) => Promise<number>;
};

/** What artefacts bring is no secret, so a worker and `reconcile` need no right to seal. */
const NO_SECRETS: Seals = { seal: () => Promise.reject(new Error('an artefact brought a secret')) };

/** Loaded with the first artefact: most workers, and most requests, do without. */
export function createBatches(given: Omit<ArtefactDependencies, 'settleBatch' | 'vault'>): Batches {
  const settle = async (path: PipelinePath): Promise<void> => {
    const { settleBatch } = await import('./settle-batch.ts');
    await settleBatch(deps, path);
  };
  // A start may end other runs, which lets other batches go on.
  const deps: ArtefactDependencies = { ...given, vault: NO_SECRETS, settleBatch: settle };
  return {
    settleBatch: settle,
    reconcileArtefacts: async report => (await import('./reconcile-artefacts.ts')).reconcileArtefacts(deps, report),
  };
}
