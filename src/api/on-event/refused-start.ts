import { hash } from 'node:crypto';
import type { DeliveredEvent } from '../../events/delivered-event.ts';
import type { PipelinePath } from '../../store/keys.ts';
import { putRefusedStart, type RefusedStart } from '../../store/refused-starts.ts';
import { ERROR_CODES } from '../error-codes.ts';
import type { Refusal } from '../reply.ts';
import { firstIdAt } from '../time.ts';
import { problemOf } from './problem.ts';
import { audit, type EventDependencies } from './start-by-event.ts';

const SECONDS_PER_DAY = 86_400;

/** Records that an event could not start a pipeline: once, however often the event arrives. */
export async function recordRefusal(
  deps: EventDependencies,
  event: DeliveredEvent,
  path: PipelinePath,
  kind: RefusedStart['kind'],
  refusal: Refusal,
): Promise<void> {
  const now = deps.clock.now();
  const { org, app, pipeline } = path;
  const isNew = await putRefusedStart(
    deps.table,
    {
      org,
      app,
      pipeline,
      id: idOf(event, path),
      kind,
      ...problemOf(refusal),
      createdAt: now,
      eventId: event.id,
      eventSource: event.source,
      eventType: event.detailType,
    },
    event.whole,
    Math.ceil(now / 1_000) + deps.retentionDays * SECONDS_PER_DAY,
  );
  if (isNew) deps.measure?.({ metric: 'RefusedStarts', value: 1, of: refusal.refused });
  const { status } = ERROR_CODES[refusal.refused];
  if (!isNew || status !== 403) return;
  await audit(
    deps,
    event,
    path,
    { id: `event:${event.account}` },
    { decision: 'refused', reason: refusal.message, status },
  );
}

/** By the time of the event, and made of what must not be recorded twice. */
function idOf({ id, time }: DeliveredEvent, { org, app, pipeline }: PipelinePath): string {
  const [high = '', low = ''] = firstIdAt(time).split('-');
  const digest = hash('sha256', JSON.stringify([org, app, pipeline, id]), 'hex');
  return `${high}-${low}-7${digest.slice(0, 3)}-8${digest.slice(3, 6)}-${digest.slice(6, 18)}`;
}
