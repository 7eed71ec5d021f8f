import { cancelRun } from '../../src/run/cancel-run.ts';
import type { Next } from '../../src/run/invocation.ts';
import type { RunPath } from '../../src/store/keys.ts';
import type { OwnEngine } from './engine.ts';
import type { InFlight } from './in-flight.ts';

/** What plays the state machine, and lets time pass as it does. */
export type Moving = {
  /** One invocation of RunJobs. */
  turn(path: RunPath, own?: Parameters<OwnEngine['invoke']>[1]): Promise<Next>;
  /** Invokes again when what is waited for has come. `between`: while the run is parked. */
  finish(path: RunPath, between?: (turn: number) => unknown): Promise<void>;
  cancel(path: RunPath): Promise<void>;
};

export function createMoving(engine: OwnEngine, { settled }: InFlight): Moving {
  const { clock, table, executions } = engine;
  const turn: Moving['turn'] = (path, own = {}) => settled(engine.invoke(path, own));
  return {
    turn,
    async finish(path, between = () => undefined) {
      for (let count = 0; count < 50; count++) {
        const next = await turn(path);
        if (next.next === 'done') return;
        await between(count);
        // A run that was signalled meanwhile is not left waiting.
        if (next.next === 'park' && (await engine.run(path)).signal === next.signal) {
          await clock.advance(next.seconds * 1_000);
        }
      }
      throw new Error('The run never came to an end.');
    },
    cancel: async path =>
      void (await cancelRun({ table, executions, clock, retentionDays: 90, report: () => undefined }, path)),
  };
}
