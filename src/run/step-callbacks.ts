import type { Callbacks } from '../actions/action.ts';
import { announceCallback, getCallback, listCallbacks } from '../store/callbacks.ts';
import { hashSecret, printToken, SECRET_BYTES } from './callback-token.ts';
import { derivedId } from './derived-id.ts';
import type { RunEnvironment } from './environment.ts';

/** The callback that one attempt of one step gives out, and those that other steps of the run gave out. */
export function createStepCallbacks(env: RunEnvironment, stepId: string): Callbacks {
  const { table, run, vault } = env;
  const id = derivedId(`callback ${stepId}`);
  return {
    async announce(expiresAt, whose) {
      const secret = env.ids.random(SECRET_BYTES);
      const { until } = await announceCallback(table, run, id, {
        hash: hashSecret(secret),
        until: expiresAt,
        expiresAt: env.expiresAt,
        own: whose === 'own',
      });
      return { id, url: env.callbackUrl(printToken({ run: run.run, id, secret })), expiresAt: until };
    },
    async look(wanted) {
      const found = await getCallback(table, run.run, wanted);
      if (found === undefined || (found.own && wanted !== id)) return undefined;
      const { until: expiresAt, posted } = found;
      if (posted === undefined) return { expiresAt };
      return { expiresAt, posted: { payload: JSON.parse(await vault.open(run, posted.sealed)) } };
    },
    async list() {
      const all = await listCallbacks(table, run.run);
      return all.filter(({ own }) => !own).map(found => found.id);
    },
  };
}
