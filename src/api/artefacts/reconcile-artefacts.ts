import { getArtefacts, openArtefacts } from '../../store/artefacts.ts';
import { pipelinesWaitedFor } from '../../store/batches.ts';
import type { ArtefactDependencies } from './dependencies.ts';
import { distribute } from './push-artefact.ts';
import { settleBatch } from './settle-batch.ts';

/** Goes on with every artefact that somebody left behind. Answers how many could not be gone on with. */
export async function reconcileArtefacts(
  deps: ArtefactDependencies,
  report: (message: string, error: unknown) => void,
): Promise<number> {
  let failed = 0;
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // One in trouble never keeps another from being looked at.
      failed += 1;
      report(`${what} could not be reconciled`, error);
    }
  };
  for await (const { org, id } of openArtefacts(deps.table)) {
    await attempt(`artefact ${id}`, async () => {
      for (const artefact of await getArtefacts(deps.table, org, [id])) await distribute(deps, artefact);
    });
  }
  for (const path of await pipelinesWaitedFor(deps.table)) {
    const { org, app, pipeline } = path;
    await attempt(`the batch of ${org}/${app}/${pipeline}`, () => settleBatch(deps, path));
  }
  return failed;
}
