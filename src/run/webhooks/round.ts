import type { WebhookPath } from '../../store/keys.ts';
import { type Round, sendAllDue, webhooksToLookAt } from './send.ts';
import type { Webhooks } from './webhooks.ts';

/** Webhooks at the same time. Each has attempts of its own, so one whose receiver hangs keeps no other waiting. */
const WIDTH = 50;

/** Sends all that is due for all webhooks. */
export async function sendEverythingDue(deps: Webhooks, round: Round): Promise<void> {
  const webhooks = webhooksToLookAt(deps);
  const work = async (): Promise<void> => {
    for (;;) {
      const { value: path, done } = await webhooks.next();
      if (done === true) return;
      await sendOrReport(deps, path, round);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
}

/** Trouble with one is no trouble of the others. */
export async function sendOrReport(deps: Webhooks, path: WebhookPath, round: Round): Promise<void> {
  try {
    await sendAllDue(deps, path, round);
  } catch (error) {
    deps.report(`what is due for webhook '${path.webhook}' of app '${path.app}' is left to the next round`, error);
  }
}
