import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { OWN_SOURCE } from '../../src/events/delivered-event.ts';
import { resourcesOf, synthesize } from './synthesize.ts';

const { template } = synthesize();
const SENDERS = ['111122223333', 'arn:aws:iam::444455556666:role/ci'];

test('every event on the bus reaches the function, and what it cannot take is kept', () => {
  const rules = Object.entries(resourcesOf(template, 'AWS::Events::Rule')).flatMap(([name, rule]) =>
    name.startsWith('Events') ? [rule] : [],
  );
  const deadLetters = '<EventsDeadLetters.Arn>';
  expect(rules).toMatchObject([
    {
      EventBusName: '<EventsBus>',
      State: 'ENABLED',
      EventPattern: { source: [{ prefix: '' }] },
      Targets: [
        {
          Arn: '<EventsOnEventLive>',
          DeadLetterConfig: { Arn: deadLetters },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ],
    },
  ]);
  const invocations = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
  expect(invocations.filter(({ FunctionName }) => FunctionName === '<EventsOnEventFunction>')).toMatchObject([
    { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: deadLetters } } },
  ]);
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
        Condition: { 'ForAllValues:StringNotEquals': { 'events:source': [OWN_SOURCE] } },
      },
    },
  ]);
  expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
});
