import type { Json, JsonSchema } from '../json.ts';
import type { Condition, Template } from './expressions/template.ts';

/** A definition that was read and found right. Immutable; everything an expression needs is compiled. */
export type Pipeline = {
  readonly id?: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly triggers: Triggers;
  /** In the order of the definition. */
  readonly jobs: readonly Job[];
  /** Outputs of the run, over the context `jobs`. */
  readonly outputs: Readonly<Record<string, Template>>;
  /** Minutes; what `timeout-minutes` says, else the default of the language (60, or the longest `needs` chain). */
  readonly timeoutMinutes: number;
};

export type Triggers = {
  readonly pipeline_call?: PipelineCall;
};

export type TriggerType = keyof Triggers;

export type PipelineCall = {
  readonly inputs: Readonly<Record<string, Input>>;
};

export type Input = {
  /** What a value must be: `type` and the further keywords of the declaration. */
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly description?: string;
  /** Absent: no default. */
  readonly default?: Json;
};

export type Job = {
  readonly id: string;
  /** Position in `Pipeline.jobs`. */
  readonly index: number;
  readonly name: string;
  readonly needs: readonly string[];
  /** Always there: without `if` it is the implied `success()`. */
  readonly if: Condition;
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, Template>>;
  /** Minutes, 1 to 43,200; absent: what the run has left. */
  readonly timeoutMinutes?: Template;
  /** Absent: false. */
  readonly continueOnError?: Template;
};

export type Step = {
  /** Position in the job, from 0. */
  readonly index: number;
  readonly id?: string;
  readonly name: Template;
  /** As written. */
  readonly uses: string;
  /** What `uses` was resolved to, with its version: `actions/humanitec/log@v1`. */
  readonly action: string;
  readonly if: Condition;
  readonly with: Readonly<Record<string, Template>>;
  readonly continueOnError?: Template;
  /** Minutes, more than 0. */
  readonly timeoutMinutes?: Template;
};
