import type { Json, JsonObject } from '../json.ts';

/** An event as a bus delivers it: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export type DeliveredEvent = {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly detail: JsonObject;
  /** All of it, as patterns and expressions see it. */
  readonly whole: JsonObject;
};

/** What this product says by itself. Nobody else puts events of this source. */
export const OWN_SOURCE = 'pipecall';

/** The detail-type of an event that asks for a run. */
export const PIPELINE_CALL = 'Pipeline Call';

/** Key in the detail of our own events: how many events are before it, each of which started the run of the next. */
export const DEPTH_KEY = 'event_depth';

/**
 * The same, among the resources of an event that a step put: its detail belongs to whoever wrote the pipeline. Anybody may
 * say it of an event of theirs, and keeps it from starting a run by that at the worst.
 */
const DEPTH_MARK = 'pipecall:event-depth/';
export const depthMark = (depth: number): string => `${DEPTH_MARK}${depth}`;

/**
 * Key in the detail of our own events: some pipeline of the deployment listens to them. There are three for every run and
 * mostly nobody does, so without it the bus hands them to no function of ours.
 */
export const LISTENED_KEY = 'pipelines_listen';

/** Likewise: the app of the event has a webhook. */
export const WEBHOOKS_KEY = 'webhooks_listen';

/** What the rules of the bus let through to webhooks (`infra/webhooks.ts` says the same in a pattern). */
export const isForWebhooks = ({ source, detail }: Pick<DeliveredEvent, 'source' | 'detail'>): boolean =>
  source === OWN_SOURCE && Object.hasOwn(detail, WEBHOOKS_KEY);

/** What the rules of the bus let through to pipelines (`infra/event-bus.ts` says the same in patterns). */
export const isForPipelines = ({ source, detail }: Pick<DeliveredEvent, 'source' | 'detail'>): boolean =>
  source !== OWN_SOURCE || Object.hasOwn(detail, LISTENED_KEY);

/** A run may be started by an event of a run that was started by an event, so many times. */
export const MAX_DEPTH = 5;

/** Levels of lists and maps; EventBridge takes no more: PutEvents, in the API reference. */
const MAX_NESTING = 1_000;

const LONGEST_ID = 256;

/** A text instead says why it is none. */
export function readDelivered(given: Json): DeliveredEvent | string {
  if (!isMap(given)) return 'it is no map';
  const { id, source, account, time, detail } = given;
  const detailType = given['detail-type'];
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID)
    return "its 'id' is no text of 1 to 256 characters";
  if (typeof source !== 'string') return "its 'source' is no text";
  if (typeof detailType !== 'string') return "its 'detail-type' is no text";
  if (typeof account !== 'string') return "its 'account' is no text";
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(at)) return "its 'time' is no time";
  if (!isMap(detail)) return "its 'detail' is no map";
  if (isDeeper(detail, MAX_NESTING)) return `its 'detail' is nested more than ${MAX_NESTING} levels deep`;
  return { id, source, detailType, account, time: at, detail, whole: given };
}

/**
 * How many events are before a run that this event starts, itself counted. Our own events say so, and those that steps put:
 * what others have under that key means something else.
 */
export function depthOf({ source, detail, whole }: DeliveredEvent): number {
  const said = source === OWN_SOURCE ? [detail[DEPTH_KEY]] : marksOf(whole);
  const depths = said.filter(depth => typeof depth === 'number');
  return Math.max(0, ...depths.filter(Number.isSafeInteger)) + 1;
}

function marksOf({ resources }: JsonObject): readonly number[] {
  const texts = Array.isArray(resources) ? resources.filter(resource => typeof resource === 'string') : [];
  return texts.filter(text => text.startsWith(DEPTH_MARK)).map(text => Number(text.slice(DEPTH_MARK.length)));
}

/** Level by level, so that the depth of a hostile value is not the depth of a call stack. */
export function isDeeper(value: Json, limit: number): boolean {
  let level: readonly Json[] = [value];
  for (let depth = 0; depth <= limit; depth += 1) {
    level = level.flatMap(item => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
