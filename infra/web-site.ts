import { fileURLToPath } from 'node:url';
import { Duration, Fn, Names, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { responseHeaders } from './web-site/response-headers.ts';
import { WebFiles } from './web-site/web-files.ts';

export type WebDomain = {
  readonly domainName: string;
  /** Of us-east-1, where CloudFront looks for it, whatever the region of the stack. */
  readonly certificate: ICertificate;
};

/** What a deployment may say of its web UI. */
export type WebSiteChoices = {
  /** Another name than the API's. Default: the name that CloudFront makes. */
  readonly domain?: WebDomain;
  /** ARN of a web ACL of WAF, of us-east-1. Default: none. */
  readonly webAcl?: string;
};

export type WebSiteProps = WebSiteChoices & {
  /** Of the HTTP API, without a slash at the end. */
  readonly apiUrl: string;
  readonly logRetention: RetentionDays;
  /** Of the bucket. */
  readonly removalPolicy: RemovalPolicy;
};

/**
 * Of the answers that CloudFront keeps without being told to, those that it can be told not to.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const CACHED_ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

/**
 * The web UI and the API on one origin: `/ui/` from a bucket that CloudFront alone reads, everything else from the HTTP API. So
 * the pages need no CORS, and their policy allows no other origin.
 */
export class WebSite extends Construct {
  readonly distribution: Distribution;
  readonly bucket: Bucket & IBucket;
  /** Where people find the UI, without a slash at the end; API calls work there too. */
  readonly url: string;
  /** With a domain: what its record in the DNS points to. */
  readonly domainTarget?: string;

  constructor(scope: Construct, id: string, props: WebSiteProps) {
    super(scope, id);
    const { apiUrl, domain, webAcl, logRetention, removalPolicy } = props;
    if (apiUrl === `https://${domain?.domainName}`) {
      throw new Error(`${domain?.domainName} is the name of the API; the web UI needs one of its own`);
    }
    // as: CDK declares `isWebsite` of its class otherwise than of the interface that it implements
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
    }) as Bucket & IBucket;
    const pages = this.#pages();
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'Pipecall: web UI and API',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        // https://<host>
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', apiUrl)), {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        }),
        // A token that was sent without TLS is lost: a redirect would hide that.
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // Query and headers, `Authorization` too; the host is API Gateway's own, which it finds the API by.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
      additionalBehaviors: { '/': pages, '/ui': pages, '/ui/*': pages },
      // Else it keeps them ten seconds whatever the answer says of caching, for everybody: what is not there yet, or not for
      // one caller, would not be there for another.
      errorResponses: CACHED_ERRORS.map(httpStatus => ({ httpStatus, ttl: Duration.seconds(0) })),
      ...(domain !== undefined && {
        domainNames: [domain.domainName],
        certificate: domain.certificate,
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
      ...(webAcl !== undefined && { webAclId: webAcl }),
    });
    this.url = `https://${domain?.domainName ?? this.distribution.distributionDomainName}`;
    if (domain !== undefined) this.domainTarget = this.distribution.distributionDomainName;
    new WebFiles(this, 'Files', { bucket: this.bucket, logRetention });
    this.#acknowledge();
  }

  #pages(): BehaviorOptions {
    const edge = new EdgeFunction(this, 'ViewerRequest', {
      comment: 'Pipecall: which file an address of the web UI is',
      code: FunctionCode.fromFile({ filePath: fileURLToPath(new URL('web-site/viewer-request.js', import.meta.url)) }),
      runtime: FunctionRuntime.JS_2_0,
    });
    // Names of CloudFront are the account's, and CDK's have no region in them: the same stack in two would not do.
    const name = `${Stack.of(this).region}-${Names.uniqueResourceName(this, { maxLength: 40 })}`;
    const originAccessControl = new S3OriginAccessControl(this, 'Reader', { originAccessControlName: name });
    return {
      origin: S3BucketOrigin.withOriginAccessControl(this.bucket, { originAccessControl }),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      // By the cache-control of each file: assets for ever, the page never without asking.
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: responseHeaders(this, 'Headers', name),
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: edge }],
    };
  }

  #acknowledge(): void {
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the files of the web UI, which are the same for everybody; CloudFront alone may read them.',
    });
    Validations.of(this.distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'Where people may work from is for the deployment to say, with webAcl.' },
      {
        id: 'AwsSolutions-CFR2',
        reason: 'A web ACL is for the deployment to give (webAcl); the API asks every caller for a token.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          'The HTTP API logs each request without what callers wrote; a log of CloudFront would hold paths and queries.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason: 'With a domain TLS 1.2 is asked for; on a name of CloudFront its certificate cannot be told to.',
      },
    );
  }
}
