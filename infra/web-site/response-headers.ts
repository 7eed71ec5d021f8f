import { Duration } from 'aws-cdk-lib';
import {
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type ResponseHeadersPolicyProps,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { SECURITY_HEADERS } from '../../web/security-headers.ts';

/**
 * The table of `web/security-headers.ts` for CloudFront, which has a place of its own for some of them and refuses these as
 * custom headers. Over TLS comes what would mean nothing on a local server: stay with TLS.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 */
export function responseHeaders(scope: Construct, id: string, name: string): ResponseHeadersPolicy {
  const {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': _nosniff, // its only value, and CloudFront's
    'referrer-policy': referrerPolicy,
    ...others
  } = SECURITY_HEADERS;
  const props: ResponseHeadersPolicyProps = {
    responseHeadersPolicyName: name,
    comment: 'Pipecall: headers of the web UI',
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      referrerPolicy: { referrerPolicy: REFERRER_POLICIES[referrerPolicy], override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override: true })),
    },
  };
  return new ResponseHeadersPolicy(scope, id, props);
}

/** Another value in the table is a compile error here, not another header. */
const REFERRER_POLICIES = {
  'no-referrer': HeadersReferrerPolicy.NO_REFERRER,
} as const satisfies Record<(typeof SECURITY_HEADERS)['referrer-policy'], HeadersReferrerPolicy>;
