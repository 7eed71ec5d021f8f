import type { Callbacks } from '../actions/action.ts';
import { announceCallback, getCallback, listCallbacks } from '../store/callbacks.ts';
import { hashSecret, printToken, SECRET_BYTES } from './callback-token.ts';
import { derivedId } from './derived-id.ts';
import type { RunEnvironment } from './environment.ts';

/** The callback that one attempt of one step gives out, and those that other steps of the run gave out. */
export function createStepCallbacks(env: RunEnvironment, stepId: string): Callbacks {
  const { table, run } = env;
  return {
    async announce(expiresAt) {
      const id = derivedId(`callback ${stepId}`);
      const secret = env.ids.random(SECRET_BYTES);
      const { until } = await announceCallback(table, run, id, {
        hash: hashSecret(secret),
        until: expiresAt,
        expiresAt: env.expiresAt,
      });
      return { id, url: env.callbackUrl(printToken({ run: run.run, id, secret })), expiresAt: until };
    },
    async look(id) {
      const found = await getCallback(table, run.run, id);
      if (found === undefined) return undefined;
      const { until: expiresAt, posted } = found;
      return posted === undefined ? { expiresAt } : { expiresAt, posted: { payload: posted.payload } };
    },
    list: () => listCallbacks(table, run.run),
  };
}
