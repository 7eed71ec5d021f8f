import type { AppRecord } from '../../store/apps.ts';
import type { EnvTypeRecord } from '../../store/env-types.ts';
import type { EnvironmentRecord } from '../../store/environments.ts';
import { formatTime } from '../time.ts';

export function renderApp(app: AppRecord, environments: readonly EnvironmentRecord[]): string {
  return JSON.stringify({
    id: app.app,
    org_id: app.org,
    name: app.name,
    created_at: formatTime(app.createdAt),
    created_by: app.createdBy,
    envs: environments.map(({ id, name, type }) => ({ id, name, type })),
  });
}

export function renderEnvType({ id, description, createdAt, createdBy }: EnvTypeRecord): string {
  return JSON.stringify({ id, description, created_at: formatTime(createdAt), created_by: createdBy });
}

export function renderEnvironment({ id, name, type, createdAt, createdBy }: EnvironmentRecord): string {
  return JSON.stringify({ id, name, type, created_at: formatTime(createdAt), created_by: createdBy });
}
