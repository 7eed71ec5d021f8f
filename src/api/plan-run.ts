import { decide } from '../access/decide.ts';
import { delegatedRoles } from '../access/identity.ts';
import type { Permission } from '../access/permissions.ts';
import type { HeldRole } from '../access/roles.ts';
import type { JsonObject } from '../json.ts';
import type { Job } from '../language/pipeline.ts';
import { COUNTED, positionsIn, runsAtWork } from '../run/groups.ts';
import type { RunGroup } from '../store/runs.ts';
import { readRolesOf } from '../store/subjects.ts';
import { reportTo } from './log.ts';
import type { ApiDependencies } from './operation.ts';
import { isRefusal, type Refusal, type Reply } from './reply.ts';
import { cancelsOthers, groupFor, prepareRun, type StartRequest } from './start-run.ts';

/** What a start would do, and whether it would be refused. Nothing is stored. */
export async function planRun(deps: ApiDependencies, request: StartRequest): Promise<Reply | Refusal> {
  const prepared = await prepareRun(deps, request);
  if (isRefusal(prepared)) return prepared;
  const group = await groupFor(deps, request, prepared, deps.ids.ordered());
  if (group !== undefined && isRefusal(group)) return group;
  const [permissions, concurrency] = await Promise.all([
    permissionsOf(deps, request, prepared.runAs),
    group === undefined ? undefined : describeGroup(deps, request, group),
  ]);
  const { pipeline, version } = request.definition;
  return {
    status: 200,
    body: JSON.stringify({
      pipeline_id: request.path.pipeline,
      pipeline_version: version.version,
      inputs: prepared.masked,
      timeout_seconds: prepared.timeoutSeconds,
      jobs: inOrder(pipeline.jobs).map(describeJob),
      run_as: prepared.runAs,
      permissions,
      concurrency,
    }),
  };
}

const describeJob = (job: Job): JsonObject => ({
  id: job.id,
  name: job.name,
  needs: job.needs,
  starts_first: job.needs.length === 0,
});

/** A job comes after all that it needs; else in the order of the definition. */
function inOrder(jobs: readonly Job[]): readonly Job[] {
  const ordered: Job[] = [];
  const placed = new Set<string>();
  while (ordered.length < jobs.length) {
    const ready = jobs.filter(job => !placed.has(job.id) && job.needs.every(id => placed.has(id)));
    if (ready.length === 0) throw new Error('a saved pipeline has no cycle');
    for (const job of ready) {
      ordered.push(job);
      placed.add(job.id);
    }
  }
  return ordered;
}

/** What the start itself needs of the caller, and what the definition lets the run do that needs a right of its own. */
async function permissionsOf(
  deps: ApiDependencies,
  request: StartRequest,
  runAs: string,
): Promise<readonly JsonObject[]> {
  const { caller, path, definition } = request;
  const { org, app } = path;
  const judge = (holder: string, roles: readonly HeldRole[], permission: Permission): JsonObject => {
    const { allowed, reason } = decide(roles, permission, { org, app });
    return { permission, holder, held: allowed, reason };
  };
  const of = [judge('caller', caller.roles, 'runs.start')];
  if (definition.pipeline.concurrency?.cancelInProgress === true) of.push(judge('caller', caller.roles, 'runs.cancel'));
  const declared = Object.values(definition.pipeline.triggers.pipeline_call?.inputs ?? {});
  if (definition.pipeline.readsAppValues === true || declared.some(({ secret }) => secret === true)) {
    const ofRun = judge('run', await rolesOfRun(deps, request), 'values.open');
    // The reason names roles, and those of somebody else are not for everybody who may start a run.
    of.push(runAs === caller.id ? ofRun : { ...ofRun, reason: `${runAs} ${ofRun.held === true ? 'may' : 'may not'}` });
  }
  return of;
}

async function rolesOfRun({ table }: ApiDependencies, request: StartRequest): Promise<readonly HeldRole[]> {
  const { permissions } = request.definition.pipeline;
  if (permissions === undefined || permissions.kind === 'inherit') return request.caller.roles;
  if (permissions.kind === 'service-user') return readRolesOf(table, permissions.id);
  return delegatedRoles(permissions, request.path.org, request.path.app);
}

/** `position`: 0 would begin at once. One that cancels the others waits for those at work to end, and for nobody in line. */
async function describeGroup(deps: ApiDependencies, request: StartRequest, group: RunGroup): Promise<JsonObject> {
  const { table, log } = deps;
  const of = { org: request.path.org, app: request.path.app, name: group.name };
  const cancels = cancelsOthers(request);
  const [running, queue] = await Promise.all([
    runsAtWork({ table, report: reportTo(log) }, of),
    cancels ? new Map() : positionsIn(table, of),
  ]);
  const free = queue.size === 0 && running.length < group.limit;
  return {
    group: group.name,
    limit: group.limit,
    executing: running.length,
    cancels_others: cancels,
    position: free ? '0' : queue.size < COUNTED ? String(queue.size + 1) : `${COUNTED}+`,
  };
}
