import { expect, test } from 'vitest';
import { readSettings } from '../../infra/settings.ts';

const DEFAULTS = {
  stackName: 'Pipecall',
  retentionDays: 90,
  allowEgress: [],
  allowedActions: {},
  eventSenders: [],
  invokable: [],
  removalPolicy: 'retain',
  logRetention: 30,
  logLevel: 'info',
  canary: true,
};
const read = (given: Readonly<Record<string, unknown>>) => readSettings(name => given[name]);

test.each([
  {},
  { stackName: 'Pipecall-test' },
  { retentionDays: 30 },
  { removalPolicy: 'destroy' },
  { logRetention: 7, logLevel: 'debug', canary: false },
  { existingTable: 'Pipecall-restored' },
  {
    domainName: 'api.example.com',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1b2c',
    alarmsTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
  },
  {
    egressVpc: 'vpc-0123456789abcdef0',
    egressSubnets: ['subnet-0123456789abcdef0', 'subnet-1a2b3c4d'],
    egressSecurityGroups: ['sg-1a2b3c4d'],
  },
  { allowEgress: ['10.0.0.0/8', 'fd00::/8', '192.168.1.1'] },
  {
    invokable: [
      'arn:aws:lambda:eu-west-1:123456789012:function:notify',
      'arn:aws:lambda:eu-west-1:123456789012:function:a:live',
    ],
  },
])('$0', settings => {
  // On the command line everything is text; in cdk.json it may be what it is.
  const text = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  expect(read(text)).toEqual({ ...DEFAULTS, ...settings });
  expect(read(settings)).toEqual({ ...DEFAULTS, ...settings });
});

test.each([
  ['stackName', '1st'],
  ['stackName', 'two words'],
  ['stackName', 'x'.repeat(68)],
  ['retentionDays', '0'],
  ['retentionDays', '1.5'],
  ['retentionDays', 'forever'],
  ['eventSenders', '*'],
  ['eventSenders', '12345'],
  ['eventSenders', 'arn:aws:iam::123456789012:root'],
  ['eventSenders', 'arn:aws:s3:::bucket'],
  ['removalPolicy', 'keep'],
  ['logRetention', '31'],
  ['logRetention', '9999'],
  ['logLevel', 'warn'],
  ['canary', 'no'],
  ['existingTable', 'a/b'],
  ['domainName', 'https://api.example.com'],
  ['certificateArn', 'arn:aws:iam::123456789012:server-certificate/a'],
  ['alarmsTopicArn', 'alarms'],
  ['egressVpc', 'main'],
  ['egressVpc', 'vpc-1a'],
  ['egressSubnets', ''],
  ['egressSecurityGroups', 'subnet-1a2b3c4d'],
  ['invokable', '*'],
  ['invokable', 'arn:aws:lambda:eu-west-1:123456789012:function:*'],
  ['allowEgress', 'localhost'],
  ['allowedActions', 'jobs'],
  ['allowedActions', '*'],
  ['allowedActions', 'arn:aws:s3:::bucket'],
  ['allowedActions', 'arn:aws:iam::123456789012:user/me'],
  ['allowedActions', 'arn:aws:*:eu-west-1:123456789012:jobs'],
  ['allowedActions', 'arn:aws:ecs:eu-west-1:123456789012:cluster/main'],
  ['allowEgress', '10.0.0.0/33'],
  ['allowEgress', '10.0.0.0/8/8'],
  ['allowEgress', 'fe80::1%eth0'],
  ['allowEgress', '10.0.0.0/8, 300.1.1.1'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(`${name} is '${value}'; it must be`);
});

test('targets of actions are sorted by what they are', () => {
  const [queue, topic] = ['arn:aws:sqs:eu-west-1:123456789012:jobs', 'arn:aws:sns:eu-west-1:123456789012:news-*'];
  expect(read({ allowedActions: `${queue}, ${topic}` }).allowedActions).toEqual({ queues: [queue], topics: [topic] });
});

test('all mistakes are told at once', () => {
  expect(() => read({ removalPolicy: 'maybe', retentionDays: '-1' })).toThrow(/retentionDays.*removalPolicy/);
});

test.each([
  [{ domainName: 'api.example.com' }, 'domainName and certificateArn go together'],
  [{ egressSubnets: 'subnet-1a2b3c4d' }, 'egressVpc and egressSubnets go together'],
  [{ egressSecurityGroups: 'sg-1a2b3c4d' }, 'egressSecurityGroups is nothing without egressVpc'],
])('%j: half of something is refused', (given, says) => {
  expect(() => read(given)).toThrow(says);
});
