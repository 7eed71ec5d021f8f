import {
  apiConfig,
  instanceOfTokenInfoResponse,
  instanceOfTokenResponse,
  instanceOfUserInviteResponse,
  instanceOfUserProfileExtendedResponse,
  instanceOfUserProfileResponse,
  instanceOfUserRoleResponse,
  PublicApi,
  ResponseError,
} from '@humanitec/autogen';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';

/** The generated client of the published Humanitec API, with another base URL and token, over real HTTP. */
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: LocalServer;
/** As came over the wire: the client drops what its types do not know, and checks nothing. */
let heard: unknown;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startLocalServer({ data: folder.path });
});
afterAll(async () => {
  await server?.stop('SIGTERM');
  await folder?.remove();
});

function clientOf(token: string): PublicApi {
  return new PublicApi(apiConfig({ apiHost: server.url, token })).withPostMiddleware(async ({ response }) => {
    const text = await response.clone().text();
    heard = text === '' ? undefined : JSON.parse(text);
  });
}

function expectShape(judge: (value: object) => boolean): void {
  const values: readonly unknown[] = Array.isArray(heard) ? heard : [heard];
  expect(values.length).toBeGreaterThan(0);
  for (const value of values) expect(typeof value === 'object' && value !== null && judge(value)).toBe(true);
}

const statusOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    error => (error instanceof ResponseError ? error.response.status : Promise.reject(error)),
  );

const orgId = 'demo';
const appId = 'hello';
const envType = 'development';

test('users, roles and tokens are looked after with the client of Humanitec', async () => {
  const api = clientOf(ADMIN_TOKEN);
  await api.getCurrentUser();
  expectShape(instanceOfUserProfileExtendedResponse);

  const { id: userId } = await api.createServiceUserInOrg({
    orgId,
    NewServiceUserRequest: { name: 'ci', role: 'member' },
  });
  expect(userId).toMatch(/^s-/);
  expectShape(instanceOfUserProfileResponse);
  expect((await api.listUserRolesInOrg({ orgId })).map(user => user.id)).toContain(userId);
  expectShape(instanceOfUserRoleResponse);
  expect(await api.getUserRoleInOrg({ orgId, userId })).toMatchObject({ role: 'member', type: 'service' });

  const { token } = await api.createUserToken({ userId, TokenDefinitionRequest: { id: 'ci', type: 'static' } });
  expectShape(instanceOfTokenResponse);
  const service = clientOf(token);
  expect(await statusOf(service.listPipelines({ orgId, appId }))).toBe(403);
  await api.createUserRoleInApp({ orgId, appId, UserRoleRequest: { id: userId, role: 'viewer' } });
  expectShape(instanceOfUserRoleResponse);
  expect(await statusOf(service.listPipelines({ orgId, appId }))).toBe('done');
  await api.updateUserRoleInApp({ orgId, appId, userId, RoleRequest: { role: 'developer' } });
  expect(await api.getUserRoleInApp({ orgId, appId, userId })).toMatchObject({ role: 'developer' });
  expect((await api.listUserRolesInApp({ orgId, appId })).map(user => user.id)).toContain(userId);

  await api.createUserRoleInEnvType({ orgId, envType, UserRoleRequest: { id: userId, role: 'deployer' } });
  expect((await api.listUserRolesInEnvType({ orgId, envType })).map(user => user.id)).toContain(userId);
  await api.deleteUserRoleInEnvType({ orgId, envType, userId });
  await api.deleteUserRoleInApp({ orgId, appId, userId });
  expect(await statusOf(service.listPipelines({ orgId, appId }))).toBe(403);
  await api.updateUserRoleInOrg({ orgId, userId, RoleRequest: { role: 'orgViewer' } });
  expect(await statusOf(service.listPipelines({ orgId, appId }))).toBe('done');

  expect((await api.listUserTokens({ userId })).map(each => each.id)).toEqual(['ci']);
  expectShape(instanceOfTokenInfoResponse);
  await api.getUserToken({ userId, tokenId: 'ci' });
  await api.deleteUserToken({ userId, tokenId: 'ci' });
  expect(await statusOf(service.getCurrentUser())).toBe(401);
  await api.deleteUserRoleInOrg({ orgId, userId });
  expect(await statusOf(api.getUserRoleInOrg({ orgId, userId }))).toBe(404);
});

test('somebody is invited with the client of Humanitec', async () => {
  const api = clientOf(ADMIN_TOKEN);
  const [invited] = await api.createInviteInOrg({
    orgId,
    UserInviteRequestRequest: { email: 'ada@example.com', role: 'member' },
  });
  expectShape(instanceOfUserRoleResponse);
  expect((await api.listInvitesInOrg({ orgId })).map(each => each.user_id)).toEqual([invited?.id]);
  expectShape(instanceOfUserInviteResponse);
});
