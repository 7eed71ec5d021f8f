import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { afterAll, describe, expect, test } from 'vitest';
import { WebSite, type WebSiteProps } from '../../infra/web-site.ts';
import { createWebSite } from '../../local/web-site.ts';
import { SECURITY_HEADERS } from '../../web/security-headers.ts';
import { resourcesOf, type Template } from './synthesize.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/one';
const outdir = mkdtempSync(join(tmpdir(), 'pipecall-web-site-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Without the build of the web UI, which other tests run. */
function synthesize(more: (stack: Stack) => Partial<WebSiteProps> = () => ({})) {
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'Web');
  new WebSite(stack, 'WebSite', {
    apiUrl: 'https://abc123.execute-api.eu-central-1.amazonaws.com',
    logRetention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.RETAIN,
    ...more(stack),
  });
  const template = app.synth().getStackArtifact(stack.artifactId).template as Template; // as: CDK types it as any
  return { app, template };
}

const { app, template } = synthesize();

// biome-ignore lint/suspicious/noExplicitAny: a template is looked into by path
function only(type: string): Readonly<Record<string, any>> {
  const [found, ...more] = Object.values(resourcesOf(template, type));
  expect(more, type).toEqual([]);
  expect(found, type).toBeDefined();
  return found ?? {};
}

test('both packs of cdk-nag find nothing', () => {
  for (const pack of [new AwsSolutionsChecks(app), new ServerlessChecks(app)]) {
    expect(pack.validateScope(app).violations).toEqual([]);
  }
});

test('the bucket is private, encrypted and reached by TLS only', () => {
  expect(only('AWS::S3::Bucket')).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  const statements: readonly Record<string, unknown>[] = only('AWS::S3::BucketPolicy').PolicyDocument.Statement;
  const allowed = statements.filter(statement => statement.Effect === 'Allow');
  expect(allowed).toMatchObject([
    {
      Action: 's3:GetObject',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Resource: '<WebSiteBucket.Arn>/*',
      Condition: { StringEquals: { 'AWS:SourceArn': expect.stringContaining(':distribution/<WebSiteDistribution>') } },
    },
  ]);
  const denied = statements.filter(statement => statement.Effect === 'Deny').map(statement => statement.Condition);
  expect(denied).toContainEqual({ Bool: { 'aws:SecureTransport': 'false' } });
});

test('the API is behind it as it is: every method, nothing cached, everything forwarded but the host', () => {
  const { DefaultCacheBehavior: api, Origins: origins } = only('AWS::CloudFront::Distribution').DistributionConfig;
  expect(api).toMatchObject({
    AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
    ViewerProtocolPolicy: 'https-only',
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html CachingDisabled
    CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    // …/using-managed-origin-request-policies.html AllViewerExceptHostHeader
    OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
  });
  expect(origins).toContainEqual(
    expect.objectContaining({
      Id: api.TargetOriginId,
      DomainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
      CustomOriginConfig: expect.objectContaining({ OriginProtocolPolicy: 'https-only' }),
    }),
  );
});

test('no error is kept at the edge: what is there now is there for everybody', () => {
  const { CustomErrorResponses: kept } = only('AWS::CloudFront::Distribution').DistributionConfig;
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
  const codes = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];
  expect(kept).toEqual(codes.map(ErrorCode => ({ ErrorCode, ErrorCachingMinTTL: 0 })));
});

test('the name of the API is not for the web UI too', () => {
  const both = () =>
    synthesize(stack => ({
      apiUrl: 'https://ci.example.com',
      domain: {
        domainName: 'ci.example.com',
        certificate: Certificate.fromCertificateArn(stack, 'Other', CERTIFICATE),
      },
    }));
  expect(both).toThrow('ci.example.com is the name of the API; the web UI needs one of its own');
});

test('the pages come from the bucket, by the function and with the headers', () => {
  const { CacheBehaviors: behaviors, Origins: origins } = only('AWS::CloudFront::Distribution').DistributionConfig;
  expect(behaviors.map((behavior: { readonly PathPattern: string }) => behavior.PathPattern)).toEqual([
    '/',
    '/ui',
    '/ui/*',
  ]);
  for (const behavior of behaviors) {
    expect(behavior).toMatchObject({
      ViewerProtocolPolicy: 'redirect-to-https',
      ResponseHeadersPolicyId: '<WebSiteHeaders>',
      FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: '<WebSiteViewerRequest.FunctionARN>' }],
    });
    const origin = origins.find((one: { readonly Id: string }) => one.Id === behavior.TargetOriginId);
    expect(origin.DomainName).toBe('<WebSiteBucket.RegionalDomainName>');
    expect(origin.OriginAccessControlId).toBe('<WebSiteReader.Id>');
  }
});

test('the headers are those of the table, and stay with TLS', () => {
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = only(
    'AWS::CloudFront::ResponseHeadersPolicy',
  ).ResponseHeadersPolicyConfig;
  const sent = {
    'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy,
    'x-content-type-options': security.ContentTypeOptions.Override ? 'nosniff' : '',
    'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
    ...Object.fromEntries(custom.Items.map((item: { Header: string; Value: string }) => [item.Header, item.Value])),
  };
  expect(sent).toEqual(SECURITY_HEADERS);
  expect(security.StrictTransportSecurity).toMatchObject({ AccessControlMaxAgeSec: 31_536_000 });
});

test('what puts the files there may do that and nothing else', () => {
  const policies = Object.entries(resourcesOf(template, 'AWS::IAM::Policy'));
  const statements = policies.flatMap(([, policy]) => {
    const { Statement } = policy.PolicyDocument as {
      readonly Statement: readonly { Action: unknown; Resource: unknown }[];
    };
    return Statement.map(({ Action, Resource }) => ({ Action, Resource }));
  });
  expect(statements).toEqual([
    { Action: 's3:GetObject', Resource: expect.stringMatching(/^arn:<AWS::Partition>:s3:::.*\/[0-9a-f]{64}\.zip$/) },
    { Action: ['s3:ListBucket', 's3:GetBucketTagging'], Resource: '<WebSiteBucket.Arn>' },
    { Action: ['s3:PutObject', 's3:DeleteObject'], Resource: '<WebSiteBucket.Arn>/ui/*' },
    { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '<PipecallWebFilesLogs.Arn>' },
  ]);
});

test('the assets come before the page that names them, and old ones stay', () => {
  const deployments = Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === 'Custom::CDKBucketDeployment',
  );
  const [assets, page] = deployments;
  expect(assets?.[1].Properties).toMatchObject({
    Include: ['assets/*'],
    Prune: false,
    DestinationBucketKeyPrefix: 'ui',
  });
  expect(assets?.[1].Properties.SystemMetadata).toEqual({ 'cache-control': 'public, max-age=31536000, immutable' });
  expect(page?.[1]).toMatchObject({
    Properties: { Include: ['index.html'], Prune: false, SystemMetadata: { 'cache-control': 'no-cache' } },
    DependsOn: expect.arrayContaining([assets?.[0]]),
  });
});

test('a domain and a web ACL are taken', () => {
  const named = synthesize(stack => ({
    domain: {
      domainName: 'ci.example.com',
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE),
    },
    webAcl: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/one/id',
  })).template;
  expect(Object.values(resourcesOf(named, 'AWS::CloudFront::Distribution'))).toMatchObject([
    {
      DistributionConfig: {
        Aliases: ['ci.example.com'],
        ViewerCertificate: { AcmCertificateArn: CERTIFICATE, MinimumProtocolVersion: 'TLSv1.2_2021' },
        WebACLId: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/one/id',
      },
    },
  ]);
});

describe('which file an address is, at the edge and on a local server', () => {
  const code = readFileSync(new URL('../../infra/web-site/viewer-request.js', import.meta.url), 'utf8');
  const atEdge = (uri: string) => runInNewContext(`${code}; handler(${JSON.stringify({ request: { uri } })})`);
  const PAGE = '/ui/index.html';

  test.each([
    ['/', '-> /ui/'],
    ['/ui', '-> /ui/'],
    ['/ui/', PAGE],
    ['/ui/orgs/demo/apps/hello/pipelines', PAGE],
    ['/ui/orgs/demo/apps/hello/access/values/a.b', PAGE],
    ['/ui/../etc/passwd', PAGE],
    ['/ui/assets/index-abc.js', '/ui/assets/index-abc.js'],
    ['/ui/assets/nothing', '/ui/assets/nothing'],
  ])('%s', async (uri, expected) => {
    const { headers, uri: file } = atEdge(uri);
    expect(file ?? `-> ${headers.location.value}`).toBe(expected);
    const local = await createWebSite('/nowhere').answer(uri, {});
    // Nothing is built in that folder: the page says so (503), a file is not there (404).
    const told = local?.status === 302 ? `-> ${local.headers.location}` : { 503: PAGE, 404: uri }[local?.status ?? 0];
    expect(told).toBe(expected);
  });
});
