import { type ActionContext, type Answer, failed, type Waiting } from '../action.ts';
import { pause } from './pace.ts';
import type { RemoteRun, Started } from './remote-run.ts';
import type { Reply } from './reply.ts';
import { BEGIN, type Phase, parked, type State, stateOf, uidOf } from './state.ts';

/** Milliseconds after a start during which a provider may not show it yet. */
const SHOWN_WITHIN = 60_000;

/** The same when it is known to have been started: queues of a busy server. */
const FOUND_WITHIN = 300_000;

/** Looks in a row that may fail, about a quarter of an hour. */
const MAX_TROUBLES = 20;

/** Starts of which nothing was heard or seen. */
const MAX_TRIES = 3;

export async function follow(context: ActionContext, remote: RemoteRun): Promise<Answer> {
  const state = stateOf(context);
  const now = context.now();
  if (context.signal.aborted) return failed('ABORTED', 'The step was ended.');
  // A signal to the run wakes every step; a rate limit still holds.
  if (now < state.dueAt) return parked(remote, state);
  switch (state.phase) {
    case 'begin':
      return parked(remote, {
        phase: 'armed',
        epoch: context.epoch,
        at: now,
        dueAt: now,
        tries: state.tries + 1,
        troubles: state.troubles,
      });
    case 'armed':
      return state.epoch === context.epoch || remote.find === undefined
        ? begin(context, remote, state)
        : search(context, remote, seeking(state, now));
    case 'searching':
      return search(context, remote, state);
    case 'following':
      return look(context, remote, state);
  }
}

async function begin(context: ActionContext, remote: RemoteRun, state: Phase<'armed'>): Promise<Answer> {
  const reply = await remote.start(uidOf(context));
  const now = context.now();
  switch (reply.kind) {
    case 'ok': {
      const { value } = reply;
      if ('answer' in value) return value.answer;
      if ('id' in value) return begun(context, remote, value, state, reply.notBefore);
      const dueAt = Math.max(now + pace(remote, 0), reply.notBefore ?? 0);
      const { startedAt } = value;
      return parked(remote, {
        phase: 'searching',
        since: startedAt,
        until: now + FOUND_WITHIN,
        certain: true,
        looks: 1,
        dueAt,
        tries: state.tries,
        troubles: 0,
      });
    }
    case 'later':
      context.log('warning', `Too many requests; going on at ${rfc3339(reply.at)}.`);
      return parked(remote, { ...BEGIN, dueAt: reply.at, tries: state.tries - 1 });
    case 'unclear':
      if (remote.find === undefined) return again(context, remote, state, { ...reply, code: 'PROVIDER_ERROR' });
      context.log('warning', `${reply.message} It is not known whether it was started; looking for it.`);
      return parked(remote, { ...seeking(state, now), dueAt: now + pace(remote, 0), looks: 1 });
    case 'undone':
      return again(context, remote, state, reply);
    case 'refused':
      return failed(reply.code, reply.message);
  }
}

/** Nothing was started, or it does no harm to start it again. */
function again(
  { log, now }: ActionContext,
  remote: RemoteRun,
  { tries, troubles }: State,
  { code, message }: { readonly code: string; readonly message: string },
): Answer {
  if (troubles + 1 >= MAX_TROUBLES) return failed(code, message);
  log('warning', message);
  return parked(remote, { ...BEGIN, dueAt: now() + pace(remote, troubles), tries: tries - 1, troubles: troubles + 1 });
}

const pace = (remote: RemoteRun, looks: number): number => (remote.pace ?? pause)(looks);

function seeking(state: Phase<'armed'>, now: number): Phase<'searching'> {
  return {
    phase: 'searching',
    since: state.at,
    until: now + SHOWN_WITHIN,
    certain: false,
    looks: 0,
    dueAt: now,
    tries: state.tries,
    troubles: 0,
  };
}

function begun(
  { log, now }: ActionContext,
  remote: RemoteRun,
  started: Started,
  { tries }: State,
  notBefore = 0,
): Waiting {
  log('info', `The ${remote.noun}: ${started.url}`);
  const at = now();
  const dueAt = Math.max(at + pace(remote, 0), notBefore);
  return parked(remote, { phase: 'following', started, at, looks: 1, dueAt, tries, troubles: 0 });
}

async function search(context: ActionContext, remote: RemoteRun, state: Phase<'searching'>): Promise<Answer> {
  const reply: Reply<readonly Started[]> =
    remote.find === undefined ? { kind: 'ok', value: [] } : await remote.find(uidOf(context), state.since);
  if (reply.kind !== 'ok') return troubled(context, remote, state, reply);
  const [only, ...others] = reply.value;
  const now = context.now();
  if (others.length > 0) {
    const message = `${reply.value.length} of them could be the ${remote.noun} of this step, which was started; give it a sign of its own to be found by.`;
    return failed('RUN_NOT_FOUND', message);
  }
  if (only !== undefined) return begun(context, remote, only, state, reply.notBefore);
  if (now < state.until) {
    const dueAt = Math.max(now + pace(remote, state.looks), reply.notBefore ?? 0);
    return parked(remote, { ...state, looks: state.looks + 1, troubles: 0, dueAt });
  }
  if (state.certain) {
    return failed('RUN_NOT_FOUND', `It was started, and no ${remote.noun} of it appeared within 5 minutes.`);
  }
  if (state.tries >= MAX_TRIES) {
    return failed(
      'PROVIDER_ERROR',
      `${MAX_TRIES} attempts to start it were not answered, and no ${remote.noun} appeared.`,
    );
  }
  return parked(remote, { ...BEGIN, dueAt: now + 1, tries: state.tries });
}

async function look(context: ActionContext, remote: RemoteRun, state: Phase<'following'>): Promise<Answer> {
  const reply = await remote.look(state.started, state.at);
  // What was started a moment ago is not shown by every server of the provider.
  const absent = reply.kind === 'refused' && reply.absent === true;
  if (absent && context.now() < state.at + SHOWN_WITHIN) {
    return parked(remote, { ...state, dueAt: context.now() + pace(remote, state.looks), looks: state.looks + 1 });
  }
  if (reply.kind !== 'ok') return troubled(context, remote, state, reply);
  if (reply.value.over) return reply.value.answer;
  const dueAt = Math.max(context.now() + pace(remote, state.looks), reply.notBefore ?? 0);
  return parked(remote, { ...state, looks: state.looks + 1, troubles: 0, dueAt });
}

function troubled(
  context: ActionContext,
  remote: RemoteRun,
  state: Phase<'searching' | 'following'>,
  reply: Exclude<Reply<never>, { kind: 'ok' }>,
): Answer {
  switch (reply.kind) {
    case 'refused':
      return failed(reply.code, reply.message);
    case 'later':
      return parked(remote, { ...state, dueAt: reply.at });
    case 'undone':
    case 'unclear':
      if (state.troubles + 1 >= MAX_TROUBLES) return failed('PROVIDER_ERROR', reply.message);
      context.log('warning', reply.message);
      return parked(remote, {
        ...state,
        troubles: state.troubles + 1,
        looks: state.looks + 1,
        dueAt: context.now() + pace(remote, state.looks),
      });
  }
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
