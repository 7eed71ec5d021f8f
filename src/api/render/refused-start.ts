import type { RefusedStart } from '../../store/refused-starts.ts';
import { formatTime } from '../time.ts';

export function renderRefusedStart(start: RefusedStart): string {
  return JSON.stringify({
    id: start.id,
    org_id: start.org,
    app_id: start.app,
    pipeline_id: start.pipeline,
    trigger: start.kind,
    status: start.status,
    error: start.code,
    message: start.message,
    details: start.details,
    created_at: formatTime(start.createdAt),
    attempts: start.attempts,
    retried_at: start.retriedAt === undefined ? undefined : formatTime(start.retriedAt),
    run_id: start.run,
    event: { id: start.eventId, source: start.eventSource, 'detail-type': start.eventType },
  });
}
