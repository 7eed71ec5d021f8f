import type { Table } from '../ports/table.ts';
import { getRun, type RunRecord } from '../store/runs.ts';
import type { Definition, Definitions } from './definitions.ts';
import { createRunIdentity, type RunIdentity, type Standing } from './identity.ts';

type Deps = { readonly table: Table; readonly definitions: Definitions };

/**
 * Who a run acts as. One that was called and lends itself nothing acts as the run that called it, which is judged again in
 * its turn: what that one was lent and lost since, this one has lost too.
 */
export function identityOf(deps: Deps, run: RunRecord, { pipeline, version }: Definition): RunIdentity {
  const { calledBy } = run;
  const caller = calledBy === undefined ? undefined : () => standingOf(deps, { org: run.org, ...calledBy });
  return createRunIdentity(deps.table, run, pipeline.permissions, version.createdBy, caller);
}

async function standingOf(deps: Deps, path: Parameters<typeof getRun>[1]): Promise<Standing> {
  const run = await getRun(deps.table, path);
  const definition = run === undefined ? undefined : await deps.definitions.load(run, run.version, run.version);
  if (run === undefined || definition === undefined) return { roles: [], lost: 'the run that called this one is gone' };
  return identityOf(deps, run, definition).standing();
}
