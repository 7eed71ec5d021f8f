import type { Pipeline } from '../pipeline.ts';
import { inside, type Place, report } from '../shape/shape.ts';

/** An event has no caller whose rights a run could use. */
export function checkIdentity({ triggers, permissions }: Pipeline, place: Place): void {
  if (triggers.event === undefined || (permissions !== undefined && permissions.kind !== 'inherit')) return;
  const message =
    'an event has nobody who started the run; name who it acts as: `permissions` with `run-as: s-…`, or with `application` and `env-types`';
  report(inside(inside(place, 'on'), 'event'), { code: 'MISSING_IDENTITY', message, at: 'key' });
}
