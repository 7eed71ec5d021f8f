import type { Json, JsonObject, JsonSchema } from '../json.ts';
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
  readonly concurrency?: Concurrency;
  /** Absent: as `inherit`. */
  readonly permissions?: Permissions;
  /** Some expression reads `app`, so a run needs the values of its application. */
  readonly readsAppValues?: true;
};

/** Runs of one group within one application exclude each other. */
export type Concurrency = {
  /** Over `inputs` and `pipeline`. */
  readonly group: Template;
  readonly cancelInProgress: boolean;
  /** Runs that may execute at once, 1 to 20. */
  readonly limit: number;
};

/** Who a run acts as. */
export type Permissions =
  /** Whoever started it. */
  | { readonly kind: 'inherit' }
  /** `id`: `s-` and a UUID. */
  | { readonly kind: 'service-user'; readonly id: string }
  /** The roles named here and nothing else; at least one. */
  | {
      readonly kind: 'delegated';
      readonly application?: 'owner' | 'developer' | 'viewer';
      /** By type of environment. */
      readonly envTypes: Readonly<Record<string, 'deployer'>>;
    };

export type Triggers = {
  readonly pipeline_call?: PipelineCall;
  readonly event?: EventTrigger;
  readonly deployment_request?: DeploymentRequest;
  readonly artefact?: ArtefactTrigger;
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
  /** A text that is kept sealed and masked everywhere. */
  readonly secret?: true;
};

export type EventTrigger = {
  /** `source`, `detail-type` and `detail` as an EventBridge event pattern. */
  readonly pattern: JsonObject;
  /** Input → value over the context `event`. Where there is a `pipeline_call`, it declares them. */
  readonly inputs: Readonly<Record<string, Template>>;
};

/** It has no settings. */
export type DeploymentRequest = Readonly<Record<string, never>>;

export type ArtefactTrigger = {
  readonly type: 'workload' | 'container';
  /** Regular expressions (RE2) over the name of the artefact; one has to match. */
  readonly include: readonly string[];
  /** A regular expression (RE2) over its git reference. */
  readonly matchRef?: string;
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
  readonly retry?: Retry;
};

export type Retry = {
  /** The first one included, 1 to 10. */
  readonly maxAttempts: number;
  /** Before the second attempt, 0 to 86,400. */
  readonly delaySeconds: number;
  /** What the delay is multiplied by after each attempt, 1 to 10. */
  readonly backoff: number;
  /** Error codes that are worth another attempt; absent: all. */
  readonly on?: readonly string[];
};
