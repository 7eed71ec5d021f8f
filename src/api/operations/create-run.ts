import { isOver } from '../../store/runs.ts';
import { readJsonObject } from '../body.ts';
import { idempotencyOf } from '../idempotency.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { planRun } from '../plan-run.ts';
import { secondsToWait, waitForRun } from '../prefer.ts';
import { renderRun, replyEntity } from '../render/index.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND } from '../reply.ts';
import { type StartRequest, startRun } from '../start-run.ts';
import { unlessGone } from '../unless-gone.ts';
import { loadVersion } from '../version.ts';

export const createRun =
  (dependencies: ApiDependencies): Operation<'createRun'> =>
  async ({ request, caller, loaded, query, audit, auditNow }) => {
    const { table, keys, baseUrl = '' } = dependencies;
    const body = readJsonObject(request, ['inputs']);
    if (isRefusal(body)) return body;
    const definition = await loadVersion(dependencies, loaded, query.version ?? loaded.version);
    if (definition === undefined) return NOT_FOUND;
    const same = { operation: 'createRun', version: query.version ?? null, body: body.value };
    const idempotency = idempotencyOf(request.headers['idempotency-key'], keys.fingerprint, loaded, caller.id, same);
    if (idempotency !== undefined && isRefusal(idempotency)) return idempotency;
    const start: StartRequest = {
      path: loaded,
      definition,
      caller,
      trigger: 'pipeline_call',
      inputs: body.value.inputs,
      idempotency,
      requestId: request.requestId,
    };
    if (query.dry_run === 'true' || query.dry_run === 'plan') {
      const plan = await planRun(dependencies, start);
      if (isRefusal(plan) || query.dry_run === 'plan') return plan;
      return NO_CONTENT;
    }
    const started = await startRun(dependencies, start, run => {
      audit({ run: run.run });
      return auditNow(201);
    });
    if (isRefusal(started)) return started;

    const location = `${baseUrl}${request.path}/${started.run.run}`;
    const headers = { location, ...(started.replayed ? { 'idempotency-replayed': 'true' } : {}) };
    const seconds = secondsToWait(request.headers.prefer);
    if (seconds === undefined) return replyEntity(201, await renderRun(table, started.run), headers);
    const run = await waitForRun(dependencies, started.run, seconds, candidate => isOver(candidate.status));
    const waited = { ...headers, 'preference-applied': `wait=${seconds}` };
    return unlessGone(table, run, async () => replyEntity(201, await renderRun(table, run), waited));
  };
