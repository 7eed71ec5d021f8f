import type { Json, JsonObject, JsonSchema } from '../json.ts';
import type { AwsCalls } from './aws/calls.ts';

/** What a definition may say to an action and what it answers: enough to check a definition, without any code. */
export type ActionDescription = {
  /** Full name without the version: `actions/humanitec/log`. */
  readonly name: string;
  /** Major version: 1 is written `@v1`. */
  readonly version: number;
  /** One sentence for the reference page. */
  readonly summary: string;
  /** Schema of `with`: an object schema with `additionalProperties: false`; every property has a description. */
  readonly inputs: JsonSchema;
  /** Schema of the outputs: an object schema; every property has a description. */
  readonly outputs: JsonSchema;
  /** The error codes it may fail with, each with the reason in words; `retry.on` names them. */
  readonly errors: Readonly<Record<string, string>>;
  /** True: it changes nothing outside, so its result needs no durable record before the next step. */
  readonly pure: boolean;
};

/** What carries a registered action out: a Lambda function, or a module of the folder of a local server. */
export type ActionTarget =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'module'; readonly name: string };

/** An action that an org registered. `errors` absent: what it may fail with is not said. */
export type RegisteredAction = Omit<ActionDescription, 'errors'> & {
  readonly errors?: Readonly<Record<string, string>>;
  readonly target: ActionTarget;
  /** `request`: the answer of the target is the result. `callback`: the target posts the result to a URL, later. */
  readonly mode: 'request' | 'callback';
};

/** What every registered action may fail with, beside what its registration says. */
export const REGISTERED_ERRORS: Readonly<Record<string, string>> = {
  TARGET_NOT_FOUND: 'There is no such function, or no such module on this machine.',
  TARGET_FORBIDDEN: 'The deployment does not let actions call this function.',
  TARGET_FAILED: 'The function or module threw, or ended without an answer.',
  THROTTLED: 'The function has more to do than it may.',
  UNAVAILABLE: 'The function could not be reached.',
  TIMEOUT: 'It took longer than 300 s, or than the time-out of the step.',
  TOO_LARGE: 'Its request or its answer is larger than 256 KiB.',
  INVALID_ANSWER: 'It answered neither `{"outputs": {…}}` nor `{"error": {"code": …, "message": …}}`.',
  INVALID_OUTPUTS: 'Its outputs are not what its registration says.',
  ACTION_FAILED: 'It answered an error without a code of its own.',
};

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/**
 * What an action answers. An expected failure is an answer, never an exception; an exception is a bug and fails the step
 * with `INTERNAL_ERROR`.
 */
export type Answer =
  | { readonly status: 'succeeded'; readonly outputs: JsonObject }
  | { readonly status: 'failed'; readonly code: string; readonly message: string; readonly outputs?: JsonObject }
  | Waiting;

/** Called again, with `state`, when the time `until` (milliseconds since the epoch) has come or a signal arrived. */
export type Waiting = {
  readonly status: 'waiting';
  /** What for, as `waiting_for` shows it: `time(2026-01-01T00:00:00Z)`. */
  readonly for: string;
  readonly until: number;
  readonly state: JsonObject;
};

/** An HTTP exchange on behalf of a pipeline: addresses are judged when connecting, sizes and times are bounded. */
export type HttpExchange = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange, redirects and body included. */
  readonly timeout: number;
  /** `same-origin`: a redirect to another origin is refused; the body may be for this one only. */
  readonly followRedirects: boolean | 'same-origin';
  /** Bytes of the answer's body, after decompression; a longer one is refused. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

export type HttpFailure =
  | 'EGRESS_REFUSED'
  | 'INVALID_URL'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'RESPONSE_TOO_LARGE'
  | 'CONNECTION_FAILED'
  | 'TOO_MANY_REDIRECTS';

export type HttpResult =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly ok: false; readonly code: HttpFailure; readonly message: string };

export type JqFailure =
  | 'INVALID_FILTER'
  | 'FILTER_FAILED'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'RESULT_TOO_LARGE'
  | 'WORKER_CRASHED';

export type JqResult =
  | { readonly ok: true; readonly stdout: string }
  | { readonly ok: false; readonly code: JqFailure; readonly message: string };

/** What actions reach outside with; the worker hands them in. */
export type Clients = {
  http(exchange: HttpExchange): Promise<HttpResult>;
  /** Runs `filter` over `input` (JSON text) in a worker thread; `raw` prints strings without quotes. */
  jq(job: {
    readonly filter: string;
    readonly input: string;
    readonly raw: boolean;
    readonly signal: AbortSignal;
  }): Promise<JqResult>;
  /** Absent: this deployment reaches no AWS on behalf of steps. */
  readonly aws?: AwsCalls;
};

/** What a step may have to be allowed to do; who the run acts as needs the role for it. */
export type StepPermission =
  | 'runs.start'
  | 'environments.read'
  | 'environments.create'
  | 'environments.delete'
  | 'environments.deploy';

/** `envType`: of the environment that is acted on. */
export type StepResource = { readonly org: string; readonly app?: string; readonly envType?: string };

export type StepDecision = { readonly allowed: boolean; readonly reason: string };

export type ApprovalSettings = {
  readonly envId: string;
  readonly message: string;
  /** Different people who have to say yes. */
  readonly minApprovals: number;
  /** Whether the one who started the run may decide too. */
  readonly allowSelf: boolean;
};

/** The action that asks people to approve, whatever its version. */
export const APPROVE = 'actions/humanitec/approve';

export type ApprovalView = {
  readonly id: string;
  readonly status: 'waiting' | 'approved' | 'denied' | 'cancelled';
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  /** Ids of those who said yes, or of the one who said no. */
  readonly decidedBy: readonly string[];
  /** The name of the one who said no; the id of somebody who is there no more. Absent: nobody did. */
  readonly deniedBy?: string;
  readonly comment: string;
};

/** The approval of this attempt of this step: there is at most one. What it throws is platform trouble. */
export type StepApproval = {
  /** Asks for it; asked again, nothing changes. Undefined: the app has no such environment. */
  request(settings: ApprovalSettings): Promise<ApprovalView | undefined>;
  look(): Promise<ApprovalView>;
  /** Nobody is asked any more. A decision that came before stands, and is answered. */
  close(as: 'approved' | 'cancelled'): Promise<ApprovalView | undefined>;
};

export type RunCall = {
  /** Absent: the app of the calling run. */
  readonly app?: string;
  readonly pipeline: string;
  /** Absent: the newest version. */
  readonly version?: string;
  readonly inputs: JsonObject;
};

export type CalledRun =
  | { readonly over: false }
  | {
      readonly over: true;
      readonly status: 'succeeded' | 'failed' | 'cancelled';
      /** Why it ended as it did. */
      readonly message: string;
      readonly outputs: JsonObject;
    };

export type RunRefusal = {
  readonly ok: false;
  readonly code: 'NOT_FOUND' | 'FORBIDDEN' | 'INVALID_INPUTS' | 'NOT_CALLABLE' | 'TOO_DEEP' | 'SAME_CONCURRENCY_GROUP';
  readonly message: string;
};

/**
 * The run of another pipeline that this attempt of this step calls, as the identity of this run: there is at most one, and
 * its id is known before it is started. A wait for it is ended by a signal when it is over.
 */
export type CallsRun = {
  /** Started again, it is the same run. */
  start(call: RunCall): Promise<{ readonly ok: true; readonly run: string } | RunRefusal>;
  /** Undefined: there is no such run (any more). */
  look(call: RunCall): Promise<CalledRun | undefined>;
  /** To cancel what is over, or was never started, does nothing. */
  cancel(call: RunCall, reason: string): Promise<void>;
};

/** URLs that wait for one request. A wait for one is ended by a signal when it was posted to. */
export type Callbacks = {
  /**
   * The callback of this attempt of this step, with the end it was first given. Announced again after a crash it has one
   * more URL: any of them can be posted to, and one of them once. `expiresAt`: milliseconds since the epoch. `own`: no
   * other step learns of it or takes it up.
   */
  announce(
    expiresAt: number,
    whose?: 'own',
  ): Promise<{ readonly id: string; readonly url: string; readonly expiresAt: number }>;
  /** Of this run. Undefined: it has announced none with this id that this step may take up. */
  look(id: string): Promise<Callback | undefined>;
  /** Ids of all that this run has announced for any of its steps. */
  list(): Promise<readonly string[]>;
};

export type Callback = { readonly expiresAt: number; readonly posted?: { readonly payload: Json } };

/** What a step learns of the environments of its app. */
export type Environments = {
  /** The type of an environment that is known here. Undefined: it is not. */
  typeOf(env: string): Promise<string | undefined>;
  /** The run has to do with it: `env_ids` shows it. */
  touch(env: string): void;
};

/** The Platform Orchestrator of the org, as an administrator has set it. */
export type OrchestratorAccess =
  | { readonly ok: true; readonly baseUrl: string; readonly token: string }
  | { readonly ok: false; readonly message: string };

export type ActionContext = {
  /** Evaluated and valid against `inputs`. */
  readonly inputs: JsonObject;
  /** Where the run is. */
  readonly place: { readonly org: string; readonly app: string };
  /** Aborts when the step is cancelled or its time is over; an action ends within 5 s of it. */
  readonly signal: AbortSignal;
  /** `<run>/<job>/<step>/<attempt>`: the same when a step is tried again after a crash. An idempotency key. */
  readonly stepId: string;
  /**
   * Grows whenever another worker takes the run over. The same number as when a state was written: nobody has acted
   * since; another one: whoever wrote it may have acted and died before it could say so.
   */
  readonly epoch: number;
  /** One line of the step's log. */
  log(level: LogLevel, message: string): void;
  /** What the last `waiting` answer carried; absent at the first call. */
  readonly state?: JsonObject;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` or when `signal` aborts. */
  sleep(ms: number): Promise<void>;
  readonly clients: Clients;
  /**
   * From now on a status-change event of AWS about this ARN ends a wait of the step. One that came before does not: look
   * once after it.
   */
  awaitEvent(arn: string): Promise<void>;
  /** Whether the run, as whom it acts, may do this: judged by the roles of this moment. Refusals are recorded. */
  may(permission: StepPermission, resource: StepResource): Promise<StepDecision>;
  readonly approval: StepApproval;
  /** Something elsewhere that the step made or touched, by what it is: shown with the step. */
  relate(entity: string, id: string): void;
  readonly environments: Environments;
  /** Opens the org's token: to be called only when `may` allowed what it is for. From then on it is masked in the run. */
  orchestrator(): Promise<OrchestratorAccess>;
  readonly runs: CallsRun;
  readonly callbacks: Callbacks;
  /** Where a person looks at this run. */
  readonly runUrl: string;
  /** To be among the resources of each event that the step puts, so that what it starts knows that it was started by events. */
  readonly eventMarks: readonly string[];
};

export type Action = ActionDescription & {
  /** An org brought it, its schemas included. */
  readonly registered?: true;
  run(context: ActionContext): Promise<Answer>;
  /**
   * The step was cut off (cancelled, out of time) after it began: takes back what it asked others for. May be called again
   * after a crash, and when nothing was asked for yet. Its `signal` aborts after 5 s; `state` is that of the last `waiting`
   * answer, also of one that came after the step was cut off.
   */
  abandon?(context: ActionContext, reason: string): Promise<void>;
};

/** How a definition names it: `actions/humanitec/log@v1`. */
export function actionKey(action: Pick<ActionDescription, 'name' | 'version'>): string {
  return `${action.name}@v${action.version}`;
}

export function succeeded(outputs: JsonObject = {}): Answer {
  return { status: 'succeeded', outputs };
}

export function failed(code: string, message: string, outputs?: JsonObject): Answer {
  return { status: 'failed', code, message, ...(outputs === undefined ? {} : { outputs }) };
}

export function isJsonMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Levels of lists and maps that a value from outside may have: recursive readers overflow their stack on more. */
export const MAX_NESTING = 200;

/** JSON text of foreign origin. Undefined: not JSON, or nested deeper than `MAX_NESTING`. */
export function readJson(text: string): { readonly value: Json } | undefined {
  if (nesting(text) > MAX_NESTING) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

export type { Json, JsonObject, JsonSchema };
