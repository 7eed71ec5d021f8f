import { listEnvironments as readEnvironments } from '../../store/environments.ts';
import { environmentKey } from '../../store/keys.ts';
import { replyList } from '../listing.ts';
import { reportUnreadable } from '../log.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { renderEnvironment } from '../render/places.ts';

export const listEnvironments =
  (dependencies: ApiDependencies): Operation<'listEnvironments'> =>
  call =>
    replyList(dependencies, call, {
      read: (limit, after) =>
        readEnvironments(dependencies.table, call.loaded, limit, after, reportUnreadable(dependencies.log)),
      cursorOf: environment => environmentKey(call.loaded, environment.id),
      render: renderEnvironment,
    });
