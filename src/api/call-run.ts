import type { RunRefusal } from '../actions/action.ts';
import type { JsonObject } from '../json.ts';
import type { Definition, Definitions } from '../run/definitions.ts';
import type { CalledStart, StartCalled } from '../run/start-called.ts';
import { putAuditEntry } from '../store/audit.ts';
import { getPipeline } from '../store/pipelines.ts';
import type { RunRecord } from '../store/runs.ts';
import type { ErrorCode } from './error-codes.ts';
import { refuseFormerLending } from './former-lending.ts';
import { isRefusal } from './reply.ts';
import { refuseSameGroup } from './same-group.ts';
import { type StartDependencies, type StartRequest, startRun } from './start-run.ts';
import { loadVersion } from './version.ts';

export type CallDependencies = StartDependencies & { readonly definitions: Definitions };

/** Starts the run that a step of another run calls, as the API starts one for a request. */
export function createStartCalled(deps: CallDependencies): StartCalled {
  return async start => {
    const { path, version, run, caller, calledBy, eventDepth } = start;
    const pipeline = await getPipeline(deps.table, path);
    const definition =
      pipeline === undefined ? undefined : await loadVersion(deps, pipeline, version ?? pipeline.version);
    if (definition === undefined) {
      const what = version === undefined ? 'pipeline' : `version ${version} of a pipeline`;
      return refusal('NOT_FOUND', `App '${path.app}' has no ${what} '${path.pipeline}'.`);
    }
    const former = pipeline === undefined ? undefined : await refuseFormerLending(deps, pipeline, definition);
    if (former !== undefined) return refusal('FORBIDDEN', former.message);
    const request: StartRequest = {
      path,
      definition,
      caller: { id: caller.id, type: 'system', roles: caller.roles },
      trigger: 'pipeline_call',
      inputs: maskOpen(start, definition),
      committed: { run },
      calledBy,
      // Else the events of called runs could start each other for ever.
      ...(eventDepth === undefined ? {} : { eventDepth }),
      requestId: calledBy.run,
    };
    const sameGroup = await refuseSameGroup(deps, start, request);
    if (sameGroup !== undefined) return refusal('SAME_CONCURRENCY_GROUP', sameGroup);
    const started = await startRun(deps, request, record => recordStart(deps, start, record));
    if (!isRefusal(started)) return { ok: true };
    const code = CODES[started.refused];
    if (code === undefined) throw new Error(`run ${calledBy.run} could not call ${path.pipeline}: ${started.message}`);
    return refusal(code, started.message);
  };
}

const CODES: Readonly<Partial<Record<ErrorCode, RunRefusal['code']>>> = {
  NO_PIPELINE_CALL: 'NOT_CALLABLE',
  INVALID_INPUTS: 'INVALID_INPUTS',
  INVALID_CONCURRENCY_GROUP: 'INVALID_INPUTS',
  FORBIDDEN: 'FORBIDDEN',
};

const refusal = (code: RunRefusal['code'], message: string): RunRefusal => ({ ok: false, code, message });

/** A secret of the calling run stays one: only inputs that are secret in the called one take it as it is. */
function maskOpen({ inputs, mask }: CalledStart, { pipeline }: Definition): JsonObject {
  const declared = pipeline.triggers.pipeline_call?.inputs ?? {};
  const entries = Object.entries(inputs).map(([name, value]) => [
    name,
    Object.hasOwn(declared, name) && declared[name]?.secret === true ? value : mask(value),
  ]);
  return Object.fromEntries(entries);
}

/** A start is a change like any other, whoever asks for it. */
async function recordStart(deps: StartDependencies, { caller, reason, calledBy }: CalledStart, run: RunRecord) {
  await putAuditEntry(deps.table, {
    org: run.org,
    id: deps.ids.ordered(),
    at: deps.clock.now(),
    actor: caller.id,
    action: 'callPipeline',
    permission: 'runs.start',
    method: 'RUN',
    resource: `/orgs/${run.org}/apps/${run.app}/pipelines/${run.pipeline}/runs`,
    decision: 'allowed',
    reason,
    status: 201,
    details: { run: run.run, called_by: calledBy.run },
  });
}
