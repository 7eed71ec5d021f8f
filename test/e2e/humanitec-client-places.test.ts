import {
  instanceOfApplicationResponse,
  instanceOfEnvironmentResponse,
  instanceOfEnvironmentTypeResponse,
  instanceOfTokenInfoResponse,
  instanceOfTokenResponse,
  instanceOfUserProfileExtendedResponse,
  instanceOfUserProfileResponse,
  instanceOfUserRoleResponse,
  instanceOfValueResponse,
  type PublicApi,
} from '@humanitec/autogen';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HumanitecClient, openHumanitecClient, refused } from '../kit/humanitec-client.ts';

let client: HumanitecClient;
let api: PublicApi;

beforeAll(async () => {
  client = await openHumanitecClient();
  api = client.api;
});

afterAll(() => client?.close());

const orgId = 'demo';

it('drives applications', async () => {
  await api.createApplication({ orgId, ApplicationCreationRequest: { id: 'shop', name: 'Shop' } });
  expect(client.heard().status).toBe(201);
  expect(client.isOne(instanceOfApplicationResponse)).toBe(true);
  expect(await api.getApplication({ orgId, appId: 'shop' })).toMatchObject({ id: 'shop', name: 'Shop', org_id: orgId });
  expect((await api.listApplications({ orgId })).map(app => app.id)).toContain('shop');
  expect(client.isListOf(instanceOfApplicationResponse)).toBe(true);
  expect(
    await refused(api.createApplication({ orgId, ApplicationCreationRequest: { id: 'shop', name: 'Again' } })),
  ).toMatchObject({ status: 409 });
  await api.deleteApplication({ orgId, appId: 'shop' });
  expect(client.heard().status).toBe(204);
  expect(await refused(api.getApplication({ orgId, appId: 'shop' }))).toMatchObject({ status: 404 });
});

it('drives environment types and environments', async () => {
  const place = { orgId, appId: 'hello' };
  const type = await api.createEnvironmentType({ orgId, EnvironmentTypeRequest: { id: 'qa', description: 'Tests' } });
  expect(type).toMatchObject({ id: 'qa', description: 'Tests' });
  expect((await api.listEnvironmentTypes({ orgId })).map(one => one.id)).toContain('qa');
  expect(client.isListOf(instanceOfEnvironmentTypeResponse)).toBe(true);
  const body = { id: 'qa-1', name: 'QA 1', type: 'qa' };
  await api.createEnvironment({ ...place, EnvironmentDefinitionRequest: body });
  expect(client.heard().status).toBe(201);
  expect(client.isOne(instanceOfEnvironmentResponse)).toBe(true);
  expect(await api.getEnvironment({ ...place, envId: 'qa-1' })).toMatchObject(body);
  expect((await api.listEnvironments(place)).map(one => one.id)).toContain('qa-1');
  expect(client.isListOf(instanceOfEnvironmentResponse)).toBe(true);
  await api.deleteEnvironment({ ...place, envId: 'qa-1' });
  await api.deleteEnvironmentType({ orgId, envTypeId: 'qa' });
  expect(await refused(api.getEnvironmentType({ orgId, envTypeId: 'qa' }))).toMatchObject({ status: 404 });
});

it('drives values, and never reads a secret back', async () => {
  const place = { orgId, appId: 'hello' };
  const plain = await api.orgsOrgIdAppsAppIdValuesPost({
    ...place,
    ValueCreatePayloadRequest: { key: 'REGION', value: 'north', description: 'Where', is_secret: false },
  });
  expect(client.heard().status).toBe(201);
  expect(client.isOne(instanceOfValueResponse)).toBe(true);
  expect(plain).toMatchObject({ key: 'REGION', value: 'north', is_secret: false, source: 'app' });
  await api.orgsOrgIdAppsAppIdValuesPost({
    ...place,
    ValueCreatePayloadRequest: { key: 'PASSWORD', value: 'hunter2', description: '', is_secret: true },
  });
  expect(JSON.stringify(client.heard().body)).not.toContain('hunter2');
  expect((await api.orgsOrgIdAppsAppIdValuesGet(place)).map(value => value.key).sort()).toEqual(
    expect.arrayContaining(['PASSWORD', 'REGION']),
  );
  expect(client.isListOf(instanceOfValueResponse)).toBe(true);
  expect(JSON.stringify(client.heard().body)).not.toContain('hunter2');
  const changed = await api.orgsOrgIdAppsAppIdValuesKeyPatch({
    ...place,
    key: 'REGION',
    ValuePatchPayloadRequest: { value: 'south' },
  });
  expect(changed).toMatchObject({ key: 'REGION', value: 'south', description: 'Where' });
  await api.orgsOrgIdAppsAppIdValuesKeyPut({
    ...place,
    key: 'REGION',
    ValueEditPayloadRequest: { value: 'west', description: 'There', is_secret: false },
  });
  await api.orgsOrgIdAppsAppIdValuesKeyDelete({ ...place, key: 'REGION' });
  expect(client.heard().status).toBe(204);
});

it('drives users, roles and tokens, and a token works', async () => {
  const me = await api.getCurrentUser();
  expect(client.isOne(instanceOfUserProfileExtendedResponse)).toBe(true);
  expect(me.type).toBe('user');

  const robot = await api.createServiceUserInOrg({ orgId, NewServiceUserRequest: { name: 'Robot', role: 'member' } });
  expect(client.isOne(instanceOfUserProfileResponse)).toBe(true);
  expect(robot).toMatchObject({ name: 'Robot', type: 'service' });
  expect((await api.listUserRolesInOrg({ orgId })).map(user => user.id)).toContain(robot.id);
  expect(client.isListOf(instanceOfUserRoleResponse)).toBe(true);

  const token = await api.createUserToken({
    userId: robot.id,
    TokenDefinitionRequest: { id: 'ci', description: 'For CI', type: 'static' },
  });
  expect(client.isOne(instanceOfTokenResponse)).toBe(true);
  expect((await api.listUserTokens({ userId: robot.id })).map(one => one.id)).toEqual(['ci']);
  expect(client.isListOf(instanceOfTokenInfoResponse)).toBe(true);
  expect(JSON.stringify(client.heard().body)).not.toContain(token.token);

  const asRobot = client.as(token.token);
  expect((await asRobot.getCurrentUser()).id).toBe(robot.id);
  const place = { orgId, appId: 'hello' };
  expect(await refused(asRobot.listPipelines(place))).toMatchObject({ status: 403 });
  await api.createUserRoleInApp({ ...place, UserRoleRequest: { id: robot.id, role: 'viewer' } });
  expect(client.isOne(instanceOfUserRoleResponse)).toBe(true);
  expect(await asRobot.listPipelines(place)).toEqual(expect.any(Array));
  await api.updateUserRoleInApp({ ...place, userId: robot.id, RoleRequest: { role: 'developer' } });
  expect(await api.getUserRoleInApp({ ...place, userId: robot.id })).toMatchObject({ id: robot.id, role: 'developer' });
  const type = { orgId, envType: 'development' };
  await api.createUserRoleInEnvType({ ...type, UserRoleRequest: { id: robot.id, role: 'deployer' } });
  expect((await api.listUserRolesInEnvType(type)).map(user => user.id)).toContain(robot.id);
  await api.deleteUserRoleInEnvType({ ...type, userId: robot.id });
  await api.deleteUserRoleInApp({ ...place, userId: robot.id });
  expect(await refused(asRobot.listPipelines(place))).toMatchObject({ status: 403 });
  await api.deleteUserToken({ userId: robot.id, tokenId: 'ci' });
  expect(await refused(asRobot.getCurrentUser())).toMatchObject({ status: 401 });
  await api.deleteUserRoleInOrg({ orgId, userId: robot.id });
  expect(await refused(api.getUserRoleInOrg({ orgId, userId: robot.id }))).toMatchObject({ status: 404 });
});
