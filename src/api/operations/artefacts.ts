import { isDeeper, type JsonObject } from '../../json.ts';
import { type BatchState, readBatch, readBatched } from '../../store/batches.ts';
import { BODY_LIMIT, exceeds, readJsonObject } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { isRefusal, NO_CONTENT, type Refusal, refuse } from '../reply.ts';
import { formatTime } from '../time.ts';

const TEXTS = ['version', 'ref', 'commit', 'digest', 'image'] as const;
const MAPS = ['spec', 'overrides', 'property_overrides', 'extensions'] as const;
const OF_CONTAINER: readonly string[] = ['digest'];
const OF_WORKLOAD: readonly string[] = ['image', ...MAPS];

/** Characters of a name, a version, a reference. */
const LONGEST = 500;

/** Levels of an artefact: inputs of a run have at most 100, and this is within a list. */
const MAX_NESTING = 90;

export const createArtefactVersion =
  (dependencies: ApiDependencies): Operation<'createArtefactVersion'> =>
  async ({ request, caller, params: { org }, query, audit }) => {
    const body = readArtefact(readJsonObject(request, ['type', 'name'], [...TEXTS, ...MAPS]));
    if (isRefusal(body)) return body;
    // As an input of a run, in a list: what no run could take would keep those that come with it from theirs.
    if (isDeeper(body.value, MAX_NESTING)) {
      return refuse('INVALID_BODY', `The artefact has lists and maps nested more than ${MAX_NESTING} levels deep.`);
    }
    // Numbers may be longer than they were written: `1e20`.
    if (exceeds(JSON.stringify(body.value), BODY_LIMIT)) {
      return refuse('BODY_TOO_LARGE', `Written out, the artefact is larger than ${BODY_LIMIT} bytes.`);
    }
    if (query.dry_run === true) return NO_CONTENT;
    const [{ pushArtefact }, { artefactView }] = await Promise.all([
      import('../artefacts/push-artefact.ts'),
      import('../artefacts/artefact-view.ts'),
    ]);
    const artefact = await pushArtefact(dependencies, { org, body: body.value, pushedBy: caller.id });
    audit({ artefact: artefact.id });
    return { status: 200, body: JSON.stringify(artefactView(artefact)) };
  };

/** What is said to be null is not said. */
function readArtefact(given: { readonly value: JsonObject } | Refusal): { readonly value: JsonObject } | Refusal {
  if (isRefusal(given)) return given;
  const value = Object.fromEntries(Object.entries(given.value).filter(([, field]) => field !== null));
  const { type } = value;
  if (type !== 'container' && type !== 'workload') {
    return refuse('INVALID_BODY', "'type' has to be 'container' or 'workload'.");
  }
  for (const key of ['name', ...TEXTS]) {
    const field = value[key];
    if (key !== 'name' && field === undefined) continue;
    if (typeof field === 'string' && field.length <= LONGEST && (key !== 'name' || field !== '')) continue;
    return refuse('INVALID_BODY', `'${key}' has to be a text of at most ${LONGEST} characters.`);
  }
  for (const key of MAPS) {
    const field = value[key];
    if (field === undefined || (typeof field === 'object' && field !== null && !Array.isArray(field))) continue;
    return refuse('INVALID_BODY', `'${key}' has to be a map.`);
  }
  const foreign = (type === 'container' ? OF_WORKLOAD : OF_CONTAINER).filter(key => value[key] !== undefined);
  if (foreign.length > 0) return refuse('INVALID_BODY', `A ${type} has no '${foreign.join("', '")}'.`);
  if (type === 'workload' && value.spec === undefined) {
    return refuse('INVALID_BODY', "The body lacks 'spec', which says what the workload is.");
  }
  return { value };
}

/** Artefacts that one answer shows; there are rarely more than a few. */
const SHOWN = 1_000;

export const getBatch =
  ({ table }: ApiDependencies): Operation<'getBatch'> =>
  async ({ loaded }) => {
    const [state, waiting] = await Promise.all([readBatch(table, loaded), readBatched(table, loaded, SHOWN)]);
    const begun = new Set(state.current?.members.map(member => member.id));
    const ids = waiting.filter(one => one.pipelineSince === loaded.createdAt && !begun.has(one.id)).map(one => one.id);
    return { status: 200, body: JSON.stringify(batchView(state, ids)) };
  };

const itemsOf = (ids: readonly string[]) => ids.map(ref => ({ type: 'artefact_version', ref }));

const batchView = ({ current, refused }: BatchState, ids: readonly string[]) => ({
  items: itemsOf(ids),
  run_id: current?.run,
  refused:
    refused === undefined
      ? undefined
      : { at: formatTime(refused.at), message: refused.message, items: itemsOf(refused.ids) },
});
