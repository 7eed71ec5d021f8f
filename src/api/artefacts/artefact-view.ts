import type { JsonObject } from '../../json.ts';
import type { ArtefactRecord } from '../../store/artefacts.ts';
import { uuidOf } from '../../store/criteria.ts';
import { formatTime } from '../time.ts';

/** What a run gets of an artefact: all that was pushed, and who pushed it when. */
export function artefactInput({ id, org, body, createdAt, createdBy }: ArtefactRecord): JsonObject {
  return { id, artefact_id: artefactId(org, body), ...body, created_at: formatTime(createdAt), created_by: createdBy };
}

/** What the API answers: without the parts of a workload. */
export function artefactView({ id, org, body, createdAt, createdBy }: ArtefactRecord): JsonObject {
  const { type = '', name = '', version, ref = '', commit = '', digest = '' } = body;
  const at = formatTime(createdAt);
  return {
    id,
    artefact_id: artefactId(org, body),
    type,
    name,
    archived: false,
    ...(version === undefined ? {} : { version }),
    ref,
    commit,
    ...(type === 'container' ? { digest } : {}),
    created_at: at,
    created_by: createdBy,
    updated_at: at,
    updated_by: createdBy,
  };
}

const artefactId = (org: string, { type, name }: JsonObject): string => uuidOf(`artefact/${org}/${type}/${name}`);
