import type { Units } from './shapes.ts';

/**
 * USD per million units, us-east-1 list prices (November 2026): HTTP API requests, Step Functions Standard transitions, Lambda
 * requests and GB-seconds (arm64 is cheaper still), DynamoDB on-demand write and read request units, custom events of
 * EventBridge.
 * https://aws.amazon.com/api-gateway/pricing/ https://aws.amazon.com/step-functions/pricing/
 * https://aws.amazon.com/eventbridge/pricing/ https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
const PRICE = {
  request: 1.0,
  transition: 25,
  invocation: 0.2,
  gigabyteSecond: 16.67,
  writeUnit: 0.625,
  readUnit: 0.125,
  event: 1.0,
};

/** Assumed, as no Lambda function can be timed here: 0.03 s at 0.5 GB for the API, 0.06 s at 1 GB for RunJobs. */
const GIGABYTE_SECONDS = 0.03 * 0.5 + 0.06;

/** USD per million runs. */
export function priceOf(units: Units): number {
  return (
    PRICE.request +
    PRICE.transition * units.transitions +
    PRICE.invocation * units.invocations +
    PRICE.gigabyteSecond * GIGABYTE_SECONDS +
    PRICE.writeUnit * units.writeUnits +
    PRICE.readUnit * units.readUnits +
    PRICE.event * units.events
  );
}
