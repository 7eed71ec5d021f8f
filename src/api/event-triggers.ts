import { sourcesOf } from '../events/sources.ts';
import type { Pipeline } from '../language/pipeline.ts';
import type { Table } from '../ports/table.ts';
import { deleteEventTriggers, putEventTriggers } from '../store/event-triggers.ts';
import type { VersionRecord } from '../store/versions.ts';
import { describeError, type Log } from './log.ts';

/** Files the trigger `event` of a version, so that events find it. To be called before the version is the current one. */
export async function fileEventTrigger(table: Table, version: VersionRecord, { triggers }: Pipeline): Promise<void> {
  if (triggers.event !== undefined) await putEventTriggers(table, version, sourcesOf(triggers.event.pattern));
}

/** For a version that is not the current one. What stays costs a look at it with each event, until one tidies it up. */
export async function unfileEventTrigger(
  { table, log }: { readonly table: Table; readonly log: Log },
  version: VersionRecord,
  pipeline: Pipeline | undefined,
): Promise<void> {
  const trigger = pipeline?.triggers.event;
  if (trigger === undefined) return;
  try {
    await deleteEventTriggers(table, version, sourcesOf(trigger.pattern));
  } catch (error) {
    log({ level: 'warning', message: 'the trigger of an old version stays in the index', ...describeError(error) });
  }
}
