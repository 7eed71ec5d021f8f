import type { ActionContext } from '../action.ts';
import type { EndableRun, Started } from './remote-run.ts';
import { type State, stateOf, uidOf } from './state.ts';

/** Ends at the provider what the step started there, as far as that can be done until `signal` aborts. */
export async function endRemote(context: ActionContext, remote: EndableRun): Promise<void> {
  const state = stateOf(context);
  if (state.phase === 'begin') return;
  for (;;) {
    const outcome = await attempt(context, remote, state);
    if (outcome === undefined) return;
    if (!outcome.isFinal) await context.sleep(1_000);
    if (outcome.isFinal || context.signal.aborted) return context.log('warning', outcome.message);
  }
}

/** Why it is not ended. `isFinal`: another attempt would come to the same. */
type NotEnded = { readonly message: string; readonly isFinal: boolean };

async function attempt(context: ActionContext, remote: EndableRun, state: State): Promise<NotEnded | undefined> {
  const found = state.phase === 'following' ? state.started : await sought(context, remote, state);
  if (typeof found === 'string') return { message: found, isFinal: false };
  const reply = await remote.end(found);
  switch (reply.kind) {
    case 'ok':
      context.log('info', `Asked to cancel the ${remote.noun}: ${found.url}`);
      return undefined;
    case 'later':
      return {
        message: `The ${remote.noun} could not be cancelled, for there were too many requests: ${found.url}`,
        isFinal: false,
      };
    case 'unclear':
    case 'undone':
    case 'refused': {
      const message = `The ${remote.noun} could not be cancelled: ${found.url}: ${reply.message}`;
      // What was started a moment ago is not known by every server of the provider.
      return { message, isFinal: reply.kind === 'refused' && reply.absent !== true };
    }
  }
}

async function sought(context: ActionContext, remote: EndableRun, state: State): Promise<Started | string> {
  const since = state.phase === 'searching' ? state.since : state.phase === 'armed' ? state.at : 0;
  const reply = await remote.find(uidOf(context), since);
  const [only, ...others] = reply.kind === 'ok' ? reply.value : [];
  if (only !== undefined && others.length === 0) return only;
  return `A ${remote.noun} may have been started; it was not found in time, so it is not cancelled.`;
}
