import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { resourcesOf, synthesize } from './synthesize.ts';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:on-call';
const { app, template } = synthesize({
  domainName: 'pipelines.example.com',
  certificateArn: CERTIFICATE,
  alarmsTopicArn: TOPIC,
  egressVpc: 'vpc-1a2b3c4d',
  egressSubnets: ['subnet-1a2b3c4d', 'subnet-5e6f7a8b'],
  egressSecurityGroups: ['sg-1a2b3c4d'],
});

test('a deployment by settings alone uses what is there by its ids', () => {
  expect(Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::DomainName'))).toMatchObject([
    {
      DomainName: 'pipelines.example.com',
      DomainNameConfigurations: [{ CertificateArn: CERTIFICATE }],
    },
  ]);
  expect(template.Outputs).toMatchObject({ ApiUrl: { Value: 'https://pipelines.example.com' }, DomainTarget: {} });
  expect(resourcesOf(template, 'AWS::Lambda::Function').PipelineRunRunJobsFunction?.VpcConfig).toEqual({
    SubnetIds: ['subnet-1a2b3c4d', 'subnet-5e6f7a8b'],
    SecurityGroupIds: ['sg-1a2b3c4d'],
  });
  for (const { AlarmActions } of Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'))) {
    expect(AlarmActions).toEqual([TOPIC]);
  }
  expect(Object.keys(resourcesOf(template, 'AWS::EC2::VPC'))).toEqual([]);
});

test('cdk-nag has nothing to say to it', () => {
  for (const pack of [new AwsSolutionsChecks(app), new ServerlessChecks(app)]) {
    expect(pack.validateScope(app).violations, pack.name).toEqual([]);
  }
});
