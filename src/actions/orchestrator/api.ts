import type { ActionContext, Json, JsonObject } from '../action.ts';
import { type Ask, ask, askAll, isMap, type Provider, textOf } from '../remote/provider.ts';
import { mapped, type Reply } from '../remote/reply.ts';

/** The Platform Orchestrator API: https://developer.humanitec.com/platform-orchestrator/reference/api-references/ */
export type Orchestrator = {
  /** Of the app of the run; paths begin there. */
  readonly url: (path: string) => string;
  get(path: string): Promise<Reply<Json>>;
  list(path: string): Promise<Reply<readonly JsonObject[]>>;
  /** The exchange is ended in any case: what it makes has to be known. */
  change(method: 'POST' | 'DELETE', path: string, body?: JsonObject): Promise<Reply<Json>>;
  /** Of the org, beyond the app. */
  getOfOrg(path: string): Promise<Reply<Json>>;
};

export function createOrchestrator(context: ActionContext, baseUrl: string, token: string): Orchestrator {
  const provider: Provider = {
    name: 'The orchestrator',
    base: baseUrl,
    headers: { accept: 'application/json', authorization: `Bearer ${token}` },
    limited: ({ status }) => status === 429,
    explain: body => textOf(body ?? null, 'message') || textOf(body ?? null, 'error'),
    codeOf,
  };
  const org = `/orgs/${context.place.org}`;
  const app = `${org}/apps/${context.place.app}`;
  const send = async (asked: Ask) => mapped(await ask(context, provider, asked), ({ body }) => body);
  return {
    url: path => `${baseUrl}${app}${path}`,
    get: path => send({ method: 'GET', path: app + path }),
    list: path => askAll(context, provider, app + path, body => body),
    change: (method, path, body) =>
      send({ method, path: app + path, ...(body === undefined ? {} : { body }), unaborted: true }),
    getOfOrg: path => send({ method: 'GET', path: org + path }),
  };
}

function codeOf(status: number): string {
  switch (status) {
    case 400:
    case 422:
      return 'REQUEST_REFUSED';
    case 401:
      return 'AUTHENTICATION_FAILED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 409:
    case 412:
      return 'CONFLICT';
    default:
      return 'PROVIDER_ERROR';
  }
}

/** Something else is going on in the environment: it passes. */
export function patient<T>(reply: Reply<T>): Reply<T> {
  if (reply.kind !== 'refused' || reply.code !== 'CONFLICT') return reply;
  return { kind: 'undone', code: 'CONFLICT', message: reply.message };
}

/** The environment's deployment of this kind, if it has one. */
export function deploymentOf(environment: Json, key: 'last_deploy' | 'from_deploy'): JsonObject | undefined {
  const deployment = isMap(environment) ? environment[key] : undefined;
  return isMap(deployment) && textOf(deployment, 'id') !== '' ? deployment : undefined;
}

/** The set without anything in it. */
const EMPTY_SET = '0';

/** What is deployed in an environment, or would be with its first deployment. */
export function currentSet(environment: Json): string {
  const deployment = deploymentOf(environment, 'last_deploy') ?? deploymentOf(environment, 'from_deploy');
  return textOf(deployment ?? null, 'set_id') || EMPTY_SET;
}

/**
 * The id of what was made, which is the answer or a field of it. An answer without one, or with one that leads elsewhere in
 * a path, is of somebody else, such as a proxy that asks to sign in: nobody knows what was made.
 */
export function madeId(reply: Reply<Json>): Reply<string> {
  if (reply.kind !== 'ok') return reply;
  const id = typeof reply.value === 'string' ? reply.value : textOf(reply.value, 'id');
  if (/^(?!\.+$)[\w.~-]{1,200}$/.test(id)) return { ...reply, value: id };
  return { kind: 'unclear', message: 'The orchestrator answered without the id of what it made.' };
}
