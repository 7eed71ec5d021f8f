import { instanceOfWebhookResponse, instanceOfWebhookUpdateResponse } from '@humanitec/autogen';
import { expect, onTestFinished, test } from 'vitest';
import { openHumanitecClient, refused } from '../kit/humanitec-client.ts';

test('drives webhooks', async () => {
  const client = await openHumanitecClient();
  onTestFinished(() => client.close());
  const { api } = client;
  const place = { orgId: 'demo', appId: 'hello' };
  const hook = { ...place, jobId: 'hook' };
  const triggers = [{ scope: 'pipeline_run', type: 'failed' }];
  const url = 'https://example.com/hook';
  const created = await api.orgsOrgIdAppsAppIdWebhooksPost({ ...place, WebhookRequest: { id: 'hook', url, triggers } });
  expect(client.heard()).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^whsec_/) } });
  expect(client.isOne(instanceOfWebhookResponse)).toBe(true);
  expect(created).toMatchObject({ id: 'hook', url, triggers, disabled: false, headers: {}, payload: {} });
  expect(await api.orgsOrgIdAppsAppIdWebhooksGet(place)).toHaveLength(1);
  expect(client.isListOf(instanceOfWebhookResponse)).toBe(true);
  await api.orgsOrgIdAppsAppIdWebhooksJobIdPatch({ ...hook, WebhookRequest: { disabled: true } });
  expect(client.isOne(instanceOfWebhookUpdateResponse)).toBe(true);
  expect(await api.orgsOrgIdAppsAppIdWebhooksJobIdGet(hook)).toMatchObject({ disabled: true, url });
  // What Standard Webhooks says cannot be said otherwise.
  const WebhookRequest = { headers: { authorization: 'x' } };
  expect(await refused(api.orgsOrgIdAppsAppIdWebhooksJobIdPatch({ ...hook, WebhookRequest }))).toEqual({ status: 400 });
  await api.orgsOrgIdAppsAppIdWebhooksJobIdDelete(hook);
  expect(await refused(api.orgsOrgIdAppsAppIdWebhooksJobIdGet(hook))).toEqual({ status: 404 });
});
