import type { Action, ActionContext, Answer, Waiting } from '../../src/actions/action.ts';
import { createHttpClient } from '../../src/actions/clients/http-client.ts';
import type { JsonObject } from '../../src/json.ts';
import { createContext, NOW } from './context.ts';

/** A clock that only the waits of an action move. */
export type Ticking = { now: number };

export type Driving = {
  /** Answers by their number (from 0) that are lost with the worker: the next call has the state before and another epoch. */
  readonly lost?: readonly number[];
  /** The answer (from 0) after which the step is cut off. */
  readonly cutAfter?: number;
  /** The clock runs on by this much with every exchange, in milliseconds. */
  readonly perExchange?: number;
  /** What else the context holds, in place of what it refuses. */
  readonly context?: Partial<ActionContext>;
};

export type Driven = {
  readonly answer: Answer;
  readonly waits: readonly Waiting[];
  readonly lines: readonly string[];
  /** Milliseconds between the first call and the last answer. */
  readonly took: number;
};

const http = createHttpClient({ allowEgress: ['127.0.0.1/32'] });

export function createTicking(): Ticking {
  return { now: NOW };
}

/** The worker gives an action 5 s to take back what it asked others for. */
async function cutOff(action: Action, context: ActionContext, clock: Ticking): Promise<void> {
  const ending = new AbortController();
  const until = clock.now + 5_000;
  const sleep = async (ms: number) => {
    clock.now += ms;
    if (clock.now >= until) ending.abort();
  };
  await action.abandon?.({ ...context, signal: ending.signal, sleep }, 'Cancelled on request.');
}

/** Calls an action as the worker does, over a real HTTP client, and lets its waits pass at once. */
export async function drive(
  action: Action,
  inputs: JsonObject,
  clock: Ticking,
  { lost = [], cutAfter, perExchange = 0, context: own = {} }: Driving = {},
): Promise<Driven> {
  const waits: Waiting[] = [];
  const lines: string[] = [];
  const begin = clock.now;
  let state: JsonObject | undefined;
  let epoch = 1;
  const context = (): ActionContext => ({
    ...createContext({ inputs, ...(state === undefined ? {} : { state }) }),
    epoch,
    log: (level, message) => lines.push(`${level}: ${message}`),
    now: () => clock.now,
    sleep: async ms => {
      clock.now += ms;
    },
    clients: {
      http: exchange => {
        clock.now += perExchange;
        return http(exchange);
      },
      jq: () => Promise.reject(new Error('no jq')),
    },
    ...own,
  });
  for (let turn = 0; turn < 500; turn++) {
    const answer = await action.run(context());
    const dropped = lost.includes(turn);
    if (dropped) epoch++;
    else if (answer.status !== 'waiting') return { answer, waits, lines, took: clock.now - begin };
    else {
      waits.push(answer);
      // As it comes back from the table.
      state = JSON.parse(JSON.stringify(answer.state));
    }
    if (turn === cutAfter) {
      await cutOff(action, context(), clock);
      return { answer, waits, lines, took: clock.now - begin };
    }
    if (dropped || answer.status !== 'waiting') continue;
    clock.now = Math.max(clock.now, answer.until);
  }
  throw new Error('The action never came to an end.');
}
