import { MAX_NESTING, readJson } from '../../actions/action.ts';
import type { Json } from '../../json.ts';
import { isKnownSecret, readToken } from '../../run/callback-token.ts';
import { signalRun } from '../../run/signal-run.ts';
import { putAuditEntry } from '../../store/audit.ts';
import { type CallbackRecord, getCallback, postCallback as putPost } from '../../store/callbacks.ts';
import { getRun, isOver } from '../../store/runs.ts';
import { exceeds } from '../body.ts';
import { describeError } from '../log.ts';
import type { ApiDependencies, ApiRequest, Operation } from '../operation.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, type Refusal, refuse } from '../reply.ts';

/** Bytes: it becomes an output of a step. */
const LARGEST = 64 * 1_024;

/** A URL that was used, has expired or never was is answered with the same 404. */
export const postCallback =
  (dependencies: ApiDependencies): Operation<'postCallback'> =>
  async ({ request, params }) => {
    const { table, clock } = dependencies;
    const token = readToken(params.callback);
    const found = token === undefined ? undefined : await getCallback(table, token.run, token.id);
    if (token === undefined || found === undefined || !isKnownSecret(token.secret, found.hashes)) return NOT_FOUND;
    const now = clock.now();
    if (found.posted !== undefined || found.until <= now) return NOT_FOUND;
    const run = await getRun(table, found.path);
    if (run === undefined || isOver(run.status)) return NOT_FOUND;
    const payload = payloadOf(request);
    if (isRefusal(payload)) return payload;
    const sealed = await dependencies.vault.seal(found.path, JSON.stringify(payload.value));
    const mark = `${request.requestId} ${dependencies.ids.uuid()}`;
    if (!(await putPost(table, found, sealed, { at: now, request: mark }))) return NOT_FOUND;
    await Promise.all([signal(dependencies, request, found), record(dependencies, request, found)]);
    return NO_CONTENT;
  };

function payloadOf({ body = '', headers }: ApiRequest): { readonly value: Json } | Refusal {
  if (exceeds(body, LARGEST)) return refuse('BODY_TOO_LARGE', `The body is larger than ${LARGEST} bytes.`);
  if (body === '') return { value: null };
  const type = headers['content-type'] ?? 'application/json';
  if (!/[/+]json\s*(?:;|$)/i.test(type)) return { value: body };
  const read = readJson(body);
  return read ?? refuse('INVALID_BODY', `The body is not JSON, or nested deeper than ${MAX_NESTING}.`);
}

/** What was posted is kept: a signal that fails here is made up for by `reconcile`, and by the step's own next look. */
async function signal(deps: ApiDependencies, { requestId }: ApiRequest, { path, id }: CallbackRecord): Promise<void> {
  try {
    await signalRun(deps, path);
  } catch (error) {
    const message = 'a run was not told of the callback that it waits for';
    deps.log({ level: 'warning', message, requestId, run: path.run, callback: id, ...describeError(error) });
  }
}

/** A change like any other, made by whoever had the URL. */
async function record(deps: ApiDependencies, { requestId }: ApiRequest, { path, id }: CallbackRecord): Promise<void> {
  const { org, app, pipeline, run } = path;
  await putAuditEntry(deps.table, {
    org,
    id: deps.ids.ordered(),
    at: deps.clock.now(),
    actor: 'anonymous',
    action: 'postCallback',
    permission: 'none',
    method: 'POST',
    resource: `/orgs/${org}/apps/${app}/pipelines/${pipeline}/runs/${run}`,
    decision: 'allowed',
    reason: 'has the URL of the callback',
    status: 204,
    requestId,
    details: { callback: id },
  });
}
