import { cursorOfVersion, listVersions } from '../../store/versions.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderVersion } from '../render/index.ts';
import { belongsTo } from '../version.ts';

export const listPipelineVersions =
  (dependencies: ApiDependencies): Operation<'listPipelineVersions'> =>
  call => {
    const { loaded: pipeline } = call;
    return replyList(dependencies, call, {
      async read(limit, after) {
        const page = await listVersions(
          dependencies.table,
          pipeline,
          pipeline.version,
          limit,
          after,
          reportUnreadable(dependencies.log),
        );
        const records = page.records.filter(record => belongsTo(record, pipeline));
        // The first version that is older than the pipeline ends the list: what follows is older still.
        return page.next === undefined || records.length < page.records.length
          ? { records }
          : { records, next: page.next };
      },
      cursorOf: cursorOfVersion,
      render: renderVersion,
    });
  };
