import { type Handled, onEvent } from '../../src/api/on-event/on-event.ts';
import type { EventDependencies } from '../../src/api/on-event/start-by-event.ts';
import type { Json } from '../../src/json.ts';

/** What it rejects is tried again by the platform, and comes to the dead-letter queue in the end. */
export type OnEventHandler = (event: Json) => Promise<Handled>;

export function createOnEventHandler(deps: EventDependencies): OnEventHandler {
  return event => onEvent(deps, event);
}
