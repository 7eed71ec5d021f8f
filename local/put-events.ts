import { isDeeper, OWN_SOURCE } from '../src/events/delivered-event.ts';
import type { Json, JsonObject } from '../src/json.ts';
import type { Bus, BusEvent } from '../src/ports/bus.ts';

/** An answer in the form of AWS's JSON protocols. */
export type AwsAnswer = { readonly status: number; readonly body: JsonObject };

/** The value of `X-Amz-Target`. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const PUT_EVENTS = 'AWSEvents.PutEvents';

/** Bytes of a request's body: the most that its events may have, and as much again for what JSON escapes add. */
export const PUT_EVENTS_LIMIT = 2 * 1_048_576 + 65_536;

const MAX_NESTING = 1_000;

type Entry = { readonly event: BusEvent } | { readonly error: string; readonly message: string };

/**
 * PutEvents over a bus: what is wrong with one entry is told for that one, the others are put. `own`: it is this product that
 * puts them, so they may have its source.
 */
export async function answerPutEvents(
  bus: Bus,
  target: string | undefined,
  body: string,
  { own }: { readonly own: boolean },
): Promise<AwsAnswer> {
  if (target !== PUT_EVENTS) return failed('UnknownOperationException', `only ${PUT_EVENTS} is supported here`);
  const request = parse(body);
  if (!isMap(request) || !Array.isArray(request.Entries) || request.Entries.length === 0) {
    return failed('ValidationException', "the body must be a JSON object whose 'Entries' is a list of 1 to 10 entries");
  }
  const entries: readonly Entry[] = request.Entries.map(entry => readEntry(entry, own));
  const events = entries.flatMap(entry => ('event' in entry ? [entry.event] : []));
  try {
    const results = events.length === 0 ? [] : [...(await bus.put(events))];
    const answers = entries.map((entry): JsonObject => {
      const result = 'event' in entry ? results.shift() : undefined;
      if (result !== undefined && 'id' in result) return { EventId: result.id };
      if (result !== undefined) return { ErrorCode: result.failed, ErrorMessage: result.message };
      return 'error' in entry
        ? { ErrorCode: entry.error, ErrorMessage: entry.message }
        : { ErrorCode: 'InternalException', ErrorMessage: '' };
    });
    const failures = answers.filter(answer => answer.ErrorCode !== undefined).length;
    return { status: 200, body: { FailedEntryCount: failures, Entries: answers } };
  } catch (error) {
    if (error instanceof Error && error.name === 'BadEvents') return failed('ValidationException', error.message);
    throw error;
  }
}

function readEntry(entry: Json, own: boolean): Entry {
  if (!isMap(entry)) return invalid('an entry must be a map');
  const { Source, DetailType, Detail, Resources = [], Time } = entry;
  if (typeof Source !== 'string' || Source === '')
    return invalid('Parameter Source is not valid. Reason: it is missing.');
  if (typeof DetailType !== 'string' || DetailType === '') {
    return invalid('Parameter DetailType is not valid. Reason: it is missing.');
  }
  if (Source.startsWith('aws.') || (Source === OWN_SOURCE && !own)) {
    return { error: 'NotAuthorizedForSourceException', message: `Not authorized for the source ${Source}.` };
  }
  const detail = typeof Detail === 'string' ? parse(Detail) : undefined;
  if (!isMap(detail) || isDeeper(detail, MAX_NESTING)) {
    return { error: 'MalformedDetail', message: 'Detail is malformed: it must be the JSON text of an object.' };
  }
  if (!Array.isArray(Resources) || !Resources.every(resource => typeof resource === 'string')) {
    return invalid('Parameter Resources is not valid. Reason: it must be a list of texts.');
  }
  // Seconds since the epoch, as the SDK sends it; people write RFC 3339.
  const time = typeof Time === 'number' ? Time * 1_000 : typeof Time === 'string' ? Date.parse(Time) : undefined;
  if (
    (Time !== undefined && time === undefined) ||
    (time !== undefined && !Number.isFinite(new Date(time).getTime()))
  ) {
    return invalid('Parameter Time is not valid.');
  }
  return {
    event: {
      source: Source,
      detailType: DetailType,
      detail,
      resources: Resources,
      ...(time === undefined ? {} : { time }),
    },
  };
}

const invalid = (message: string): Entry => ({ error: 'InvalidArgument', message });

const failed = (type: string, message: string): AwsAnswer => ({ status: 400, body: { __type: type, message } });

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // as: JSON.parse makes nothing else
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
