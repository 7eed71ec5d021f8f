import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Ids only: what cannot be one stays out of the log, for a secret may have been put there by mistake. */
const PLACE = /^\/orgs\/(?<org>[a-z0-9-]{1,50})(?:\/apps\/(?<app>[a-z0-9-]{1,50}))?(?:\/|$)/;

/** What the lines of a request are known by: its id, which its answer carries too, and where it goes. */
export function aboutRequest({ requestContext, rawPath }: APIGatewayProxyEventV2): Readonly<Record<string, string>> {
  const { org, app } = PLACE.exec(rawPath)?.groups ?? {};
  return {
    requestId: requestContext.requestId,
    ...(org === undefined ? {} : { org }),
    ...(app === undefined ? {} : { app }),
  };
}
