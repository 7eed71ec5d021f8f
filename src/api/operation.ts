import type { Permission } from '../access/permissions.ts';
import type { Resource } from '../access/roles.ts';
import type { ActionShapes } from '../language/read-pipeline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ids } from '../ports/ids.ts';
import type { Measure } from '../ports/measure.ts';
import type { Table } from '../ports/table.ts';
import type { Seals } from '../ports/vault.ts';
import type { Definitions } from '../run/definitions.ts';
import type { Tell } from '../run/tell.ts';
import type { AppRecord } from '../store/apps.ts';
import type { AuditDetails } from '../store/audit.ts';
import type { EnvTypeRecord } from '../store/env-types.ts';
import type { EnvironmentRecord } from '../store/environments.ts';
import type { PipelinePath } from '../store/keys.ts';
import type { PipelineRecord } from '../store/pipelines.ts';
import type { RunRecord } from '../store/runs.ts';
import type { ValueRecord } from '../store/values.ts';
import type { WebhookRecord } from '../store/webhooks.ts';
import type { Caller } from './authenticate.ts';
import type { Keys } from './keys-of.ts';
import type { Log } from './log.ts';
import type { RawQuery } from './query.ts';
import type { Refusal, Reply } from './reply.ts';
import type { Load, ParamNames, QueryValues } from './route.ts';
import type { RouteId, routes } from './routes.ts';

/** What the API reaches outside with, and what a deployment decides. */
export type ApiDependencies = {
  readonly table: Table;
  readonly executions: Executions;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly definitions: Definitions;
  /** Loaded when a definition is read: most requests do without. */
  readonly actions: () => Promise<ActionShapes>;
  /** The same in every process that serves this API. */
  readonly keys: Keys;
  readonly vault: Seals;
  readonly log: Log;
  /** Whose token it is, where a deployment knows tokens of another form than ours; absent: what the token itself says. */
  readonly subjectOfToken?: (token: string) => string | undefined;
  /** Put before the paths of Link and Location; absent: they start with `/`. */
  readonly baseUrl?: string;
  /** Goes on with the artefacts that wait for a run of this pipeline; absent: nobody does before `reconcile`. */
  readonly settleBatch?: (path: PipelinePath) => Promise<void>;
  /** Days that records of runs stay after the run was over. */
  readonly retentionDays: number;
  /** Of what becomes of runs. Absent: nobody listens. */
  readonly tell?: Tell;
  /** Absent: nobody counts. */
  readonly measure?: Measure;
};

/** A request over plain data. Header names are lower-case. */
export type ApiRequest = {
  readonly method: string;
  /** Undecoded, without the query. */
  readonly path: string;
  readonly query: RawQuery;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly requestId: string;
};

type Loaded = {
  readonly nothing: undefined;
  readonly app: AppRecord;
  readonly env: EnvironmentRecord;
  readonly envType: EnvTypeRecord;
  readonly pipeline: PipelineRecord;
  readonly run: RunRecord;
  readonly value: ValueRecord;
  readonly webhook: WebhookRecord;
};

export type LoadedObject = Loaded[Load];

type RouteOf<Id extends RouteId> = (typeof routes)[Id];

/** What an operation may say for the audit log. The dispatcher writes the entry of every change and every refusal itself. */
export type Recording = {
  /**
   * Adds what tells the entry apart: whom, which role; never a secret. `orgs`: whose logs get it, for a path that names
   * no org; absent, those of the caller.
   */
  readonly audit: (details: AuditDetails, orgs?: readonly string[]) => void;
  /** Writes the entry of a change that was made, at the same time as other work; the status is that of the answer. */
  readonly auditNow: (status: number) => Promise<void>;
  /** The answer is one of success, and nothing was changed by this request: no entry is written. */
  readonly changedNothing: () => void;
  /** Judges what the route's permission leaves open. Undefined: allowed. */
  readonly judge: (permission: Permission, resource: Resource) => Refusal | undefined;
};

/** A request that was found right as far as the route table can tell: who, what on, with which query. */
export type Call<Id extends RouteId> = Recording & {
  readonly request: ApiRequest;
  readonly caller: RouteOf<Id>['permission'] extends 'none' ? undefined : Caller;
  readonly params: Readonly<Record<ParamNames<RouteOf<Id>['path']>, string>>;
  readonly query: QueryValues<RouteOf<Id>['query']>;
  /** What the path leads to. */
  readonly loaded: Loaded[RouteOf<Id>['load']];
};

export type Operation<Id extends RouteId> = (call: Call<Id>) => Promise<Reply | Refusal> | Reply | Refusal;

/** One for each row of the route table. */
export type Operations = { readonly [Id in RouteId]: Operation<Id> };
