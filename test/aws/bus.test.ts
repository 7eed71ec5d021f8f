import { openBus } from '../../local/bus.ts';
import { serveEventBridge } from '../../local/sdk/event-bridge.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { systemIds } from '../../src/aws/ids.ts';
import type { Json } from '../../src/json.ts';
import { busContract } from '../kit/bus-contract.ts';

// The real SDK over its protocol; what it puts comes out of the bus behind the endpoint.
busContract(async () => {
  const came: Json[] = [];
  const behind = openBus({
    file: ':memory:',
    clock: systemClock,
    ids: systemIds,
    targets: { all: async event => came.push(event) },
    report: () => undefined,
  });
  behind.start();
  const endpoint = await serveEventBridge(behind);
  return {
    bus: endpoint.bus,
    delivered: async () => {
      await behind.idle();
      return came;
    },
    async close() {
      await endpoint.close();
      await behind.close();
    },
  };
});
