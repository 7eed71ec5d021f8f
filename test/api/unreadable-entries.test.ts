import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Key } from '../../src/ports/table.ts';
import {
  actionVersionKey,
  appKey,
  auditKey,
  criterionKey,
  deliveryKey,
  environmentKey,
  envTypeKey,
  invitationKey,
  pipelineKey,
  pipelinePosition,
  pipelinesOfApp,
  pipelinesOfOrg,
  refusedStartKey,
  valueKey,
  versionKey,
} from '../../src/store/keys.ts';
import { getWebhook, pathOfWebhook } from '../../src/store/webhooks.ts';
import { openWorld, type World } from '../kit/api-world.ts';

const ORG = '/orgs/acme';
const SHOP = { org: 'acme', app: 'shop' };
const APP = `${ORG}/apps/shop`;
const PIPELINE = { ...SHOP, pipeline: 'bad' };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const told = () => world.logged.filter(({ message }) => message.includes('cannot be read'));

const good: Readonly<Record<string, () => Promise<unknown>>> = {
  values: () => world.client({ method: 'POST', path: `${APP}/values`, body: { key: 'GOOD', value: 'x' } }),
  environments: () =>
    world.client({ method: 'POST', path: `${APP}/envs`, body: { id: 'good', name: 'Good', type: 'development' } }),
  invitations: () =>
    world.client({ method: 'POST', path: `${ORG}/invitations`, body: { email: 'ann@example.com', role: 'member' } }),
};

const position = {
  gsi1pk: pipelinesOfOrg('acme'),
  gsi1sk: pipelinePosition(1, PIPELINE),
  gsi2pk: pipelinesOfApp(SHOP),
  gsi2sk: pipelinePosition(1, PIPELINE),
};

test.each<readonly [string, string, Key & Readonly<Record<string, string>>, (() => Promise<unknown>) | undefined]>([
  ['apps', `${ORG}/apps`, appKey({ org: 'acme', app: 'bad' }), undefined],
  ['values', `${APP}/values`, valueKey(SHOP, 'BAD'), good.values],
  ['environments', `${APP}/envs`, environmentKey(SHOP, 'bad'), good.environments],
  ['types of environments', `${ORG}/env-types`, envTypeKey('acme', 'bad'), undefined],
  ['invitations', `${ORG}/invitations`, invitationKey('acme', 'bad@example.com'), good.invitations],
  ['pipelines of an app', `${APP}/pipelines`, { ...pipelineKey(PIPELINE), ...position }, undefined],
  ['pipelines of an org', `${ORG}/pipelines`, { ...pipelineKey(PIPELINE), ...position }, undefined],
])('an entry that cannot be read is left out of the list of %s, and told of', async (_, path, bad, put) => {
  await put?.();
  const before = await world.client({ path });
  expect(before.json.length).toBeGreaterThan(0);
  await world.table.write({ put: bad });
  expect(await world.client({ path })).toMatchObject({ status: 200, json: before.json });
  expect(told()).toHaveLength(1);
});

test('an app is shown without those of its environments that cannot be read', async () => {
  await world.table.write({ put: environmentKey(SHOP, 'bad') });
  expect(await world.client({ path: APP })).toMatchObject({ status: 200, json: { envs: [] } });
  expect(told()).toHaveLength(1);
});

test('refused starts: the same', async () => {
  await world.table.write({ put: refusedStartKey(SHOP, '00000000-0000-4000-8000-000000000001') });
  expect(await world.client({ path: `${APP}/refused-starts` })).toMatchObject({ status: 200, json: [] });
  expect(told()).toHaveLength(1);
});

test('versions of a pipeline: the same', async () => {
  const [{ id: version }] = (await world.client({ path: `${APP}/pipelines/deploy/versions` })).json;
  const path = `${APP}/pipelines/deploy/versions`;
  await world.table.write({ update: versionKey({ ...SHOP, pipeline: 'deploy' }, version), set: { resolved: 7 } });
  expect(await world.client({ path })).toMatchObject({ status: 200, json: [] });
  expect(told()).toHaveLength(1);
});

test('registered actions: the same', async () => {
  const action = {
    description: 'x',
    inputs: { type: 'object' },
    outputs: { type: 'object' },
    target: { module: 'notify' },
  };
  for (const name of ['bad', 'good']) {
    const made = await world.client({
      method: 'POST',
      path: `${ORG}/actions`,
      body: { ...action, name, mode: 'request' },
    });
    expect(made.status, made.text).toBe(201);
  }
  await world.table.write({ update: actionVersionKey('acme', 'bad', 1), set: { inputs: 7 } });
  const listed = await world.client({ path: `${ORG}/actions` });
  expect(listed).toMatchObject({ status: 200, json: [{ name: 'good' }] });
  expect(told()).toHaveLength(1);
});

test('deliveries of a webhook: the same', async () => {
  const webhook = { id: 'hook', url: 'https://example.com/' };
  await world.client({ method: 'POST', path: `${APP}/webhooks`, body: webhook });
  const record = await getWebhook(world.table, SHOP, 'hook');
  if (record === undefined) throw new Error('there is one');
  await world.table.write({ put: deliveryKey(pathOfWebhook(record), '00000000-0000-7000-8000-000000000001') });
  expect(await world.client({ path: `${APP}/webhooks/hook/deliveries` })).toMatchObject({ status: 200, json: [] });
  expect(told()).toHaveLength(1);
});

test('the audit log: the same', async () => {
  await world.client({ method: 'POST', path: `${ORG}/apps`, body: { id: 'new', name: 'New' } });
  const before = await world.client({ path: `${ORG}/audit-logs` });
  expect(before.json.length).toBeGreaterThan(0);
  await world.table.write({ put: auditKey('acme', '00000000-0000-7000-8000-000000000001') });
  expect(await world.client({ path: `${ORG}/audit-logs` })).toMatchObject({ status: 200, json: before.json });
  expect(told()).toHaveLength(1);
});

test('criteria: the same', async () => {
  await world.table.write({ put: criterionKey(SHOP, '00000000-0000-4000-8000-000000000001') });
  expect(await world.client({ path: `${APP}/pipeline-criteria` })).toMatchObject({ status: 200, json: [] });
  expect(told()).toHaveLength(1);
});

test('who may read some apps only is not kept from them either', async () => {
  await world.table.write({ update: appKey(SHOP), set: { name: 7 } });
  expect(await world.client({ path: `${ORG}/apps`, token: world.tokens.developer })).toMatchObject({ status: 200 });
  expect(told()).toHaveLength(1);
});

test('what cannot be read can be deleted with its app', async () => {
  await world.client({ method: 'POST', path: `${ORG}/apps`, body: { id: 'gone', name: 'Gone' } });
  const bad = valueKey({ org: 'acme', app: 'gone' }, 'BAD');
  await world.table.write({ put: bad });
  expect(await world.client({ method: 'DELETE', path: `${ORG}/apps/gone` })).toMatchObject({ status: 204 });
  expect(await world.table.get(bad)).toBeUndefined();
});
