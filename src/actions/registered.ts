import {
  type Action,
  type ActionContext,
  type ActionTarget,
  type Answer,
  actionKey,
  failed,
  isJsonMap,
  type Json,
  type JsonObject,
  REGISTERED_ERRORS,
  type RegisteredAction,
} from './action.ts';

/** As the port `invoke` has it: an action reaches it through this contract. */
export type Invoke = {
  invoke(
    target: ActionTarget,
    payload: Json,
    options: { readonly signal: AbortSignal; readonly mode: 'wait' | 'hand over'; readonly timeout: number },
  ): Promise<
    | { readonly ok: true; readonly payload: Json }
    | { readonly ok: false; readonly code: string; readonly message: string }
  >;
};

/** Checks a value by a schema; answers whole sentences. */
export type CheckSchema = (schema: JsonObject, value: Json) => readonly { readonly message: string }[];

/** Milliseconds that a step waits for an answer: an invocation of the worker drains 330 s before its end. */
const REQUEST_LIMIT = 300_000;

/** Milliseconds for a target to take over what it is to do. */
const HAND_OVER_LIMIT = 30_000;

/** A callback stands as long as a run may take, 30 days: the step's own time-out ends it before. */
const LONGEST = 43_200 * 60_000;

/** Milliseconds between two looks at what should have been signalled. */
const LOOK_AGAIN = 300_000;

/** Makes an action of what an org registered. */
export function createActionOf(invoke: Invoke, check: CheckSchema): (registered: RegisteredAction) => Action {
  return registered => {
    const { target, mode, errors = {}, ...description } = registered;
    const settle = (payload: Json): Answer => answerOf(registered, payload, check);
    return {
      ...description,
      registered: true,
      errors: { ...REGISTERED_ERRORS, ...errors },
      run: context =>
        mode === 'request'
          ? request(invoke, target, requestOf(registered, context), context, settle)
          : callBack(invoke, target, registered, context, settle),
    };
  };
}

/** What the target is given. */
function requestOf(action: RegisteredAction, { inputs, stepId, place, runUrl }: ActionContext): JsonObject {
  return {
    action: actionKey(action),
    inputs: { ...defaultsOf(action.inputs), ...inputs },
    step_id: stepId,
    org: place.org,
    app: place.app,
    run_url: runUrl,
  };
}

function defaultsOf({ properties }: JsonObject): JsonObject {
  if (!isJsonMap(properties)) return {};
  const entries = Object.entries(properties).flatMap(([name, schema]): [string, Json][] =>
    isJsonMap(schema) && schema.default !== undefined ? [[name, schema.default]] : [],
  );
  return Object.fromEntries(entries);
}

async function request(
  { invoke }: Invoke,
  target: ActionTarget,
  payload: JsonObject,
  { signal }: ActionContext,
  settle: (payload: Json) => Answer,
): Promise<Answer> {
  const invoked = await invoke(target, payload, { signal, mode: 'wait', timeout: REQUEST_LIMIT });
  return invoked.ok ? settle(invoked.payload) : failed(invoked.code, invoked.message);
}

type State = { readonly callback: string };

async function callBack(
  { invoke }: Invoke,
  target: ActionTarget,
  action: RegisteredAction,
  context: ActionContext,
  settle: (payload: Json) => Answer,
): Promise<Answer> {
  const { callbacks, signal, now, state } = context;
  // Only this file writes the state.
  const known = (state as State | undefined)?.callback;
  if (known === undefined) {
    const { id, url } = await callbacks.announce(now() + LONGEST, 'own');
    const payload = { ...requestOf(action, context), callback_url: url };
    const invoked = await invoke(target, payload, { signal, mode: 'hand over', timeout: HAND_OVER_LIMIT });
    if (!invoked.ok) return failed(invoked.code, invoked.message);
    context.log('info', `Handed over to ${actionKey(action)}; waits for its callback.`);
    return waiting(id, now());
  }
  const posted = (await callbacks.look(known))?.posted;
  return posted === undefined ? waiting(known, now()) : settle(posted.payload);
}

const waiting = (callback: string, now: number): Answer => ({
  status: 'waiting',
  for: `callback(${callback})`,
  until: now + LOOK_AGAIN,
  state: { callback },
});

const CODE = /^[A-Z][A-Z0-9_]{0,99}$/;

function answerOf(action: RegisteredAction, payload: Json, check: CheckSchema): Answer {
  const { outputs, error } = isJsonMap(payload) ? payload : {};
  if (isJsonMap(error)) {
    const { code, message } = error;
    const known = typeof code === 'string' && CODE.test(code) ? code : 'ACTION_FAILED';
    return failed(known, typeof message === 'string' ? message : `The action failed: ${JSON.stringify(error)}`);
  }
  if (!isJsonMap(outputs)) return failed('INVALID_ANSWER', `${actionKey(action)}: ${REGISTERED_ERRORS.INVALID_ANSWER}`);
  const problems = check(action.outputs, outputs);
  if (problems.length === 0) return { status: 'succeeded', outputs };
  return failed('INVALID_OUTPUTS', problems.map(({ message }) => message).join('; '));
}
