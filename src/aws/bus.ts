import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { type Bus, type BusEvent, type PutEventResult, problemOfEvents } from '../ports/bus.ts';

export type BusOptions = {
  readonly client: EventBridgeClient;
  /** Name or ARN. */
  readonly busName: string;
};

/** The `bus` port over Amazon EventBridge. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export function createBus({ client, busName }: BusOptions): Bus {
  return {
    async put(events) {
      const problem = problemOfEvents(events);
      if (problem !== undefined) {
        const error = new Error(`these events cannot be put: ${problem}`);
        error.name = 'BadEvents';
        throw error;
      }
      const { Entries = [] } = await client.send(
        new PutEventsCommand({ Entries: events.map(event => entryOf(event, busName)) }),
      );
      return events.map((_, index): PutEventResult => {
        const { EventId, ErrorCode, ErrorMessage = '' } = Entries[index] ?? {};
        if (EventId !== undefined) return { id: EventId };
        return { failed: ErrorCode ?? 'InternalException', message: ErrorMessage };
      });
    },
  };
}

const entryOf = (
  { source, detailType, detail, resources, time }: BusEvent,
  EventBusName: string,
): PutEventsRequestEntry => ({
  EventBusName,
  Source: source,
  DetailType: detailType,
  Detail: JSON.stringify(detail),
  ...(resources === undefined ? {} : { Resources: [...resources] }),
  ...(time === undefined ? {} : { Time: new Date(time) }),
});
