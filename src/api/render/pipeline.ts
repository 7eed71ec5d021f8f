import type { PipelineRecord } from '../../store/pipelines.ts';
import type { VersionRecord } from '../../store/versions.ts';
import { formatTime } from '../time.ts';
import { type Entity, makeEntity } from './entity.ts';

export function renderPipeline(record: PipelineRecord): Entity {
  return makeEntity(
    JSON.stringify({
      id: record.pipeline,
      org_id: record.org,
      app_id: record.app,
      name: record.name,
      status: 'active',
      version: record.version,
      created_at: formatTime(record.createdAt),
      trigger_types: record.triggers,
      metadata: record.metadata,
    }),
  );
}

/** Versions never change, so they have no etag. */
export function renderVersion(record: VersionRecord): string {
  return JSON.stringify({
    id: record.version,
    org_id: record.org,
    app_id: record.app,
    pipeline_id: record.pipeline,
    created_by: record.createdBy,
    created_at: formatTime(record.createdAt),
  });
}
