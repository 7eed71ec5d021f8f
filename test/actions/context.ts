import type {
  ActionContext,
  Clients,
  HttpExchange,
  HttpResult,
  JqResult,
  LogLevel,
  StepApproval,
} from '../../src/actions/action.ts';

/** 2030-01-01T00:00:00Z: the time at which every case starts. */
export const NOW = Date.UTC(2030, 0, 1);

export type Recorded = {
  readonly lines: (readonly [LogLevel, string])[];
  readonly slept: number[];
  readonly exchanges: HttpExchange[];
  readonly jobs: Parameters<Clients['jq']>[0][];
};

export type ContextOptions = Pick<ActionContext, 'inputs'> &
  Partial<Pick<ActionContext, 'state' | 'signal' | 'approval'>> & {
    /** Milliseconds since `NOW` at the start. */
    readonly at?: number;
    /** What the clients answer; without it they must not be called. */
    readonly httpAnswers?: HttpResult;
    readonly jqAnswers?: JqResult;
    /** Called while the action sleeps. */
    readonly onSleep?: () => void;
  };

const notAsked = (): Promise<never> => Promise.reject(new Error('The action has no business with approvals.'));
const noBusiness = (): Promise<never> => Promise.reject(new Error('The action has no business with that.'));
const NO_APPROVAL: StepApproval = { request: notAsked, look: notAsked, close: notAsked };

/** A context at the contract's border: clients answer what they are told, and everything is written down. */
export function createContext(options: ContextOptions): ActionContext & { readonly recorded: Recorded } {
  const recorded: Recorded = { lines: [], slept: [], exchanges: [], jobs: [] };
  let now = NOW + (options.at ?? 0);
  return {
    inputs: options.inputs,
    place: { org: 'acme', app: 'shop' },
    signal: options.signal ?? new AbortController().signal,
    stepId: 'run-1/build/notify/1',
    epoch: 1,
    ...(options.state === undefined ? {} : { state: options.state }),
    eventMarks: [],
    log: (level, message) => recorded.lines.push([level, message]),
    now: () => now,
    sleep: async ms => {
      recorded.slept.push(ms);
      now += ms;
      options.onSleep?.();
    },
    awaitEvent: () => Promise.reject(new Error('The action waits for no event.')),
    clients: {
      http: async exchange => {
        recorded.exchanges.push(exchange);
        now += 12;
        return answered(options.httpAnswers);
      },
      jq: async job => {
        recorded.jobs.push(job);
        return answered(options.jqAnswers);
      },
    },
    may: () => Promise.reject(new Error('The action asked for a right that it needs not.')),
    approval: options.approval ?? NO_APPROVAL,
    relate: () => undefined,
    environments: { typeOf: async () => undefined, touch: () => undefined },
    orchestrator: () => Promise.reject(new Error('The action has no business with the orchestrator.')),
    runs: { start: noBusiness, look: noBusiness, cancel: noBusiness },
    callbacks: { announce: noBusiness, look: noBusiness, list: noBusiness },
    runUrl: 'http://test/run-1',
    recorded,
  };
}

function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('The action called a client that it must not call.');
  return answer;
}
