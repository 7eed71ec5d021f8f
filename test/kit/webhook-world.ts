import { createDeliverWebhooksHandler } from '../../functions/deliver-webhooks/deliver-webhooks-handler.ts';
import { createVault } from '../../local/vault.ts';
import { createHttpClient, type HttpClientOptions } from '../../src/actions/clients/http-client.ts';
import type { JsonObject } from '../../src/json.ts';
import type { BusEvent } from '../../src/ports/bus.ts';
import type { Table } from '../../src/ports/table.ts';
import type { Webhooks } from '../../src/run/webhooks/webhooks.ts';
import { openWorld, type Person, VAULT_KEY, type World } from './api-world.ts';
import { type Received, verified } from './webhook-receiver.ts';

/** What the bus hands over. */
export const deliveredBy = ({ source, detailType, detail }: BusEvent, id = 'event-1'): JsonObject => ({
  ...{ version: '0', id, 'detail-type': detailType, source, account: '111122223333' },
  ...{ time: '2030-01-01T00:00:00Z', region: 'eu-central-1', resources: [], detail },
});

const SHOP = '/orgs/acme/apps/shop/webhooks';

/** The API and who delivers webhooks, on one table and clock; receivers are on loopback, and time is the test's. */
export async function openWebhookWorld(options: Partial<HttpClientOptions> & { readonly timeout?: number } = {}) {
  const vault = createVault(VAULT_KEY);
  const told: BusEvent[] = [];
  const world: World = await openWorld({ vault, tell: async events => void told.push(...events) });
  const reports: string[] = [];
  const { timeout = 60_000, ...egress } = options;
  const http = createHttpClient({ allowEgress: ['127.0.0.0/8'], ...egress });
  const report = (message: string, error: unknown) => reports.push(`${message}: ${String(error)}`);
  const depsOn = (table: Table): Webhooks => {
    const reading = { table, clock: world.clock, report };
    return { ...reading, ids: world.ids, vault, http, timeout };
  };
  const deps = depsOn(world.table);
  /** `table`: instead of the world's, for whoever dies on the way. */
  const handle = (event: JsonObject, table: Table = world.table): Promise<void> =>
    createDeliverWebhooksHandler(depsOn(table))(event);
  const send = (method: string, path: string, body?: unknown, as: Person = 'admin') =>
    world.client({ method, path: SHOP + path, token: world.tokens[as], ...(body === undefined ? {} : { body }) });
  let events = 0;
  return {
    ...world,
    deps,
    told,
    reports,
    handle,
    send,
    /** Adds a webhook; answers its secret. */
    async add(id: string, url: string, more: object = {}): Promise<string> {
      const answer = await send('POST', '', { id, url, ...more });
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.json.secret;
    },
    /** An event of a run of `acme/shop`, as the bus hands it over. */
    runEvent(status = 'succeeded', more: JsonObject = {}): JsonObject {
      events += 1;
      const run = world.ids.ordered();
      const at = new Date(world.clock.now()).toISOString();
      const place = { org_id: 'acme', app_id: 'shop', pipeline_id: 'deploy', run_id: run, at, event_depth: 0 };
      const rest = { pipeline_version: run, status_message: '', trigger: 'pipeline_call', env_ids: [] };
      const people = { created_by: 'somebody', run_as: 'somebody' };
      const detail = { id: `${run}/${status}`, ...place, ...rest, ...people, status, ...more };
      return deliveredBy({ source: 'pipecall', detailType: 'Pipeline Run Status Change', detail }, `event-${events}`);
    },
    /** As every minute. */
    round: (table?: Table) => handle({ source: 'aws.events', 'detail-type': 'Scheduled Event' }, table),
    /** Lets those who were told on the bus do their part. */
    async hearTold(): Promise<void> {
      for (const event of told.splice(0)) await handle(deliveredBy(event));
    },
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers without a type for each
    async deliveries(id: string, query = ''): Promise<readonly any[]> {
      const answer = await send('GET', `/${id}/deliveries${query}`);
      if (answer.status !== 200) throw new Error(answer.text);
      return answer.json;
    },
    /** As it was judged when it came. */
    verifiedAt: (secret: string, received: Received | undefined): unknown => {
      if (received === undefined) throw new Error('nothing was received');
      return verified(secret, received, Number(received.headers['webhook-timestamp']) * 1_000);
    },
    verified: (secret: string, received: Received | undefined): unknown => {
      if (received === undefined) throw new Error('nothing was received');
      return verified(secret, received, world.clock.now());
    },
  };
}

export type WebhookWorld = Awaited<ReturnType<typeof openWebhookWorld>>;
