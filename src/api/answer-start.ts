import { isOver } from '../store/runs.ts';
import type { ApiDependencies, ApiRequest, Recording } from './operation.ts';
import { planRun } from './plan-run.ts';
import { secondsToWait, waitForRun } from './prefer.ts';
import { renderRun, replyEntity } from './render/index.ts';
import { isRefusal, NO_CONTENT, type Refusal, type Reply } from './reply.ts';
import { type StartRequest, startRun } from './start-run.ts';

type StartCall = Pick<Recording, 'audit' | 'auditNow'> & {
  readonly request: ApiRequest;
  readonly query: { readonly dry_run?: string };
};

/** Starts a run, or says what would happen, as the request asks for it. `runs`: the path of the runs of its pipeline. */
export async function answerStart(
  dependencies: ApiDependencies,
  { request, query, audit, auditNow }: StartCall,
  start: StartRequest,
  runs: string,
): Promise<Reply | Refusal> {
  const { table, baseUrl = '' } = dependencies;
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

  const location = `${baseUrl}${runs}/${started.run.run}`;
  const headers = { location, ...(started.replayed ? { 'idempotency-replayed': 'true' } : {}) };
  const seconds = secondsToWait(request.headers.prefer);
  if (seconds === undefined) return replyEntity(201, await renderRun(table, started.run), headers);
  const run = await waitForRun(dependencies, started.run, seconds, candidate => isOver(candidate.status));
  const waited = { ...headers, 'preference-applied': `wait=${seconds}` };
  return replyEntity(201, await renderRun(table, run), waited);
}
