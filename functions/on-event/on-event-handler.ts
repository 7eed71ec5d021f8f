import { type Handled, onEvent } from '../../src/api/on-event/on-event.ts';
import type { EventDependencies } from '../../src/api/on-event/start-by-event.ts';
import type { Json, JsonObject } from '../../src/json.ts';

/** What it rejects is tried again by the platform, and comes to the dead-letter queue in the end. */
export type OnEventHandler = (event: Json) => Promise<Handled>;

export function createOnEventHandler(deps: EventDependencies): OnEventHandler {
  return event => onEvent(deps, event);
}

/** The id of an event, by which its dead letter and its refused starts are found; its detail is nothing for a log. */
export function aboutEvent(event: Json): JsonObject {
  const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined;
  return typeof id === 'string' ? { event_id: id } : {};
}
