import type { ActionContext } from '../action.ts';
import type { EndableRun, Started } from './remote-run.ts';
import { type State, stateOf, uidOf } from './state.ts';

/** Ends at the provider what the step started there, as far as that can be done until `signal` aborts. */
export async function endRemote(context: ActionContext, remote: EndableRun): Promise<void> {
  const state = stateOf(context);
  if (state.phase === 'begin') return;
  for (;;) {
    const outcome = await attempt(context, remote, state);
    if (outcome === 'done') return;
    if (context.signal.aborted) return context.log('warning', outcome);
    await context.sleep(1_000);
  }
}

/** Either done, or why not yet. */
async function attempt(context: ActionContext, remote: EndableRun, state: State): Promise<string> {
  const found = state.phase === 'following' ? state.started : await sought(context, remote, state);
  if (typeof found === 'string') return found;
  const reply = await remote.end(found);
  switch (reply.kind) {
    case 'ok':
      context.log('info', `Asked to cancel the ${remote.noun}: ${found.url}`);
      return 'done';
    case 'later':
      return `The ${remote.noun} could not be cancelled, for there were too many requests: ${found.url}`;
    case 'unclear':
    case 'undone':
    case 'refused':
      return `The ${remote.noun} could not be cancelled: ${found.url}: ${reply.message}`;
  }
}

async function sought(context: ActionContext, remote: EndableRun, state: State): Promise<Started | string> {
  const since = state.phase === 'searching' ? state.since : state.phase === 'armed' ? state.at : 0;
  const reply = await remote.find(uidOf(context), since);
  const [only, ...others] = reply.kind === 'ok' ? reply.value : [];
  if (only !== undefined && others.length === 0) return only;
  return `A ${remote.noun} may have been started; it was not found in time, so it is not cancelled.`;
}
