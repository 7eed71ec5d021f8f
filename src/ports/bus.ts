import type { JsonObject } from '../json.ts';

/** An event as it is put on the bus. What the bus adds (id, account, region, time) is in what it delivers. */
export type BusEvent = {
  /** Where it comes from, 1–256 characters. `aws.` at the beginning is refused: such events are AWS's own. */
  readonly source: string;
  /** What kind it is, 1–128 characters. */
  readonly detailType: string;
  readonly detail: JsonObject;
  /** ARNs, or other names, of what it is about. */
  readonly resources?: readonly string[];
  /** Milliseconds since the epoch; absent: when the bus takes it. */
  readonly time?: number;
};

/** `id`: the event is kept and will be delivered at least once. `failed`: it is not; putting it again may help. */
export type PutEventResult = { readonly id: string } | { readonly failed: string; readonly message: string };

/** Events of one call of `put`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const MAX_EVENTS = 10;

/** Bytes of all events of one call together, as `sizeOfEvent` counts them; they must be fewer. */
export const MAX_EVENT_BYTES = 1_048_576;

/** The event bus of the deployment. */
export interface Bus {
  /**
   * Answers one result per event, in order. Nothing is told of an order in which they are delivered.
   * @throws {Error} named `BadEvents` when they can never be put: none or too many, too large, a source or type not of its
   * form.
   */
  put(events: readonly BusEvent[]): Promise<readonly PutEventResult[]>;
}

/** Bytes that count: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export function sizeOfEvent({ source, detailType, detail, resources = [], time }: BusEvent): number {
  const texts = [source, detailType, JSON.stringify(detail), ...resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), time === undefined ? 0 : TIME_BYTES);
}

const TIME_BYTES = 14;

/** Why `put` would refuse these for good. Undefined: it would not. */
export function problemOfEvents(events: readonly BusEvent[]): string | undefined {
  if (events.length === 0) return 'there is no event';
  if (events.length > MAX_EVENTS) return `there are ${events.length} events; at most ${MAX_EVENTS} go into one call`;
  for (const [index, { source, detailType }] of events.entries()) {
    if (!isName(source, 256)) return `event ${index}: the source must have 1 to 256 characters`;
    if (source.startsWith('aws.')) return `event ${index}: a source that begins with 'aws.' is AWS's own`;
    if (!isName(detailType, 128)) return `event ${index}: the detail-type must have 1 to 128 characters`;
  }
  const bytes = events.reduce((sum, event) => sum + sizeOfEvent(event), 0);
  if (bytes >= MAX_EVENT_BYTES)
    return `the events have ${bytes} bytes together; they must have fewer than ${MAX_EVENT_BYTES}`;
  return undefined;
}

const isName = (text: string, most: number): boolean => text.length >= 1 && text.length <= most;
