import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createBus } from '../src/aws/bus.ts';
import type { Bus } from '../src/ports/bus.ts';

/** Milliseconds: what the bus does not take in time is kept and put again, and no run waits for it for long. */
const TIMES = { connectionTimeout: 3_000, requestTimeout: 5_000 };

/** A file of its own, so that a function can load the client of EventBridge when it needs it. */
export const openBus = (busName: string): Bus =>
  createBus({ client: new EventBridgeClient({ requestHandler: TIMES }), busName });
