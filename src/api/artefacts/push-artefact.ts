import type { JsonObject } from '../../json.ts';
import { artefactPipelines, dropStale } from '../../store/artefact-pipelines.ts';
import { type ArtefactRecord, closeArtefact, putArtefact } from '../../store/artefacts.ts';
import { putBatched } from '../../store/batches.ts';
import { uuidOf } from '../../store/criteria.ts';
import type { PipelinePath } from '../../store/keys.ts';
import { getPipeline } from '../../store/pipelines.ts';
import { canonical } from '../idempotency.ts';
import { describeError } from '../log.ts';
import { loadCurrent } from '../on-event/load-definition.ts';
import { isRefusal } from '../reply.ts';
import { artefactInput } from './artefact-view.ts';
import { asksFor } from './asks-for.ts';
import { type ArtefactDependencies, keptUntil } from './dependencies.ts';
import { settleBatch } from './settle-batch.ts';

/** `body`: `type`, `name` and what else there is to say; its form was checked. */
export type Push = { readonly org: string; readonly body: JsonObject; readonly pushedBy: string };

/**
 * A new version of an artefact, whoever tells of it. First it is recorded under an id made of what it is; then each
 * pipeline that asks for it gets it; then it is closed. Each step is repeatable, and `reconcile` goes on with what is not
 * closed, so it is not lost. The same artefact again is this one: it comes to pipelines that do not have it yet, or whose
 * run was refused, and to no others, so it is not doubled.
 */
export async function pushArtefact(deps: ArtefactDependencies, { org, body, pushedBy }: Push): Promise<ArtefactRecord> {
  const createdAt = deps.clock.now();
  // Who pushed it is part of it: what one may not start, another one may.
  const id = uuidOf(`artefact-version/${org}/${pushedBy}/${canonical(body)}`);
  const expiresAt = keptUntil(createdAt, deps.retentionDays);
  const artefact = await putArtefact(deps.table, { org, id, body, createdAt, createdBy: pushedBy }, expiresAt);
  await distribute(deps, artefact);
  return artefact;
}

/** Gives an artefact to the pipelines that ask for it, and closes it. */
export async function distribute(deps: ArtefactDependencies, artefact: ArtefactRecord): Promise<void> {
  const { table, clock } = deps;
  const type = String(artefact.body.type);
  const found: PipelinePath[] = [];
  for await (const entry of artefactPipelines(table, artefact.org, type)) {
    const pipeline = await getPipeline(table, entry);
    if (pipeline?.artefact !== type) {
      await dropStale(table, entry, clock.now());
      continue;
    }
    // What the definition says is what counts.
    const definition = await loadCurrent(deps.definitions, pipeline, pipeline.version);
    if (definition === undefined) continue;
    // One that cannot be read keeps the artefact from no other; its batch says what is wrong with it.
    if (!isRefusal(definition) && !(await asksFor(definition.pipeline, artefact))) continue;
    await putBatched(table, pipeline, {
      id: artefact.id,
      pushedAt: artefact.createdAt,
      pushedBy: artefact.createdBy,
      size: JSON.stringify(artefactInput(artefact)).length,
      pipelineSince: pipeline.createdAt,
    });
    found.push({ org: pipeline.org, app: pipeline.app, pipeline: pipeline.pipeline });
  }
  await closeArtefact(table, artefact);
  await Promise.all(found.map(path => trySettle(deps, path)));
}

/** It waits where `reconcile` finds it, so the push is good whether its run starts now or not. */
async function trySettle(deps: ArtefactDependencies, path: PipelinePath): Promise<void> {
  try {
    await settleBatch(deps, path);
  } catch (error) {
    const message = 'a run for artefacts did not start; they wait until reconcile starts it';
    deps.log({ level: 'warning', message, ...path, ...describeError(error) });
  }
}
