import { type Action, type ActionContext, failed } from '../action.ts';
import { endRemote } from './end-remote.ts';
import { follow } from './follow.ts';
import type { EndableRun } from './remote-run.ts';

/** What an action does that starts something and waits for its end. `remoteOf`: what the inputs name, or what is wrong with them. */
export function endable(
  remoteOf: (context: ActionContext) => EndableRun | string,
): Required<Pick<Action, 'run' | 'abandon'>> {
  return {
    async run(context) {
      const remote = remoteOf(context);
      return typeof remote === 'string' ? failed('INVALID_URL', remote) : follow(context, remote);
    },
    async abandon(context) {
      const remote = remoteOf(context);
      if (typeof remote !== 'string') await endRemote(context, remote);
    },
  };
}
