import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
const WEB = {
  webDomainName: 'ui.example.com',
  webCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c',
};
const read = readSettings;

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
  {
    webDomainName: 'pipelines.example.com',
    webCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1b2c',
    webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/office_only/1b2c3d4e-1a2b',
  },
  { webSite: false },
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
  ['webSite', 'no'],
  ['webDomainName', 'pipelines'],
  ['webCertificateArn', 'arn:aws:acm:eu-west-1:123456789012:certificate/1b2c'],
  ['webAclArn', 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/office/1b2c'],
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

test.each([
  ['retentionDay', 'retentionDays'],
  ['retention-days', 'retentionDays'],
  ['RetentionDays', 'retentionDays'],
  ['removalPolcy', 'removalPolicy'],
  ['alowEgress', 'allowEgress'],
  ['logLevle', 'logLevel'],
  ['certificate', 'certificateArn'],
  ['webSit', 'webSite'],
])('%s is refused: the setting is called %s', (name, meant) => {
  const wrong = `there is no setting '${name}' (did you mean ${meant}?); the settings are alarmsTopicArn, allowEgress`;
  expect(() => read({ [name]: 'x' })).toThrow(wrong);
});

test('whoever deploys is told in one line, without our code', () => {
  const env = { ...process.env, CDK_CONTEXT_JSON: '{"retentionDay": 3}' };
  const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], { env, encoding: 'utf8' });
  expect(stderr).toMatch(/^the settings of the deployment are wrong: there is no setting 'retentionDay' .*\n$/);
  expect(status).toBe(1);
});

test('a name that is like none is refused too, together with all other mistakes', () => {
  const both = /retentionDays is 'x'.*; there is no setting 'foo'; the settings are alarmsTopicArn, /;
  expect(() => read({ foo: 1, retentionDays: 'x' })).toThrow(both);
});

test('names of CDK are none of ours', () => {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
    readonly context: object;
  };
  const looked = { 'availability-zones:account=123456789012:region=eu-west-1': [], 'acknowledged-issue-numbers': [1] };
  expect(read({ ...context, 'aws:cdk:bundling-stacks': [], ...looked })).toEqual(DEFAULTS);
});

test('targets of actions are sorted by what they are', () => {
  const [queue, topic] = ['arn:aws:sqs:eu-west-1:123456789012:jobs', 'arn:aws:sns:eu-west-1:123456789012:news-*'];
  expect(read({ allowedActions: `${queue}, ${topic}` }).allowedActions).toEqual({ queues: [queue], topics: [topic] });
});

test('a web UI is what there is anyway', () => {
  expect(read({ webSite: 'true' })).toEqual(DEFAULTS);
});

test('all mistakes are told at once', () => {
  expect(() => read({ removalPolicy: 'maybe', retentionDays: '-1' })).toThrow(/retentionDays.*removalPolicy/);
});

test.each([
  [{ domainName: 'api.example.com' }, 'domainName and certificateArn go together'],
  [{ webDomainName: 'ui.example.com' }, 'webDomainName and webCertificateArn go together'],
  [
    { ...WEB, domainName: 'ui.example.com', certificateArn: WEB.webCertificateArn },
    'must be another name than domainName',
  ],
  [{ ...WEB, webSite: 'false' }, 'webDomainName and webAclArn are nothing with webSite=false'],
  [{ egressSubnets: 'subnet-1a2b3c4d' }, 'egressVpc and egressSubnets go together'],
  [{ egressSecurityGroups: 'sg-1a2b3c4d' }, 'egressSecurityGroups is nothing without egressVpc'],
])('%j: half of something is refused', (given, says) => {
  expect(() => read(given)).toThrow(says);
});
