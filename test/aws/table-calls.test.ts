import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalDynamoDb, localClient } from '../../local/sdk/dynamodb.ts';
import { createMeter } from '../../src/aws/meter.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Write } from '../../src/ports/table.ts';
import { startDynalite, TABLE_NAME } from '../kit/dynamodb.ts';

/** How the adapter calls DynamoDB: seen, and meddled with, in the client between it and a real engine. */
describe('the calls of the table adapter', () => {
  let server: LocalDynamoDb;
  let client: DynamoDBClient;
  const pauses: number[] = [];
  const clock = { sleep: async (ms: number) => void pauses.push(ms) };

  beforeAll(async () => {
    server = await startDynalite();
  });
  afterAll(() => server.close());
  afterEach(() => {
    client.destroy();
    pauses.length = 0;
  });

  type Call = { readonly name: string; readonly input: Record<string, unknown> };
  type Answer = Record<string, unknown>;

  /** `meddle` stands for the way to the engine: it may change the call, answer itself, or change the answer. */
  function tableWith(meddle: (call: Call, send: (input: Call['input']) => Promise<Answer>) => Promise<Answer>) {
    client = localClient(server.endpoint);
    client.middlewareStack.add(
      (next, { commandName }) =>
        async args => {
          const send = async (input: object): Promise<Answer> => {
            const { output } = await next({ ...args, input });
            return { ...output };
          };
          const input = args.input as Call['input']; // as: the input of a command, whichever it is
          return { response: {}, output: (await meddle({ name: `${commandName}`, input }, send)) as never }; // as: see above
        },
      { step: 'initialize' },
    );
    return createTable({ client, tableName: TABLE_NAME, meter: createMeter(), clock, random: () => 0.5 });
  }

  const puts = (pk: string, count: number) => {
    return Array.from({ length: count }, (_, n) => ({ put: { pk, sk: String(n).padStart(3, '0') } }));
  };

  it('writes again what a batch left over, with growing pauses', async () => {
    const sizes: number[] = [];
    const table = tableWith(async ({ name, input }, send) => {
      if (name !== 'BatchWriteItemCommand') return send(input);
      const all = (input.RequestItems as Record<string, unknown[]>)[TABLE_NAME] ?? []; // as: what the adapter sends
      sizes.push(all.length);
      const answer = await send({ ...input, RequestItems: { [TABLE_NAME]: all.slice(0, 10) } });
      return { ...answer, UnprocessedItems: all.length > 10 ? { [TABLE_NAME]: all.slice(10) } : {} };
    });
    expect(await table.writeInOrder([puts('left-over', 25)])).toHaveLength(25);
    expect(sizes).toEqual([25, 15, 5]);
    expect(pauses).toEqual([50, 100]);
    expect((await table.query({ pk: 'left-over' })).items).toHaveLength(25);
  });

  it('reads again what a batch left over', async () => {
    const sizes: number[] = [];
    const table = tableWith(async ({ name, input }, send) => {
      if (name !== 'BatchGetItemCommand') return send(input);
      const { Keys, ...rest } = (input.RequestItems as Record<string, { Keys: unknown[] }>)[TABLE_NAME] ?? { Keys: [] }; // as: what the adapter sends
      sizes.push(Keys.length);
      const answer = await send({ ...input, RequestItems: { [TABLE_NAME]: { ...rest, Keys: Keys.slice(0, 4) } } });
      return { ...answer, UnprocessedKeys: Keys.length > 4 ? { [TABLE_NAME]: { Keys: Keys.slice(4) } } : {} };
    });
    const items = puts('read-again', 9).map(({ put }) => put);
    await table.writeInOrder([items.map(put => ({ put }))]);
    expect(await table.getMany(items)).toEqual(items);
    expect(sizes).toEqual([9, 5, 1]);
    expect(pauses).toEqual([50, 100]);
  });

  it('gives up on a batch that is left over again and again, and says how much', async () => {
    let calls = 0;
    const table = tableWith(async ({ input }) => {
      calls += 1;
      return { UnprocessedItems: input.RequestItems };
    });
    await expect(table.writeInOrder([puts('given-up', 3)])).rejects.toThrow(
      `BatchWriteItem on ${TABLE_NAME} left 3 of 3 entries over after 8 tries`,
    );
    expect(calls).toBe(8);
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200]);
  });

  it('reads what stands there when a refusal does not bring it', async () => {
    const seen: string[] = [];
    const table = tableWith(async ({ name, input }, send) => {
      seen.push(name);
      return send({ ...input, ReturnValuesOnConditionCheckFailure: undefined });
    });
    const put = { pk: 'refused', sk: 'a', owner: 1 };
    await table.write({ put });
    const when: Write['when'] = [[{ name: 'pk', is: 'absent' }]];
    expect(await table.write({ put: { ...put, owner: 2 }, when })).toEqual({ done: false, item: put });
    expect(seen).toEqual(['PutItemCommand', 'PutItemCommand', 'GetItemCommand']);
  });

  it('hands on errors that are none of its own', async () => {
    const table = tableWith(({ input }, send) => send({ ...input, TableName: 'another-table' }));
    await expect(table.get({ pk: 'a', sk: 'a' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(table.write({ put: { pk: 'a', sk: 'a' } })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('has at most 25 calls of a group in flight, and all of its answers in order', async () => {
    let [flying, most] = [0, 0];
    const table = tableWith(async ({ input }, send) => {
      most = Math.max(most, ++flying);
      try {
        return await send(input);
      } finally {
        flying -= 1;
      }
    });
    const updates = Array.from({ length: 60 }, (_, n) => ({ update: { pk: 'flying', sk: `${n}` }, set: { n } }));
    const written = await table.writeInOrder([updates]);
    expect(written.map(({ item }) => item?.n)).toEqual(updates.map((_, n) => n));
    expect(most).toBe(25);
  });

  it('fails only when nothing is in flight any more', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const { promise: failed, resolve: fail } = Promise.withResolvers<void>();
    const events: string[] = [];
    const table = tableWith(async ({ input }, send) => {
      if (JSON.stringify(input).includes('broken')) {
        fail();
        throw new Error('broken');
      }
      await gate;
      const answer = await send(input);
      events.push('written');
      return answer;
    });
    const sequence = table.writeInOrder([
      [{ update: { pk: 'flight', sk: 'broken' } }, { update: { pk: 'flight', sk: 'slow' } }],
      [{ update: { pk: 'flight', sk: 'behind' } }],
    ]);
    const told = expect(sequence)
      .rejects.toThrow('broken')
      .then(() => events.push('told'));
    await failed;
    open();
    await told;
    expect(events).toEqual(['written', 'told']);
  });

  it('asks for capacity only when there is a meter', async () => {
    const asked: unknown[] = [];
    tableWith(async ({ input }, send) => {
      asked.push(input.ReturnConsumedCapacity);
      return send(input);
    });
    const every = async (meter?: ReturnType<typeof createMeter>) => {
      const table = createTable({ client, tableName: TABLE_NAME, ...(meter && { meter }) });
      const key = { pk: 'asked', sk: 'a' };
      await table.writeInOrder([[{ put: key }], puts('asked', 2), [{ update: key }], [{ delete: key }]]);
      await table.get(key);
      await table.getMany([key]);
      await table.query({ pk: 'asked' });
    };
    await every();
    expect(asked.splice(0)).toEqual(Array.from({ length: 7 }, () => undefined));
    await every(createMeter());
    expect(asked).toEqual(Array.from({ length: 7 }, () => 'TOTAL'));
  });
});
