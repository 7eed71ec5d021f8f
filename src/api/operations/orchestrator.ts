import {
  getOrchestrator as getSetting,
  type OrchestratorRecord,
  orchestratorTenant,
  putOrchestrator,
  deleteOrchestrator as removeSetting,
} from '../../store/orchestrator.ts';
import { readJsonObject } from '../body.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { makeEntity, replyEntity } from '../render/entity.ts';
import { isRefusal, NO_CONTENT, NOT_FOUND, refuse } from '../reply.ts';
import { isText, readTextField } from '../text-field.ts';
import { formatTime } from '../time.ts';

/** Shorter ones would be masked in every log line that holds them by chance. */
const SHORTEST_TOKEN = 8;

export const getOrchestrator =
  ({ table }: ApiDependencies): Operation<'getOrchestrator'> =>
  async ({ params: { org } }) => {
    const setting = await getSetting(table, org);
    return setting === undefined ? NOT_FOUND : replyEntity(200, render(setting));
  };

export const setOrchestrator =
  ({ table, clock, vault }: ApiDependencies): Operation<'setOrchestrator'> =>
  async ({ request, caller, params: { org }, audit }) => {
    const body = readJsonObject(request, ['base_url', 'token']);
    if (isRefusal(body)) return body;
    const given = readTextField(body.value, 'base_url', { most: 2_048 });
    if (!isText(given)) return given;
    const token = readTextField(body.value, 'token', { least: SHORTEST_TOKEN, most: 8_192 });
    if (!isText(token)) return token;
    const baseUrl = baseUrlOf(given);
    if (baseUrl === undefined) {
      const wanted = 'an http or https URL without user name, query and fragment, like https://api.humanitec.io';
      return refuse('INVALID_BODY', `'base_url' has to be ${wanted}.`);
    }
    // A header could not carry it.
    if (!/^[\x21-\x7e]*$/.test(token)) {
      return refuse('INVALID_BODY', "'token' holds a space, a line break or a character that is not ASCII.");
    }
    audit({ base_url: baseUrl });
    const sealed = await vault.seal(orchestratorTenant(org), token);
    const setting: OrchestratorRecord = { baseUrl, sealed, updatedAt: clock.now(), updatedBy: caller.id };
    await putOrchestrator(table, org, setting);
    return replyEntity(200, render(setting));
  };

export const deleteOrchestrator =
  ({ table }: ApiDependencies): Operation<'deleteOrchestrator'> =>
  async ({ params: { org } }) =>
    (await removeSetting(table, org)) ? NO_CONTENT : NOT_FOUND;

/** Without slashes at its end; undefined: it is none. */
function baseUrlOf(text: string): string | undefined {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return undefined;
  const { protocol, username, password, href } = new URL(text);
  const plain = ['http:', 'https:'].includes(protocol) && username === '' && password === '';
  return plain ? href.replace(/\/+$/, '') : undefined;
}

const render = ({ baseUrl, updatedAt, updatedBy }: OrchestratorRecord) =>
  makeEntity(JSON.stringify({ base_url: baseUrl, updated_at: formatTime(updatedAt), updated_by: updatedBy }));
