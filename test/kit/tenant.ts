import { putApproval } from '../../src/store/approvals.ts';
import { putRefusedStart } from '../../src/store/refused-starts.ts';
import type { ApiAnswer } from './api-client.ts';
import { smallPipeline, type World } from './api-world.ts';

/** One of everything that an org can have, and what stands for it in a path: by the name of the placeholder. */
export type Tenant = {
  /** Of its administrator. */
  readonly token: string;
  readonly params: Readonly<Record<string, string>>;
};

/** What stands for a placeholder of a path; where nothing does, the placeholder stays, and no id is like that. */
export const fillPath = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => params[name] ?? placeholder);

export const paramsOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

type Names = { readonly app: string; readonly envType: string; readonly name: string };

/** Made through the API by the administrator of the org. Ids begin with `name`, so that no other tenant has them. */
export async function furnish(world: World, org: string, token: string, names: Names): Promise<Tenant> {
  const { app, envType, name } = names;
  const send = async (path: string, body: unknown, more: object = {}): Promise<ApiAnswer> => {
    const answer = await world.client({ method: 'POST', path: `/orgs/${org}${path}`, body, token, ...more });
    // Some of it a world has from the start.
    if (answer.status > 299 && answer.status !== 409) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  const ids = {
    pipeline: `${name}-pipeline`,
    env: `${name}-env`,
    key: `${name}_key`,
    token: `${name}-token`,
    webhook: `${name}-hook`,
  };
  const job = `${name}_job`;
  await send('/env-types', { id: envType });
  await send('/apps', { id: app, name: app });
  await send(`/apps/${app}/envs`, { id: ids.env, name, type: envType });
  await send(`/apps/${app}/values`, { key: ids.key, value: 'x' });
  const called = smallPipeline(ids.pipeline).replace('  only:', `  ${job}:`);
  const definition = called.replace('pipeline_call:', 'pipeline_call:\n  deployment_request:');
  const pipelines = `/apps/${app}/pipelines`;
  const pipeline = await send(pipelines, definition, { headers: { 'content-type': 'application/x-yaml' } });
  const run = await send(`${pipelines}/${ids.pipeline}/runs`, { inputs: {} });
  const wanted = { trigger: 'deployment_request', env_id: ids.env };
  const criterion = await send(`${pipelines}/${ids.pipeline}/criteria`, wanted);
  const group = await send('/groups', { name, role: 'member' });
  const user = await send('/users', { name, role: 'member' });
  await send(`/groups/${group.json.id}/users`, { id: user.json.id });
  await send(`/apps/${app}/users`, { id: user.json.id, role: 'viewer' });
  await send(`/env-types/${envType}/users`, { id: user.json.id, role: 'deployer' });
  await send('/invitations', { email: `${name}@example.com`, role: 'member' });
  const path = `/users/${user.json.id}/tokens`;
  const made = await world.client({ method: 'POST', path, body: { id: ids.token, type: 'static' }, token });
  if (made.status !== 200) throw new Error(`${path}: ${made.status} ${made.text}`);
  const approval = world.ids.uuid();
  await putApproval(world.table, {
    ...{ org, app, pipeline: ids.pipeline, run: run.json.id, job, id: approval, envId: ids.env },
    ...{ message: name, minApprovals: 1, allowSelf: true },
    createdAt: world.clock.now(),
    expiresAt: Math.ceil(world.clock.now() / 1_000) + 86_400,
  });
  const action = `${name}-action`;
  const schema = { type: 'object' };
  const target = { module: action };
  const registered = { name: action, description: name, inputs: schema, outputs: schema, mode: 'request', target };
  await send('/actions', registered);
  const version = pipeline.json.version;
  await send(`/apps/${app}/webhooks`, { id: ids.webhook, url: `https://example.com/${name}` });
  const delivery = await send(`/apps/${app}/webhooks/${ids.webhook}/test`, {});
  const refusedStart = world.ids.ordered().replace(/-[0-9a-f](?=[0-9a-f]{3}-[0-9a-f]{12}$)/, '-8');
  await putRefusedStart(
    world.table,
    {
      ...{ org, app, pipeline: ids.pipeline, id: refusedStart, kind: 'event', code: 'FORBIDDEN', message: name },
      ...{ createdAt: world.clock.now(), eventId: name, eventSource: 'com.example', eventType: 'Any' },
    },
    {
      version: '0',
      id: name,
      source: 'com.example',
      'detail-type': 'Any',
      account: '111122223333',
      time: '2030-01-01T00:00:00Z',
      detail: {},
    },
    Math.ceil(world.clock.now() / 1_000) + 86_400,
  );
  const params = { org, app, envType, job, step: '0', run: run.json.id, group: group.json.id, user: user.json.id };
  return {
    token,
    params: {
      ...params,
      ...ids,
      version,
      approval,
      action,
      criterion: criterion.json.id,
      refusedStart,
      delivery: delivery.json.id,
    },
  };
}
