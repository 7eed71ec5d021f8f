import { afterEach, describe, expect, test } from 'vitest';
import type { Json } from '../../src/json.ts';
import { type Bus, type BusEvent, MAX_EVENT_BYTES, sizeOfEvent } from '../../src/ports/bus.ts';

/** A bus, and what it delivered. */
export type OpenedBus = {
  readonly bus: Bus;
  /** Waits until all that was put has been delivered. */
  delivered(): Promise<readonly Json[]>;
  close(): Promise<void>;
};

const event = (more: Partial<BusEvent> = {}): BusEvent => ({
  source: 'com.example.shop',
  detailType: 'OrderPlaced',
  detail: { id: 'o-1' },
  ...more,
});

/** An event whose size is exactly this. */
function eventOf(bytes: number): BusEvent {
  const empty = event({ detail: { text: '' } });
  return event({ detail: { text: 'x'.repeat(bytes - sizeOfEvent(empty)) } });
}

const BAD: readonly (readonly [title: string, events: readonly BusEvent[]])[] = [
  ['none', []],
  ['eleven', Array.from({ length: 11 }, () => event())],
  ['no source', [event({ source: '' })]],
  ['a source that is too long', [event({ source: 'x'.repeat(257) })]],
  ["a source of AWS's", [event({ source: 'aws.ec2' })]],
  ['no type', [event({ detailType: '' })]],
  ['a type that is too long', [event({ detailType: 'x'.repeat(129) })]],
  ['too much in one', [eventOf(MAX_EVENT_BYTES)]],
  ['too much together', [eventOf(MAX_EVENT_BYTES / 2), eventOf(MAX_EVENT_BYTES / 2)]],
];

/** What every adapter of the port `bus` does. */
export function busContract(open: () => Promise<OpenedBus>): void {
  describe('bus', () => {
    let opened: OpenedBus | undefined;
    afterEach(async () => {
      await opened?.close();
      opened = undefined;
    });
    const openOne = async (): Promise<OpenedBus> => {
      opened = await open();
      return opened;
    };

    test('delivers what was put, in the form that rules see', async () => {
      const { bus, delivered } = await openOne();
      const detail = { text: 'ä ✓ 🔑 "\\', list: [1, null, { deep: true }], none: {} };
      const [result] = await bus.put([
        event({ detail, resources: ['arn:aws:s3:::shop'], time: Date.UTC(2030, 0, 1, 12) }),
      ]);
      expect(await delivered()).toEqual([
        {
          version: '0',
          id: result !== undefined && 'id' in result ? result.id : 'none',
          'detail-type': 'OrderPlaced',
          source: 'com.example.shop',
          account: expect.stringMatching(/^\d{12}$/),
          time: '2030-01-01T12:00:00Z',
          region: expect.any(String),
          resources: ['arn:aws:s3:::shop'],
          detail,
        },
      ]);
    });

    test('answers an id for each of ten, in order, and delivers each', async () => {
      const { bus, delivered } = await openOne();
      const results = await bus.put(Array.from({ length: 10 }, (_, index) => event({ detail: { index } })));
      const ids = results.map(result => ('id' in result ? result.id : ''));
      expect(new Set(ids)).toHaveLength(10);
      const came = (await delivered()) as readonly {
        readonly id: string;
        readonly detail: { readonly index: number };
      }[]; // as: what was put
      expect(new Map(came.map(({ id, detail }) => [detail.index, id]))).toEqual(
        new Map(ids.map((id, index) => [index, id])),
      );
    });

    test('takes as much as may be', async () => {
      const { bus, delivered } = await openOne();
      const large = eventOf(MAX_EVENT_BYTES - 1);
      expect(await bus.put([large])).toEqual([{ id: expect.any(String) }]);
      expect(await delivered()).toMatchObject([{ detail: large.detail }]);
    });

    test('two events that are the same are two', async () => {
      const { bus, delivered } = await openOne();
      await bus.put([event(), event()]);
      expect(await delivered()).toHaveLength(2);
    });

    test.each(BAD)('refuses %s, and delivers nothing of it', async (_, events) => {
      const { bus, delivered } = await openOne();
      await expect(bus.put(events)).rejects.toMatchObject({ name: 'BadEvents' });
      expect(await delivered()).toEqual([]);
    });
  });
}
