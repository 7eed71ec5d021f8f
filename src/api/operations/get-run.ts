import { createNames } from '../names.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { secondsToWait, waitForRun } from '../prefer.ts';
import { namesEtag, renderRun, replyEntity, withMore } from '../render/index.ts';

/** With `If-None-Match` and `Prefer: wait=N`: answers when the run is another one, at the latest after N seconds. */
export const getRun =
  (dependencies: ApiDependencies): Operation<'getRun'> =>
  async ({ request, loaded }) => {
    const { table } = dependencies;
    const known = request.headers['if-none-match'];
    let entity = await renderRun(table, loaded);
    // The etag is that of the run: whoever asks whether it changed costs no read of names.
    const named = async () => {
      const people = await createNames(dependencies)([loaded.createdBy, loaded.runAs]);
      return withMore(entity, { people });
    };
    if (known === undefined) return replyEntity(200, await named());
    const same = () => namesEtag(known, entity.etag);
    const seconds = secondsToWait(request.headers.prefer);
    if (seconds !== undefined && same()) {
      await waitForRun(dependencies, loaded, seconds, async run => {
        entity = await renderRun(table, run);
        return !same();
      });
    }
    const headers = seconds === undefined ? {} : { 'preference-applied': `wait=${seconds}` };
    if (same()) return { status: 304, headers: { etag: entity.etag, ...headers } };
    return replyEntity(200, await named(), headers);
  };
