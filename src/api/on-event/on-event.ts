import { type DeliveredEvent, OWN_SOURCE, PIPELINE_CALL, readDelivered } from '../../events/delivered-event.ts';
import { isFiled } from '../../events/sources.ts';
import type { Json } from '../../json.ts';
import { getApp } from '../../store/apps.ts';
import {
  deleteEventTriggers,
  type EventTriggerHint,
  type FiledHint,
  hintsForSource,
} from '../../store/event-triggers.ts';
import type { PipelinePath } from '../../store/keys.ts';
import { getPipelines } from '../../store/pipelines.ts';
import { describeError } from '../log.ts';
import { isRefusal, type Refusal } from '../reply.ts';
import { loadCurrent } from './load-definition.ts';
import { readPipelineCall, startByCall } from './pipeline-call.ts';
import { recordRefusal } from './refused-start.ts';
import { type EventDependencies, type StartedByEvent, startByEvent } from './start-by-event.ts';

/** What became of one event. */
export type Handled = { readonly started: number; readonly again: number; readonly refused: number };

/** Pipelines that are looked at at the same time. */
const WIDTH = 16;

/** Milliseconds after which a version is the current one or will never be: a request takes no minute. */
const SETTLED_AFTER = 3_600_000;

/**
 * Starts every pipeline that the event meets. What a pipeline or an event does wrong is recorded and stops no other one.
 * @throws {Error} named `BadEvent` for what is no event; an `AggregateError` when there was trouble with some pipelines,
 * after all others: the same event is to be handled again then.
 */
export async function onEvent(deps: EventDependencies, given: Json): Promise<Handled> {
  const event = readDelivered(given);
  if (typeof event === 'string') throw badEvent(event);
  const handled = { started: 0, again: 0, refused: 0 };
  const troubles: unknown[] = [];
  const attempt = async (work: () => Promise<StartedByEvent | Refusal | 'nothing'>, what: string): Promise<void> => {
    try {
      const outcome = await work();
      if (outcome === 'nothing') return;
      if (isRefusal(outcome)) handled.refused += 1;
      else handled[outcome.again ? 'again' : 'started'] += 1;
    } catch (error) {
      const message = `an event could not be handled for ${what}; it is tried again`;
      deps.log({ level: 'error', message, event: event.id, ...describeError(error) });
      troubles.push(error);
    }
  };
  // Of our own there are three for every run, whether somebody listens or not: a trigger may miss those of its first second.
  const source = isFiled(event.source) ? event.source : undefined;
  for await (const hints of hintsForSource(deps.table, source, event.source !== OWN_SOURCE)) {
    const current = await currentOnes(deps, hints);
    for (let at = 0; at < current.length; at += WIDTH) {
      await Promise.all(
        current.slice(at, at + WIDTH).map(hint => attempt(() => trigger(deps, event, hint), nameOf(hint))),
      );
    }
  }
  if (event.detailType === PIPELINE_CALL) await attempt(() => call(deps, event), 'the pipeline that it calls');
  if (troubles.length > 0)
    throw new AggregateError(troubles, `event ${event.id} met trouble: ${troubles.map(String).join('; ')}`);
  return handled;
}

/** Of the hints those that are about the current version. Old ones are tidied up; where that fails, the next event does it. */
async function currentOnes(
  { table, clock, log }: EventDependencies,
  found: readonly FiledHint[],
): Promise<readonly EventTriggerHint[]> {
  // Two versions of one pipeline may be among them.
  const paths = new Map(found.map(({ hint }) => [nameOf(hint), hint]));
  const records = await getPipelines(table, [...paths.values()]);
  const versions = new Map(
    records.filter(record => record !== undefined).map(record => [nameOf(record), record.version]),
  );
  const current: EventTriggerHint[] = [];
  for (const { hint, source } of found) {
    if (versions.get(nameOf(hint)) === hint.version) current.push(hint);
    else if (hint.createdAt + SETTLED_AFTER < clock.now()) {
      try {
        await deleteEventTriggers(table, hint, source === undefined ? 'any' : [source]);
      } catch (error) {
        log({ level: 'warning', message: 'the trigger of an old version stays in the index', ...describeError(error) });
      }
    }
  }
  return current;
}

const nameOf = ({ org, app, pipeline }: PipelinePath): string => `${org}/${app}/${pipeline}`;

async function trigger(
  deps: EventDependencies,
  event: DeliveredEvent,
  { version, org, app, pipeline }: EventTriggerHint,
): Promise<StartedByEvent | Refusal | 'nothing'> {
  const path = { org, app, pipeline };
  const definition = await loadCurrent(deps.definitions, path, version);
  if (definition === undefined) return 'nothing';
  const outcome = isRefusal(definition) ? definition : await startByEvent(deps, event, path, definition);
  if (outcome === 'not met') return 'nothing';
  if (isRefusal(outcome)) await recordRefusal(deps, event, path, 'event', outcome);
  return outcome;
}

async function call(deps: EventDependencies, event: DeliveredEvent): Promise<StartedByEvent | Refusal> {
  const called = readPipelineCall(event);
  if (typeof called === 'string') throw badEvent(called);
  // What is recorded needs somebody who can read it.
  if ((await getApp(deps.table, called.path)) === undefined) {
    throw badEvent(`there is no app '${called.path.app}' in org '${called.path.org}'`);
  }
  const outcome = await startByCall(deps, event, called);
  if (isRefusal(outcome)) await recordRefusal(deps, event, called.path, 'pipeline_call', outcome);
  return outcome;
}

/** The platform tries it again all the same and then keeps it as a dead letter, with this message. */
function badEvent(reason: string): Error {
  const error = new Error(`not an event to act on: ${reason}`);
  error.name = 'BadEvent';
  return error;
}
