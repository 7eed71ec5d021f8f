import { createApiHandler } from '../functions/api/api-handler.ts';
import { actions } from '../src/actions/registry.ts';
import { createApi } from '../src/api/api.ts';
import { bearerTokens } from '../src/api/authenticate.ts';
import type { Log } from '../src/api/log.ts';
import { subjectOfToken } from '../src/api/tokens.ts';
import { logLine, reportError } from '../src/aws/log.ts';
import type { Meter } from '../src/aws/meter.ts';
import { createMeter } from '../src/aws/meter.ts';
import { busEndpoint } from './bus-endpoint.ts';
import { createGateway } from './gateway.ts';
import { type Home, type HomeOptions, openHome } from './home.ts';
import { keptKeys } from './kept-secret.ts';
import { seedAdministrator, seedExamples } from './seed.ts';
import { ADMINISTRATOR } from './seed-names.ts';
import type { Settings } from './settings.ts';
import { createWebSite } from './web-site.ts';

export type Server = {
  readonly url: string;
  /** Of the administrator. */
  readonly token: string;
  /** What the AWS adapters were charged for; only with `--sdk`. */
  readonly meter?: Meter;
  readonly home: Home;
  close(): Promise<void>;
};

/** Milliseconds between two looks at runs that are not over. */
const RECONCILE_EVERY = 60_000;

/** Milliseconds between two looks at what is due for webhooks; with `--sdk` as in AWS, for what AWS charges is counted. */
const WEBHOOKS_EVERY = 5_000;

/** Opens the data, goes on with every run that is not over, and serves the API on 127.0.0.1. */
export async function serve(settings: Settings, more: Pick<HomeOptions, 'history' | 'clock'> = {}): Promise<Server> {
  const meter = settings.sdk ? createMeter() : undefined;
  let url = '';
  const home = await openHome({
    folder: settings.data,
    allowEgress: settings.allowEgress,
    ...(settings.actions === undefined ? {} : { actions: settings.actions }),
    retentionDays: settings.retentionDays,
    publicUrl: () => url,
    ...(meter === undefined ? {} : { sdk: { meter } }),
    report: reportError,
    ...more,
    ...(settings.awsEndpoint === undefined
      ? {}
      : { aws: { endpoint: settings.awsEndpoint, allowed: settings.allowedActions ?? [] } }),
  });
  const log: Log = ({ level, message, ...fields }) => {
    if (level !== 'info') logLine(level, message, fields);
  };
  const keys = await keptKeys(settings.data);
  // A token of the environment may have any form: it is the administrator's.
  const subjectOf = (text: string): string | undefined =>
    text === settings.adminToken ? ADMINISTRATOR : subjectOfToken(text);
  const api = createApi({
    ...home,
    actions: () => Promise.resolve(actions),
    keys,
    log,
    retentionDays: settings.retentionDays,
    subjectOfToken: subjectOf,
  });
  const seed = { ...home, folder: settings.data, keys };
  const token = await seedAdministrator(seed, settings.adminToken);
  await seedExamples(seed, api, token);
  const apiHandler = createApiHandler(api, log);
  const handler: typeof apiHandler = (event, context) => {
    meter?.invocation();
    return apiHandler(event, context);
  };
  const verifier = bearerTokens({ ...home, now: () => home.clock.now(), key: keys.token, log, subjectOf });
  const gateway = await createGateway({
    handler,
    host: '127.0.0.1',
    port: settings.port,
    own: busEndpoint(home.localBus, verifier),
    site: createWebSite(settings.web),
  });
  url = gateway.url;
  await home.reconcile();
  home.localBus.start();
  const lookAtWebhooks = () =>
    void home.webhooks.round().catch(error => reportError('webhooks are left to the next round', error));
  lookAtWebhooks();
  const webhooks = setInterval(lookAtWebhooks, settings.sdk ? RECONCILE_EVERY : WEBHOOKS_EVERY);
  const timer = setInterval(
    () => void home.reconcile().catch(error => reportError('reconcile failed', error)),
    RECONCILE_EVERY,
  );
  return {
    url,
    token,
    ...(meter === undefined ? {} : { meter }),
    home,
    async close() {
      clearInterval(timer);
      clearInterval(webhooks);
      await gateway.close();
      await home.close();
    },
  };
}
