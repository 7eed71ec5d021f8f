import { createHash } from 'node:crypto';
import { decide } from '../../access/decide.ts';
import { type DeliveredEvent, depthOf, MAX_DEPTH, OWN_SOURCE } from '../../events/delivered-event.ts';
import { matchesPattern } from '../../events/match-pattern.ts';
import type { Definition, Definitions } from '../../run/definitions.ts';
import { putAuditEntry } from '../../store/audit.ts';
import { idempotencyKey, type PipelinePath } from '../../store/keys.ts';
import type { Caller } from '../authenticate.ts';
import type { Idempotency } from '../idempotency.ts';
import { isRefusal, type Refusal, refuse } from '../reply.ts';
import { type StartDependencies, type StartRequest, startRun } from '../start-run.ts';
import { identityOfEvent } from './event-identity.ts';
import { inputsOfEvent } from './event-inputs.ts';

export type EventDependencies = StartDependencies & { readonly definitions: Definitions };

/** `run` absent: the run that the event started was deleted since. */
export type StartedByEvent = { readonly run?: string; readonly again: boolean };

const DAY = 86_400_000;

/**
 * Longer than any way of an event here: the bus tries for a day, the function for six hours, and a dead letter can be
 * sent again for 14 days.
 */
const EVENT_IS_KNOWN_FOR = 31 * DAY;

/** Starts the pipeline if its trigger is met. `not met`: the event is none of its business. */
export async function startByEvent(
  deps: EventDependencies,
  event: DeliveredEvent,
  path: PipelinePath,
  definition: Definition,
): Promise<StartedByEvent | Refusal | 'not met'> {
  const { pipeline } = definition;
  const { event: trigger } = pipeline.triggers;
  if (trigger === undefined || !matchesPattern(trigger.pattern, event.whole)) return 'not met';
  const caller = await identityOfEvent(deps.table, pipeline.permissions, path);
  if (event.source === OWN_SOURCE && (isRefusal(caller) || !mayHear(caller, event))) return 'not met';
  const tooDeep = refuseTooDeep(event);
  if (tooDeep !== undefined) return tooDeep;
  if (isRefusal(caller)) return caller;
  const inputs = await inputsOfEvent(pipeline.triggers, event);
  if (isRefusal(inputs)) return inputs;
  const request = { path, definition, caller, trigger: 'event', inputs: inputs.value } as const;
  return startOnce(deps, event, request);
}

/** What would go in circles for ever. */
export function refuseTooDeep(event: DeliveredEvent): Refusal | undefined {
  if (depthOf(event) <= MAX_DEPTH) return undefined;
  return refuse(
    'EVENT_TOO_DEEP',
    `The event is of a run that an event started, ${MAX_DEPTH} times in a row; this may go on for ever. Let the trigger match less.`,
  );
}

/**
 * The bus is that of all orgs. What the product says on it is about a run, and a pipeline hears of the runs that its identity
 * may read: never of those of another org.
 */
function mayHear({ roles }: Caller, { detail }: DeliveredEvent): boolean {
  const { org_id: org, app_id: app } = detail;
  if (typeof org !== 'string' || typeof app !== 'string') return false;
  return decide(roles, 'runs.read', { org, app }).allowed;
}

/** What the product says twice has two ids on the bus, and one in its detail. */
const nameOf = ({ id, source, detail }: DeliveredEvent): string =>
  source === OWN_SOURCE && typeof detail.id === 'string' ? `${OWN_SOURCE} ${detail.id}` : id;

/** The same event never starts a pipeline twice, however often and at however many places it arrives. */
export async function startOnce(
  deps: EventDependencies,
  event: DeliveredEvent,
  request: Omit<StartRequest, 'idempotency' | 'requestId' | 'eventDepth'>,
): Promise<StartedByEvent | Refusal> {
  const idempotency: Idempotency = {
    key: idempotencyKey(request.path, 'event', createHash('sha256').update(nameOf(event)).digest('hex')),
    fingerprint: 'event',
    keptFor: EVENT_IS_KNOWN_FOR,
  };
  const whole: StartRequest = { ...request, idempotency, eventDepth: depthOf(event), requestId: event.id };
  const started = await startRun(deps, whole, ({ run }) =>
    audit(deps, event, request.path, request.caller, { decision: 'allowed', status: 201, run }),
  );
  if (!isRefusal(started)) return { run: started.run.run, again: started.replayed };
  return started.refused === 'RUN_DELETED' ? { again: true } : started;
}

type Audited = { readonly status: number } & (
  | { readonly decision: 'allowed'; readonly run: string }
  | { readonly decision: 'refused'; readonly reason: string }
);

export async function audit(
  { table, clock, ids }: Pick<EventDependencies, 'table' | 'clock' | 'ids'>,
  event: DeliveredEvent,
  { org, app, pipeline }: PipelinePath,
  caller: Pick<Caller, 'id'>,
  audited: Audited,
): Promise<void> {
  await putAuditEntry(table, {
    org,
    id: ids.ordered(),
    at: clock.now(),
    actor: caller.id,
    action: 'startByEvent',
    permission: 'runs.start',
    method: 'EVENT',
    resource: `/orgs/${org}/apps/${app}/pipelines/${pipeline}`,
    decision: audited.decision,
    reason:
      audited.decision === 'refused'
        ? audited.reason
        : `an event of account '${event.account}' and source '${event.source}'`,
    status: audited.status,
    details: { event: event.id, ...(audited.decision === 'allowed' ? { run: audited.run } : {}) },
  });
}
