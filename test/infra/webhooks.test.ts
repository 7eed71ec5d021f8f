import { expect, test } from 'vitest';
import { OWN_SOURCE, WEBHOOKS_KEY } from '../../src/events/delivered-event.ts';
import { deliveryKey, dueDeliveries, webhookKey } from '../../src/store/keys.ts';
import { permissions } from '../fixtures/infra/permissions.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const { template } = synthesize({ allowEgress: ['10.0.0.0/8'] });
const PATH = { org: 'acme', app: 'shop', webhook: 'hook', since: '0' };

test('its own events of apps with webhooks reach the function, and so does every minute', () => {
  const rules = Object.entries(resourcesOf(template, 'AWS::Events::Rule')).filter(([name]) =>
    name.startsWith('Webhooks'),
  );
  expect(rules.map(([, rule]) => rule)).toMatchObject([
    {
      EventBusName: '<EventsBus>',
      EventPattern: { source: [OWN_SOURCE], detail: { [WEBHOOKS_KEY]: [{ exists: true }] } },
      Targets: [{ DeadLetterConfig: { Arn: '<WebhooksDeadLetters.Arn>' }, RetryPolicy: { MaximumRetryAttempts: 185 } }],
    },
    { ScheduleExpression: 'rate(1 minute)', Targets: [{ DeadLetterConfig: { Arn: '<WebhooksDeadLetters.Arn>' } }] },
  ]);
  const failures = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
  expect(failures.filter(({ FunctionName }) => JSON.stringify(FunctionName).includes('WebhooksDeliver'))).toMatchObject(
    [{ DestinationConfig: { OnFailure: { Destination: '<WebhooksDeadLetters.Arn>' } } }],
  );
});

test('the function reaches the keys of webhooks, and those are all that it needs', () => {
  const [, , [, , condition] = []] = permissions.WebhooksDeliverRole ?? [];
  const keys = [webhookKey(PATH, 'hook').pk, deliveryKey(PATH, 'a').pk, dueDeliveries(0)];
  expect(condition).toEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys.map(key => key.replace(/#.*$/, '#*')) },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
});

test('the egress guard of the deployment is that of webhooks too', () => {
  const { Environment } = resourcesOf(template, 'AWS::Lambda::Function').WebhooksDeliverFunction ?? {};
  expect(Environment).toMatchObject({ Variables: { ALLOW_EGRESS: '10.0.0.0/8' } });
});
