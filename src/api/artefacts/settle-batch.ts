import {
  anyBatched,
  type Batched,
  type BatchState,
  commitRun,
  deleteBatched,
  endRunOfBatch,
  readBatch,
  readBatched,
} from '../../store/batches.ts';
import type { PipelinePath } from '../../store/keys.ts';
import { getPipeline } from '../../store/pipelines.ts';
import { getRun, isOver } from '../../store/runs.ts';
import type { ArtefactDependencies } from './dependencies.ts';
import { startBatch } from './start-batch.ts';

/** Artefacts of one run at the most, and characters of all of them together (one that is larger goes alone). */
const MOST_MEMBERS = 100;
const MOST_CHARACTERS = 512 * 1_024;

/** So many of those that wait are looked at for one run. */
const LOOKED_AT = 500;

/**
 * Goes on with the artefacts that wait for a run of a pipeline: when its last one is over, they become the next. Each step is
 * repeatable, and a crash behind any of them leaves what the next call finishes: the run and its members are committed (one
 * conditional write), the members are taken for it, the run is created under the committed id, and only then they wait no
 * more.
 */
export async function settleBatch(deps: ArtefactDependencies, path: PipelinePath): Promise<void> {
  for (;;) {
    const [state, waiting] = await Promise.all([readBatch(deps.table, path), readBatched(deps.table, path, LOOKED_AT)]);
    const step =
      state.current === undefined
        ? await beginNext(deps, path, state, waiting)
        : await lookAtCurrent(deps, path, { ...state, current: state.current });
    if (step === 'rest') return;
  }
}

type Step = 'rest' | 'look-again';

async function lookAtCurrent(
  deps: ArtefactDependencies,
  path: PipelinePath,
  state: BatchState & { readonly current: NonNullable<BatchState['current']> },
): Promise<Step> {
  const { table } = deps;
  const { run: id, members, deleted } = state.current;
  const run = await getRun(table, { ...path, run: id });
  if (run === undefined && !deleted && (await anyBatched(table, path, members))) {
    // Whoever committed it died, or is about to create it: both create the same.
    return startBatch(deps, path, state);
  }
  await deleteBatched(table, path, members);
  if (run !== undefined && !isOver(run.status)) return 'rest';
  await endRunOfBatch(table, path, state);
  return 'look-again';
}

async function beginNext(
  deps: ArtefactDependencies,
  path: PipelinePath,
  state: BatchState,
  waiting: readonly Batched[],
): Promise<Step> {
  const { table, ids } = deps;
  if (waiting.length === 0) return 'rest';
  const pipeline = await getPipeline(table, path);
  const lost = waiting.filter(one => one.pipelineSince !== pipeline?.createdAt);
  await deleteBatched(table, path, lost);
  const members = membersOf(waiting.filter(one => !lost.includes(one)));
  const [first] = members;
  if (first === undefined || pipeline === undefined) return 'look-again';
  const next = { run: ids.ordered(), version: pipeline.version, pushedBy: first.pushedBy, members };
  if (!(await commitRun(table, path, state, next))) return 'look-again';
  return startBatch(deps, path, { seq: state.seq + 1, current: { ...next, deleted: false } });
}

/** Of whoever pushed the oldest one: a run acts for one person, and nobody's artefacts run with the rights of another. */
function membersOf(waiting: readonly Batched[]): readonly Batched[] {
  const members: Batched[] = [];
  let characters = 0;
  for (const one of waiting) {
    if (one.pushedBy !== waiting[0]?.pushedBy) continue;
    characters += one.size;
    if (members.length > 0 && (members.length === MOST_MEMBERS || characters > MOST_CHARACTERS)) break;
    members.push(one);
  }
  return members;
}
