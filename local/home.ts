import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnEventHandler } from '../functions/on-event/on-event-handler.ts';
import { createOnStatusHandler, type OnStatusHandler } from '../functions/on-status/on-status-handler.ts';
import { createParkRunHandler } from '../functions/park-run/park-run-handler.ts';
import { createReconcileHandler, type ReconcileHandler } from '../functions/reconcile/reconcile-handler.ts';
import { createRunJobsHandler } from '../functions/run-jobs/run-jobs-handler.ts';
import { createHttpClient } from '../src/actions/clients/http-client.ts';
import { createJq } from '../src/actions/clients/jq.ts';
import { createActionOf } from '../src/actions/registered.ts';
import { actions } from '../src/actions/registry.ts';
import { createBatches } from '../src/api/artefacts/batches.ts';
import { createStartCalled } from '../src/api/call-run.ts';
import { systemClock } from '../src/aws/clock.ts';
import { systemIds } from '../src/aws/ids.ts';
import { logLine } from '../src/aws/log.ts';
import type { Meter } from '../src/aws/meter.ts';
import { isForPipelines, isForWebhooks } from '../src/events/delivered-event.ts';
import type { Json } from '../src/json.ts';
import { checkInputs } from '../src/language/check-inputs.ts';
import type { Bus, BusEvent } from '../src/ports/bus.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { ExecutionInput, Executions } from '../src/ports/executions.ts';
import type { Ids } from '../src/ports/ids.ts';
import type { Table } from '../src/ports/table.ts';
import type { Vault } from '../src/ports/vault.ts';
import { createDefinitions, type Definitions } from '../src/run/definitions.ts';
import type { Parking } from '../src/run/park-run.ts';
import { callbackUrl, runUrl } from '../src/run/run-url.ts';
import { areListenedTo, createTell, type Tell, tellKept } from '../src/run/tell.ts';
import { type BusTarget, type LocalBus, openBus } from './bus.ts';
import { type Ground, openEmbedded } from './embedded.ts';
import { createInvoke } from './invoke.ts';
import { keptVaultKey } from './kept-secret.ts';
import { openStandInAws, type StandInAws } from './stand-in-aws.ts';
import type { HistoryEvent } from './step-functions/history.ts';
import { createStateMachine, type StateMachine } from './step-functions/state-machine.ts';
import { createVault } from './vault.ts';
import { createLocalWebhooks, type LocalWebhooks } from './webhooks.ts';

export type HomeOptions = {
  /** Folder of the data; it must be there. */
  readonly folder: string;
  /** Folder with the modules of registered actions. */
  readonly actions?: string;
  /** CIDRs that the egress guard lets through. */
  readonly allowEgress: readonly string[];
  /** Days that the records of a run are kept after its end. */
  readonly retentionDays: number;
  /** Where callers reach the API; known once the gateway listens. */
  readonly publicUrl: () => string;
  /** Table and executions through the AWS SDK against loopback endpoints, counted by the meter. */
  readonly sdk?: { readonly meter: Meter };
  readonly report: (message: string, error: unknown) => void;
  /** Keep the history of every execution in memory, as Step Functions keeps it. Default: no. */
  readonly history?: boolean;
  /** What steps reach of AWS. Absent: nothing. */
  readonly aws?: StandInAws;
  /** Default: that of the computer. */
  readonly clock?: Clock;
};

/** Everything behind the gateway, on one machine. */
export type Home = {
  readonly table: Table;
  readonly executions: Executions;
  readonly definitions: Definitions;
  readonly vault: Vault;
  /** What the product puts its events on. */
  readonly bus: Bus;
  readonly tell: Tell;
  /** The same bus, as whoever holds it sees it: it delivers once it is started. */
  readonly localBus: LocalBus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly reconcile: ReconcileHandler;
  /** They are served once they are started. */
  readonly webhooks: LocalWebhooks;
  /** What EventBridge tells of the status of something that a step has started. */
  readonly onStatus: OnStatusHandler;
  /** Of the execution of a run; empty unless it is kept. */
  history(run: string): readonly HistoryEvent[];
  close(): Promise<void>;
};

const MACHINE_FILE = new URL('../infra/pipeline-run.asl.json', import.meta.url);

/** The placeholders of the machine file, as CDK fills them in with ARNs. */
const FUNCTIONS = { RunJobsArn: 'run-jobs', ParkRunArn: 'park-run' } as const;

export async function openHome(options: HomeOptions): Promise<Home> {
  const { clock = systemClock } = options;
  const definitionText = Object.entries(FUNCTIONS).reduce(
    (text, [placeholder, name]) => text.replaceAll(`\${${placeholder}}`, name),
    await readFile(MACHINE_FILE, 'utf8'),
  );
  const jq = createJq();
  const invoke = createInvoke(options.actions, options.report);
  let handlers: Readonly<Record<string, (payload: Json) => Promise<unknown>>> = {};
  const meter = options.sdk?.meter;
  const machine: StateMachine = createStateMachine(definitionText, {
    // The functions need the table and the executions, which need the machine: they are there before anything starts.
    functions: Object.fromEntries(
      Object.values(FUNCTIONS).map(name => [name, payload => call(handlers, name, payload, options.report)]),
    ),
    clock,
    ids: systemIds,
    history: options.history === true,
    ...(meter === undefined ? {} : { onTransition: () => meter.transition(), onInvocation: () => meter.invocation() }),
  });
  const ground = await openGround(options, machine);
  const definitions = createDefinitions(ground.table, actions);
  // With `--sdk` too: a stand-in for KMS would have to keep its key in the data folder all the same.
  const vault = createVault(await keptVaultKey(options.folder));
  const core = {
    table: ground.table,
    executions: ground.executions,
    clock,
    ids: systemIds,
    definitions,
    retentionDays: options.retentionDays,
    // It is called by the bus, by runs and by requests, so there is one by then.
    tell: (events: readonly BusEvent[]) => tell(events),
  };
  const batches = createBatches({ ...core, log: entry => options.report(entry.message, entry.stack ?? entry) });
  const onEvent = createOnEventHandler({
    ...core,
    settleBatch: batches.settleBatch,
    vault,
    log: ({ level, message, ...fields }) => {
      if (level !== 'info') logLine(level, message, fields);
    },
  });
  const http = createHttpClient({ allowEgress: options.allowEgress });
  const reading = { table: ground.table, clock, report: options.report };
  const webhooks = createLocalWebhooks({
    ...reading,
    ids: systemIds,
    vault,
    http,
  });
  const counted =
    (target: BusTarget): BusTarget =>
    event => {
      meter?.invocation();
      return target(event);
    };
  const localBus = openBus({
    file: join(options.folder, 'bus.sqlite'),
    clock,
    ids: systemIds,
    targets: {
      'on-event': counted(onEvent),
      'deliver-webhooks': counted(webhooks.target),
    },
    rules: { 'on-event': isForPipelines, 'deliver-webhooks': isForWebhooks },
    report: options.report,
  });
  const bus = await openBusOf(options, localBus);
  const telling = { bus: bus.bus, table: ground.table, clock, report: options.report };
  const tell = createTell(telling);
  const runJobs = createRunJobsHandler({
    settleBatch: batches.settleBatch,
    startCalled: createStartCalled({
      ...core,
      vault,
      log: entry => options.report(entry.message, entry.stack ?? entry),
    }),
    actionOf: createActionOf(invoke, checkInputs),
    callbackUrl: token => callbackUrl(options.publicUrl(), token),
    ...core,
    vault,
    actions,
    clients: {
      http,
      jq,
      ...(options.aws === undefined ? {} : { aws: openStandInAws(options.aws) }),
    },
    maxParallelJobs: 20,
    urlOf: path => runUrl(options.publicUrl(), path),
    report: options.report,
    // A process that is killed is invoked again by nobody. With `--sdk` what AWS is charged for is counted: there it is as there.
    ...(options.sdk === undefined ? { closesWhenTold: path => areListenedTo(telling, path) } : {}),
  });
  const parkRun = createParkRunHandler(ground.table, ground.executions);
  // What arrives is what the machine file sends: as at the border of Lambda, its shape is a promise of that file.
  handlers = {
    [FUNCTIONS.RunJobsArn]: payload =>
      runJobs(payload as unknown as ExecutionInput, { getRemainingTimeInMillis: remainingOf(clock) }),
    [FUNCTIONS.ParkRunArn]: payload => parkRun(payload as unknown as Parking),
  };
  return {
    table: ground.table,
    executions: ground.executions,
    definitions,
    vault,
    bus: bus.bus,
    localBus,
    webhooks,
    clock,
    ids: systemIds,
    reconcile: createReconcileHandler({
      ...ground,
      ...batches,
      clock,
      retentionDays: options.retentionDays,
      report: options.report,
      tell,
      tellKept: () => tellKept(telling),
    }),
    tell,
    onStatus: createOnStatusHandler(ground.table, ground.executions),
    history: run => machine.history(run),
    async close() {
      await bus.close();
      await localBus.close();
      await webhooks.close();
      machine.close();
      await jq.close();
      await invoke.close();
      await ground.close();
    },
  };
}

async function openGround(options: HomeOptions, machine: StateMachine): Promise<Ground> {
  if (options.sdk === undefined) return openEmbedded(options.folder, machine);
  // Loaded only when asked for: the AWS SDK takes longer to load than all of the product.
  const { openSdk } = await import('./sdk/open-sdk.ts');
  return openSdk(options.folder, machine, options.sdk.meter);
}

/** With `--sdk` what the product puts goes through the AWS SDK and a loopback endpoint to the same bus. */
async function openBusOf(
  { sdk }: HomeOptions,
  localBus: LocalBus,
): Promise<{ readonly bus: Bus; close(): Promise<void> }> {
  if (sdk === undefined) return { bus: localBus, close: () => Promise.resolve() };
  const { serveEventBridge } = await import('./sdk/event-bridge.ts');
  return serveEventBridge(localBus, sdk.meter);
}

/** Milliseconds; as in Lambda, so that an invocation hands over before the machine file's own time-out of RunJobs ends it. */
const INVOCATION_LIMIT = 900_000;

function remainingOf(clock: Clock): () => number {
  const began = clock.now();
  return () => began + INVOCATION_LIMIT - clock.now();
}

async function call(
  handlers: Readonly<Record<string, (payload: Json) => Promise<unknown>>>,
  name: string,
  payload: Json,
  report: HomeOptions['report'],
): Promise<unknown> {
  const handler = handlers[name];
  if (handler === undefined) throw new Error(`the machine calls '${name}', which is no function`);
  try {
    return await handler(payload);
  } catch (error) {
    // The machine tries again; what went wrong would be known to nobody.
    report(`${name} failed`, error);
    throw error;
  }
}
