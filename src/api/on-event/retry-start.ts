import { type DeliveredEvent, readDelivered } from '../../events/delivered-event.ts';
import type { JsonObject } from '../../json.ts';
import { getPipeline } from '../../store/pipelines.ts';
import type { RefusedStart } from '../../store/refused-starts.ts';
import { isRefusal, NOT_FOUND, type Refusal, refuse } from '../reply.ts';
import { loadCurrent } from './load-definition.ts';
import { readPipelineCall, startByCall } from './pipeline-call.ts';
import { type EventDependencies, type StartedByEvent, startByEvent } from './start-by-event.ts';

/** The same event once more, for the one pipeline that it could not start, as things are now. */
export async function retryStart(
  deps: EventDependencies,
  start: RefusedStart,
  given: JsonObject,
): Promise<StartedByEvent | Refusal> {
  const event = readDelivered(given);
  if (typeof event === 'string') throw new Error(`the event of the refused start ${start.id}: ${event}`);
  switch (start.kind) {
    case 'pipeline_call': {
      const called = readPipelineCall(event);
      if (typeof called === 'string') throw new Error(`the event of the refused start ${start.id}: ${called}`);
      return startByCall(deps, event, called);
    }
    case 'event':
      return meetAgain(deps, start, event);
  }
}

async function meetAgain(
  deps: EventDependencies,
  { org, app, pipeline }: RefusedStart,
  event: DeliveredEvent,
): Promise<StartedByEvent | Refusal> {
  const path = { org, app, pipeline };
  const record = await getPipeline(deps.table, path);
  const definition = record === undefined ? undefined : await loadCurrent(deps.definitions, path, record.version);
  if (definition === undefined) return NOT_FOUND;
  if (isRefusal(definition)) return definition;
  const outcome = await startByEvent(deps, event, path, definition);
  if (outcome !== 'not met') return outcome;
  return refuse(
    'EVENT_DOES_NOT_MATCH',
    `The current version of pipeline '${pipeline}' has no trigger 'event' that this event meets.`,
  );
}
