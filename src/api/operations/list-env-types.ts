import { listEnvTypes as readEnvTypes } from '../../store/env-types.ts';
import { envTypeKey } from '../../store/keys.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvType } from '../render/places.ts';

export const listEnvTypes =
  (dependencies: ApiDependencies): Operation<'listEnvTypes'> =>
  call =>
    replyList(dependencies, call, {
      read: (limit, after) =>
        readEnvTypes(dependencies.table, call.params.org, limit, after, reportUnreadable(dependencies.log)),
      cursorOf: type => envTypeKey(type.org, type.id),
      render: renderEnvType,
    });
