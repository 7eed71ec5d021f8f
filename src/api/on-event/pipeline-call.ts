import { decide } from '../../access/decide.ts';
import type { DeliveredEvent } from '../../events/delivered-event.ts';
import type { Json } from '../../json.ts';
import { callerFor, getEventCallers } from '../../store/event-callers.ts';
import type { PipelinePath } from '../../store/keys.ts';
import { getPipeline } from '../../store/pipelines.ts';
import { readRoles, readSubject } from '../../store/subjects.ts';
import type { Caller } from '../authenticate.ts';
import { isPathParameter } from '../path-parameters.ts';
import { isRefusal, NOT_FOUND, type Refusal, refuse } from '../reply.ts';
import { loadCurrent } from './load-definition.ts';
import { type EventDependencies, refuseTooDeep, type StartedByEvent, startOnce } from './start-by-event.ts';

/** What the detail of a `Pipeline Call` says. */
export type PipelineCallEvent = { readonly path: PipelinePath; readonly inputs: Json };

const KEYS = ['org_id', 'app_id', 'pipeline_id', 'inputs'];

/** A text instead says why it is none. */
export function readPipelineCall({ detail }: DeliveredEvent): PipelineCallEvent | string {
  const unknown = Object.keys(detail).filter(key => !KEYS.includes(key));
  if (unknown.length > 0) return `its detail has unknown keys: ${unknown.map(key => `'${key}'`).join(', ')}`;
  const { org_id: org, app_id: app, pipeline_id: pipeline, inputs = {} } = detail;
  if (typeof org !== 'string' || !isPathParameter('org', org)) return "its 'org_id' is no id of an org";
  if (typeof app !== 'string' || !isPathParameter('app', app)) return "its 'app_id' is no id of an app";
  if (typeof pipeline !== 'string' || !isPathParameter('pipeline', pipeline)) {
    return "its 'pipeline_id' is no id of a pipeline";
  }
  return { path: { org, app, pipeline }, inputs };
}

/** Starts the pipeline that the event names, as the service user that the org has for whoever sent it. */
export async function startByCall(
  deps: EventDependencies,
  event: DeliveredEvent,
  { path, inputs }: PipelineCallEvent,
): Promise<StartedByEvent | Refusal> {
  const caller = await callerOf(deps, event, path);
  if (isRefusal(caller)) return caller;
  const decision = decide(caller.roles, 'runs.start', path);
  if (!decision.allowed) return refuse('FORBIDDEN', `Not allowed for '${caller.id}': ${decision.reason}.`);
  const tooDeep = refuseTooDeep(event);
  if (tooDeep !== undefined) return tooDeep;
  const record = await getPipeline(deps.table, path);
  const definition = record === undefined ? undefined : await loadCurrent(deps.definitions, path, record.version);
  if (definition === undefined) return NOT_FOUND;
  if (isRefusal(definition)) return definition;
  return startOnce(deps, event, { path, definition, caller, trigger: 'pipeline_call', inputs });
}

async function callerOf(
  { table }: EventDependencies,
  { account, source }: DeliveredEvent,
  { org }: PipelinePath,
): Promise<Caller | Refusal> {
  const entry = callerFor(await getEventCallers(table, org), { account, source });
  if (entry === undefined) {
    return refuse(
      'FORBIDDEN',
      `Not allowed: org '${org}' knows no caller for events of account '${account}' and source '${source}'. An administrator adds one with PUT /orgs/${org}/settings/event-callers.`,
    );
  }
  const subject = await readSubject(table, entry.serviceUser);
  if (subject === undefined || subject.type !== 'service') {
    return refuse('FORBIDDEN', `Not allowed: '${entry.serviceUser}', who calls for these events, is no service user.`);
  }
  return { id: subject.id, type: subject.type, roles: await readRoles(table, subject) };
}
