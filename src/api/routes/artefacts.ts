import type { Route } from '../route.ts';
import { badBody, dryRun, ORG, PIPELINE } from './shared.ts';

export const artefactsRoutes = {
  createArtefactVersion: {
    method: 'POST',
    path: `${ORG}/artefact-versions`,
    summary: 'Tells of a new version of an artefact, which starts the pipelines that ask for it',
    permission: 'artefacts.push',
    load: 'nothing',
    query: [dryRun],
    headers: [],
    body: { kind: 'json', schema: 'ArtefactVersionRequest' },
    responses: {
      200: {
        description: 'The version. The same one again is no new one: it starts nothing twice.',
        schema: 'ArtefactVersion',
      },
      204: { description: 'A dry run found nothing wrong.' },
    },
    errors: badBody,
  },
  getBatch: {
    method: 'GET',
    path: `${PIPELINE}/batches/artefact`,
    summary: 'Reads which artefacts wait for the next run of a pipeline, and why the last ones were refused',
    permission: 'runs.read',
    load: 'pipeline',
    query: [],
    headers: [],
    responses: { 200: { description: 'The batch; nothing may be in it.', schema: 'Batch' } },
    errors: [],
  },
} as const satisfies Record<string, Route>;
