import { decide } from '../../access/decide.ts';
import type { Permission } from '../../access/permissions.ts';
import type { Json } from '../../json.ts';
import type { Definition } from '../../run/definitions.ts';
import { type ArtefactRecord, getArtefacts } from '../../store/artefacts.ts';
import { putAuditEntry } from '../../store/audit.ts';
import {
  type BatchRun,
  type BatchState,
  deleteBatched,
  endRunOfBatch,
  type Member,
  refuseArtefacts,
  takeArtefact,
} from '../../store/batches.ts';
import { batchKey, type PipelinePath } from '../../store/keys.ts';
import { readRoles, readSubject } from '../../store/subjects.ts';
import type { Caller } from '../authenticate.ts';
import { ERROR_CODES } from '../error-codes.ts';
import { loadCurrent } from '../on-event/load-definition.ts';
import { isRefusal, type Refusal, refuse } from '../reply.ts';
import { startRun } from '../start-run.ts';
import { artefactInput } from './artefact-view.ts';
import { asksFor } from './asks-for.ts';
import { type ArtefactDependencies, keptUntil } from './dependencies.ts';

/** A batch whose run was committed: whoever calls this at the same time creates the very same run. */
export async function startBatch(
  deps: ArtefactDependencies,
  path: PipelinePath,
  state: BatchState & { readonly current: BatchRun },
): Promise<'rest' | 'look-again'> {
  const { table } = deps;
  const { current } = state;
  const definition = await loadCurrent(deps.definitions, path, current.version);
  const taken = definition === undefined ? [] : await takeAll(deps, path, current);
  const artefacts = definition === undefined || isRefusal(definition) ? taken : await wanted(definition, taken);
  if (definition === undefined || artefacts.length === 0) {
    // Another run has them, or the pipeline asks for them no more.
    await endRunOfBatch(table, path, state);
    await deleteBatched(table, path, current.members);
    return 'look-again';
  }
  const refusal = isRefusal(definition) ? definition : await start(deps, path, current, definition, artefacts);
  if (refusal !== undefined) {
    await record(deps, path, current, refusal);
    const ids = artefacts.map(artefact => artefact.id);
    const { message } = refusal;
    if (await endRunOfBatch(table, path, state, { at: deps.clock.now(), message, ids })) {
      await refuseArtefacts(table, path, current.members, current.run);
    }
  }
  await deleteBatched(table, path, current.members);
  return refusal === undefined ? 'rest' : 'look-again';
}

/** Those that no other run of the pipeline took before. */
async function takeAll(
  { table, clock, retentionDays }: ArtefactDependencies,
  path: PipelinePath,
  { members, run }: BatchRun,
): Promise<readonly ArtefactRecord[]> {
  const expiresAt = keptUntil(clock.now(), retentionDays);
  const take = ({ id }: Member) => takeArtefact(table, path, id, run, expiresAt);
  const taken = await Promise.all(members.map(take));
  const ids = members.filter((_, place) => taken[place] === true).map(member => member.id);
  return getArtefacts(table, path.org, ids);
}

/** The definition may have changed while they waited. */
async function wanted(
  { pipeline }: Definition,
  artefacts: readonly ArtefactRecord[],
): Promise<readonly ArtefactRecord[]> {
  const asked = await Promise.all(artefacts.map(artefact => asksFor(pipeline, artefact)));
  return artefacts.filter((_, place) => asked[place] === true);
}

async function start(
  deps: ArtefactDependencies,
  path: PipelinePath,
  { run, pushedBy }: BatchRun,
  definition: Definition,
  artefacts: readonly ArtefactRecord[],
): Promise<Refusal | undefined> {
  const caller = await callerOf(deps, pushedBy);
  const denied = judge(caller, path, definition);
  if (denied !== undefined) return denied;
  const name = `${definition.pipeline.triggers.artefact?.type}_artefacts`;
  const inputs: Json = { [name]: artefacts.map(artefactInput) };
  const request = {
    ...{ path, definition, caller, inputs },
    trigger: 'artefact' as const,
    committed: { run, kept: batchKey(path) },
    requestId: run,
  };
  const started = await startRun(deps, request, () => record(deps, path, { run, pushedBy }));
  return isRefusal(started) ? started : undefined;
}

async function callerOf({ table }: ArtefactDependencies, id: string): Promise<Caller> {
  const subject = await readSubject(table, id);
  // Somebody who is gone has no roles.
  return subject === undefined
    ? { id, type: 'user', roles: [] }
    : { id, type: subject.type, roles: await readRoles(table, subject) };
}

/** By the roles of this moment. A run that acts as whoever pushed needs that they may start it themselves. */
function judge(caller: Caller, { org, app }: PipelinePath, { pipeline }: Definition): Refusal | undefined {
  const { permissions } = pipeline;
  const inherits = permissions === undefined || permissions.kind === 'inherit';
  const needed: readonly Permission[] = inherits ? ['artefacts.push', 'runs.start'] : ['artefacts.push'];
  for (const permission of needed) {
    const decision = decide(caller.roles, permission, { org, app });
    if (decision.allowed) continue;
    const hint = permission === 'runs.start' ? '; or let the pipeline name in `permissions` who its runs act as' : '';
    return refuse('FORBIDDEN', `Not allowed: ${decision.reason}${hint}.`);
  }
  return undefined;
}

/** Under the id of the run, so that it is recorded once, however often this is repeated. */
async function record(
  { table, clock }: ArtefactDependencies,
  { org, app, pipeline }: PipelinePath,
  { run, pushedBy }: Pick<BatchRun, 'run' | 'pushedBy'>,
  refusal?: Refusal,
): Promise<void> {
  await putAuditEntry(table, {
    org,
    id: run,
    at: clock.now(),
    actor: pushedBy,
    action: 'startBatch',
    permission: 'runs.start',
    method: 'BATCH',
    resource: `/orgs/${org}/apps/${app}/pipelines/${pipeline}/runs`,
    decision: refusal === undefined ? 'allowed' : 'refused',
    reason: refusal?.message ?? 'artefacts that were pushed',
    status: refusal === undefined ? 201 : ERROR_CODES[refusal.refused].status,
    ...(refusal === undefined ? { details: { run } } : {}),
  });
}
