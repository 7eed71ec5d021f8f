import type { Meter } from './bounds.ts';
import type { Data } from './json-data.ts';
import type { Scope, StatusView } from './template.ts';

/** What a function may look at besides its arguments. */
export type Call = {
  readonly meter: Meter;
  readonly status: StatusView;
  readonly now: Scope['now'];
  readonly seed: Scope['seed'];
  /** Tells this call from every other one in the definition. */
  readonly place: () => string;
};

export type FunctionEntry = {
  /** As GitHub writes it; calls may use any case. */
  readonly name: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Answers about the steps and jobs before; only `if` may ask. */
  readonly asksStatus?: true;
  /** Answers for the step that it belongs to; only steps may ask. */
  readonly needsStep?: true;
  readonly call: (args: readonly Data[], call: Call) => Data;
};
