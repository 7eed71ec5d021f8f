import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { isForPipelines, OWN_SOURCE } from '../../src/events/delivered-event.ts';
import { matchesPattern } from '../../src/events/match-pattern.ts';
import type { JsonObject } from '../../src/json.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const { template } = synthesize();
const SENDERS = ['111122223333', 'arn:aws:iam::444455556666:role/ci'];

const rules = Object.entries(resourcesOf(template, 'AWS::Events::Rule')).flatMap(([name, rule]) =>
  name.startsWith('Events') ? [rule] : [],
);

test('what the rules of the bus let through reaches the function, and what it cannot take is kept', () => {
  const deadLetters = '<EventsDeadLetters.Arn>';
  const rule = {
    EventBusName: '<EventsBus>',
    State: 'ENABLED',
    Targets: [
      {
        Arn: '<EventsOnEventLive>',
        DeadLetterConfig: { Arn: deadLetters },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    ],
  };
  expect(rules).toMatchObject([rule, rule]);
  const invocations = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
  expect(invocations.filter(({ FunctionName }) => FunctionName === '<EventsOnEventFunction>')).toMatchObject([
    { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: deadLetters } } },
  ]);
});

test.each([
  ['com.example.shop', {}, 1],
  ['com.example.shop', { pipelines_listen: true }, 1],
  ['', {}, 1],
  ['pipecalls', {}, 1],
  [OWN_SOURCE, {}, 0],
  [OWN_SOURCE, { id: 'x', pipelines_listen: true }, 1],
])('an event of %j with the detail %j meets %i rules, as it does on one machine', (source, detail, count) => {
  const event = { source, detail };
  // as: what CloudFormation is given is JSON
  expect(rules.filter(({ EventPattern }) => matchesPattern(EventPattern as JsonObject, event))).toHaveLength(count);
  expect(isForPipelines(event)).toBe(count === 1);
});

test('the bus may put its dead letters into the queue, and nobody else', () => {
  const policies = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy')).filter(({ Queues }) =>
    JSON.stringify(Queues).includes('<EventsDeadLetters>'),
  );
  expect(policies).toMatchObject([
    {
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: { ArnEquals: { 'aws:SourceArn': expect.stringContaining('EventsOnEveryEvent') } },
          },
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: { ArnEquals: { 'aws:SourceArn': expect.stringContaining('EventsOnOwnEvent') } },
          },
        ],
      },
    },
  ]);
});

test('without named senders the bus has no policy: only who has the right by IAM puts events', () => {
  expect(resourcesOf(template, 'AWS::Events::EventBusPolicy')).toEqual({});
});

test('named senders put events, and none of the source of the product itself', () => {
  const { app, template: open } = synthesize({ eventSenders: SENDERS });
  expect(Object.values(resourcesOf(open, 'AWS::Events::EventBusPolicy'))).toMatchObject([
    {
      EventBusName: '<EventsBus>',
      Statement: {
        Sid: 'cdk-EventSenders',
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Principal: { AWS: ['arn:<AWS::Partition>:iam::111122223333:root', 'arn:aws:iam::444455556666:role/ci'] },
        Resource: '<EventsBus.Arn>',
        Condition: {
          'ForAllValues:StringNotEquals': { 'events:source': [OWN_SOURCE] },
          Null: { 'events:source': 'false' },
        },
      },
    },
  ]);
  expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
});
