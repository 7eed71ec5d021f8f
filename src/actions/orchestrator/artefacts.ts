import type { Json, JsonObject, JsonSchema } from '../action.ts';
import { isMap, textOf } from '../remote/provider.ts';
import { andThen, type Reply, refused, undone } from '../remote/reply.ts';
import { currentSet, type Orchestrator } from './api.ts';

const artefacts = (description: string, required: readonly string[]): JsonSchema => ({
  description,
  type: 'array',
  minItems: 1,
  maxItems: 100,
  items: { type: 'object', required, properties: { name: NAME, id: ID } },
});

const NAME: JsonSchema = { description: 'The name of the artefact.', type: 'string', minLength: 1 };

/** It becomes part of a path. */
const ID: JsonSchema = {
  description: 'What the orchestrator knows this version by.',
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  maxLength: 200,
};

export const ARTEFACTS: Readonly<Record<keyof Artefacts, JsonSchema>> = {
  workload_artefacts: artefacts(
    'Versions of workloads, as the trigger `artefact` gives them: each has the `id` that the orchestrator knows it by.',
    ['id'],
  ),
  container_artefacts: artefacts(
    'Versions of images, as the trigger `artefact` gives them: each has a `name` and a `version` or `digest`. Containers that use the image get this version.',
    ['name'],
  ),
};

export type Artefacts = {
  readonly workload_artefacts?: readonly JsonObject[];
  readonly container_artefacts?: readonly JsonObject[];
};

/** What a delta says: https://developer.humanitec.com/platform-orchestrator/reference/api-references/ */
type Changes = { readonly modules: JsonObject; readonly shared: readonly Json[] };

/** `environment`: as the orchestrator has it. */
export async function changesOf(
  api: Orchestrator,
  { workload_artefacts = [], container_artefacts = [] }: Artefacts,
  environment: Json,
): Promise<Reply<Changes>> {
  const added = await workloadsOf(api, workload_artefacts);
  return andThen(added, async ({ modules, shared }) => {
    const updated = await imagesOf(api, container_artefacts, environment);
    return andThen(updated, update => ({ kind: 'ok', value: { modules: { add: modules, update }, shared } }));
  });
}

async function workloadsOf(
  api: Orchestrator,
  wanted: readonly JsonObject[],
): Promise<Reply<{ readonly modules: JsonObject; readonly shared: readonly Json[] }>> {
  const modules: Record<string, Json> = {};
  const shared: Json[] = [];
  for (const artefact of wanted) {
    const version = textOf(artefact, 'id');
    const reply = undone(await api.getOfOrg(`/artefact-versions/${version}/workload-deployment-set`));
    if (reply.kind === 'refused' && reply.absent === true) {
      const named = textOf(artefact, 'name');
      return refused(
        'UNKNOWN_ARTEFACT',
        `The orchestrator has no workload artefact ${version}${named && ` (${named})`}.`,
      );
    }
    if (reply.kind !== 'ok') return reply;
    const set = isMap(reply.value) ? reply.value : {};
    Object.assign(modules, isMap(set.modules) ? set.modules : {});
    for (const [name, value] of Object.entries(isMap(set.shared) ? set.shared : {})) {
      shared.push({ op: 'add', path: `/${pointer(name)}`, value });
    }
  }
  return { kind: 'ok', value: { modules, shared } };
}

async function imagesOf(
  api: Orchestrator,
  wanted: readonly JsonObject[],
  environment: Json,
): Promise<Reply<JsonObject>> {
  if (wanted.length === 0) return { kind: 'ok', value: {} };
  const images = new Map(wanted.map(artefact => [textOf(artefact, 'name'), imageOf(artefact)]));
  const set = undone(await api.get(`/sets/${currentSet(environment)}`));
  return andThen(set, body => {
    const update: Record<string, Json> = {};
    const modules = isMap(body) && isMap(body.modules) ? body.modules : {};
    for (const [name, module] of Object.entries(modules)) {
      const spec = isMap(module) && isMap(module.spec) ? module.spec : {};
      const patches = Object.entries(isMap(spec.containers) ? spec.containers : {}).flatMap(([container, value]) => {
        const image = images.get(repositoryOf(textOf(value, 'image')));
        const path = `/spec/containers/${pointer(container)}/image`;
        return image === undefined ? [] : [{ op: 'replace', path, value: image }];
      });
      if (patches.length > 0) update[name] = patches;
    }
    if (Object.keys(update).length > 0) return { kind: 'ok', value: update };
    const names = [...images.keys()].join(', ');
    return refused('NO_WORKLOAD', `No workload that is deployed in the environment uses an image of ${names}.`);
  });
}

function imageOf(artefact: JsonObject): string {
  const [name, version, digest] = ['name', 'version', 'digest'].map(key => textOf(artefact, key));
  return digest === '' ? `${name}:${version || 'latest'}` : `${name}@${digest}`;
}

/** Without tag and digest; a colon before a slash belongs to a port. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
