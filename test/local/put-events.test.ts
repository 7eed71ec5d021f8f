import { expect, test } from 'vitest';
import { answerPutEvents, PUT_EVENTS } from '../../local/put-events.ts';
import type { Bus, BusEvent } from '../../src/ports/bus.ts';

function open(): { readonly bus: Bus; readonly came: BusEvent[] } {
  const came: BusEvent[] = [];
  return {
    came,
    bus: {
      put: async events => {
        came.push(...events);
        return events.map((_, index) => ({ id: `id-${index}` }));
      },
    },
  };
}

const ENTRY = { Source: 'com.example.shop', DetailType: 'OrderPlaced', Detail: '{"id":"o-1"}' };
const put = (bus: Bus, Entries: unknown, own = false) =>
  answerPutEvents(bus, PUT_EVENTS, JSON.stringify({ Entries }), { own });

test('takes what the SDK sends', async () => {
  const { bus, came } = open();
  const answer = await put(bus, [{ ...ENTRY, Resources: ['r'], Time: 1_893_456_000, EventBusName: 'any' }]);
  expect(answer).toEqual({ status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: 'id-0' }] } });
  expect(came).toEqual([
    {
      source: 'com.example.shop',
      detailType: 'OrderPlaced',
      detail: { id: 'o-1' },
      resources: ['r'],
      time: Date.UTC(2030, 0, 1),
    },
  ]);
});

const deep = `${'{"a":'.repeat(1_100)}1${'}'.repeat(1_100)}`;

test.each([
  ['no source', { ...ENTRY, Source: undefined }, 'InvalidArgument'],
  ['no type', { ...ENTRY, DetailType: '' }, 'InvalidArgument'],
  ['a detail that is no JSON', { ...ENTRY, Detail: '{' }, 'MalformedDetail'],
  ['a detail that is no object', { ...ENTRY, Detail: '[]' }, 'MalformedDetail'],
  ['a detail that is no text', { ...ENTRY, Detail: {} }, 'MalformedDetail'],
  ['a detail that is too deep', { ...ENTRY, Detail: deep }, 'MalformedDetail'],
  ["a source of AWS's", { ...ENTRY, Source: 'aws.ec2' }, 'NotAuthorizedForSourceException'],
  ['our own source', { ...ENTRY, Source: 'pipecall' }, 'NotAuthorizedForSourceException'],
  ['a time that is none', { ...ENTRY, Time: 'soon' }, 'InvalidArgument'],
  ['resources that are none', { ...ENTRY, Resources: [1] }, 'InvalidArgument'],
  ['no map', 'text', 'InvalidArgument'],
])('refuses %s, and puts the others', async (_, entry, ErrorCode) => {
  const { bus, came } = open();
  expect(await put(bus, [ENTRY, entry, ENTRY])).toMatchObject({
    status: 200,
    body: { FailedEntryCount: 1, Entries: [{ EventId: 'id-0' }, { ErrorCode }, { EventId: 'id-1' }] },
  });
  expect(came).toHaveLength(2);
});

test('lets the product itself put what is its own', async () => {
  const { bus, came } = open();
  await put(bus, [{ ...ENTRY, Source: 'pipecall' }], true);
  expect(came).toHaveLength(1);
});

test.each([
  ['another operation', 'AWSEvents.PutRule', '{"Entries":[{}]}', 'UnknownOperationException'],
  ['no operation', undefined, '{"Entries":[{}]}', 'UnknownOperationException'],
  ['no JSON', PUT_EVENTS, '{', 'ValidationException'],
  ['no entries', PUT_EVENTS, '{"Entries":[]}', 'ValidationException'],
  ['no list', PUT_EVENTS, '{}', 'ValidationException'],
])('refuses %s as a whole', async (_, target, body, __type) => {
  const { bus } = open();
  expect(await answerPutEvents(bus, target, body, { own: false })).toMatchObject({ status: 400, body: { __type } });
});
