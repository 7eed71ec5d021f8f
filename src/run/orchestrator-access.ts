import type { OrchestratorAccess } from '../actions/action.ts';
import { getOrchestrator, orchestratorTenant } from '../store/orchestrator.ts';
import type { RunJobs } from './invocation.ts';
import type { LearningRedactor } from './redactor.ts';

const SET_IT = 'an administrator sets it with PUT /orgs/{org}/settings/orchestrator (base_url and token)';

/** Reads the setting each time: a token that was replaced is used from the next step on. */
export function createOrchestratorAccess(
  { table, vault }: Pick<RunJobs, 'table' | 'vault'>,
  org: string,
  redactor: LearningRedactor,
): () => Promise<OrchestratorAccess> {
  let opened: { readonly sealed: string; readonly token: string } | undefined;
  const open = async (sealed: string): Promise<string | undefined> => {
    if (opened?.sealed === sealed) return opened.token;
    try {
      const token = await vault.open(orchestratorTenant(org), sealed);
      redactor.learn(token);
      opened = { sealed, token };
      return token;
    } catch (error) {
      if (error instanceof Error && error.name === 'CannotOpen') return undefined;
      throw error;
    }
  };
  return async () => {
    const setting = await getOrchestrator(table, org);
    if (setting === undefined) return { ok: false, message: `Org '${org}' names no orchestrator; ${SET_IT}.` };
    const token = await open(setting.sealed);
    if (token === undefined) {
      return { ok: false, message: `The token of the orchestrator of org '${org}' does not open; ${SET_IT} again.` };
    }
    return { ok: true, baseUrl: setting.baseUrl, token };
  };
}
