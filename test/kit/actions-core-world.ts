import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import type { Clients, JqResult } from '../../src/actions/action.ts';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import type { Table } from '../../src/ports/table.ts';
import type { CoreWorld } from '../fixtures/actions/action-cases-core.ts';
import { recordedTable } from './recorded-table.ts';
import type { Seen } from './stand-in-http.ts';
import { openWhole, type Whole } from './whole-world.ts';

/** The power goes off at the nth write of workers: `before`: it is not done; `after`: it is, and nobody hears of it. */
export type PowerCut = { readonly writes: number; readonly fate: 'before' | 'after' };

export type CoreActionWorld = Whole & {
  /** Where the stand-in server is. */
  readonly where: string;
  /** What it was sent. */
  readonly seen: readonly Seen[];
  /** Everything that was ever written to the table. */
  readonly written: readonly string[];
  /** How many jq filters began. */
  readonly filters: () => number;
  /** What became of what was in flight: requests that were held and given up by who sent them, ends of filters. */
  readonly ends: () => Promise<readonly string[]>;
  /** `settle`, whoever dies on the way. True: somebody did. */
  outlive(during?: () => Promise<void>): Promise<boolean>;
  close(): Promise<void>;
};

const http = createHttpClient({ allowEgress: ['127.0.0.1/32'] });

/** What fails then says so. */
export const POWER_OFF = 'the power is off';

export async function openCoreActionWorld(
  { server }: CoreWorld,
  jq: Clients['jq'],
  cut?: PowerCut,
): Promise<CoreActionWorld> {
  const written: string[] = [];
  const local = recordedTable(written);
  const standIn = await startServer(server);
  const running: Promise<JqResult>[] = [];
  const power = createPower(cut);
  const world = await openWhole({
    table: local,
    workersTable: power.mortal,
    clients: {
      http,
      jq: job => {
        const filter = jq(job);
        running.push(filter);
        return filter;
      },
    },
  });
  return {
    ...world,
    where: standIn.url,
    seen: standIn.seen,
    written,
    filters: () => running.length,
    async ends() {
      const filters = await Promise.all(running);
      return [...(await standIn.givenUp()), ...filters.map(end => (end.ok ? 'DONE' : end.code))];
    },
    async outlive(during) {
      for (;;) {
        try {
          await world.settle(during);
          return power.wasCut();
        } catch (error) {
          if (!String(error).includes(POWER_OFF)) throw error;
          power.on();
        }
      }
    },
    async close() {
      await standIn.close();
      await world.close();
      await local.close();
    },
  };
}

/** From the cut on every write fails, until the power is back; it goes off once. */
function createPower(cut: PowerCut | undefined) {
  let left = cut?.writes ?? Number.POSITIVE_INFINITY;
  let state: 'never cut' | 'off' | 'back' = 'never cut';
  const flow = async <T>(write: () => Promise<T>): Promise<T> => {
    if (state === 'never cut' && left-- <= 0) {
      state = 'off';
      if (cut?.fate === 'after') await write();
    }
    if (state === 'off') throw new Error(POWER_OFF);
    return write();
  };
  return {
    mortal: (table: Table): Table => ({
      ...table,
      write: write => flow(() => table.write(write)),
      writeInOrder: groups => flow(() => table.writeInOrder(groups)),
    }),
    wasCut: () => state !== 'never cut',
    on: () => {
      state = 'back';
    },
  };
}

/** Answers everything alike. */
async function startServer(answers: CoreWorld['server'] = { status: 200, json: {} }) {
  const seen: Seen[] = [];
  const held: Promise<string>[] = [];
  const server = createServer((request, response) => {
    void readText(request).then(body => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, path: url, headers, body });
      if (answers === 'holds') {
        held.push(new Promise(resolve => response.once('close', () => resolve('GIVEN_UP'))));
        return;
      }
      const [status, type, said] =
        answers === 'echoes'
          ? [200, 'application/json', JSON.stringify({ url, headers, body })]
          : 'text' in answers
            ? [answers.status, answers.type, answers.text]
            : [answers.status, 'application/json', JSON.stringify(answers.json)];
      response.writeHead(status, { 'content-type': type });
      response.end(said);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    givenUp: () => Promise.all(held),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
