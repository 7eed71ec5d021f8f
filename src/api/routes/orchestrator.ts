import type { Route } from '../route.ts';
import { badBody, ORG } from './shared.ts';

const ORCHESTRATOR = `${ORG}/settings/orchestrator` as const;

export const orchestratorRoutes = {
  getOrchestrator: {
    method: 'GET',
    path: ORCHESTRATOR,
    summary: 'Reads which Platform Orchestrator the steps of an org act on, without its token',
    permission: 'orchestrator.read',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 200: { description: 'The setting.', schema: 'OrchestratorSetting', headers: ['ETag'] } },
    errors: [],
  },
  setOrchestrator: {
    method: 'PUT',
    path: ORCHESTRATOR,
    summary: 'Sets which Platform Orchestrator the steps of an org act on, and the token that they do it with',
    permission: 'orchestrator.write',
    load: 'nothing',
    query: [],
    headers: [],
    body: { kind: 'json', schema: 'OrchestratorRequest' },
    responses: { 200: { description: 'The setting.', schema: 'OrchestratorSetting', headers: ['ETag'] } },
    errors: badBody,
  },
  deleteOrchestrator: {
    method: 'DELETE',
    path: ORCHESTRATOR,
    summary: 'Deletes the setting and the token; steps that need it fail from then on',
    permission: 'orchestrator.write',
    load: 'nothing',
    query: [],
    headers: [],
    responses: { 204: { description: 'It is gone.' } },
    errors: [],
  },
} as const satisfies Record<string, Route>;
