import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../ports/clock.ts';
import type { Meter } from './meter.ts';

/** What every part of the table adapter is handed. */
export type Connection = {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly meter: Meter | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: () => number;
};

type Capacity = ConsumedCapacity | readonly ConsumedCapacity[] | undefined;

/** Spread into a command: capacity is asked for only when it is counted. TOTAL has the units of the indexes in it. */
export function askCapacity({ meter }: Connection): { ReturnConsumedCapacity?: 'TOTAL' } {
  return meter ? { ReturnConsumedCapacity: 'TOTAL' } : {};
}

/** Sends a command through `call` and counts it with the units of its answer. */
export async function counted<Answer extends { ConsumedCapacity?: Capacity }>(
  { meter }: Connection,
  kind: 'read' | 'write',
  name: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  meter?.call(name);
  const answer = await call();
  const units = [answer.ConsumedCapacity ?? []].flat().reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0);
  meter?.[kind](units);
  return answer;
}
