import type { ActionShapes } from '../language/read-pipeline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ids } from '../ports/ids.ts';
import type { Table } from '../ports/table.ts';
import type { Definitions } from '../run/definitions.ts';
import type { AppRecord } from '../store/apps.ts';
import type { PipelineRecord } from '../store/pipelines.ts';
import type { RunRecord } from '../store/runs.ts';
import type { Caller } from './authenticate.ts';
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
  readonly actions: ActionShapes;
  /** 32 bytes that page tokens are sealed with; the same in every process that serves this API. */
  readonly pageKey: Uint8Array;
  readonly log: Log;
  /** Whose token it is, where a deployment knows tokens of another form than ours; absent: what the token itself says. */
  readonly subjectOfToken?: (token: string) => string | undefined;
  /** Put before the paths of Link and Location; absent: they start with `/`. */
  readonly baseUrl?: string;
  /** Days that records of runs stay after the run was over. */
  readonly retentionDays: number;
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
  readonly pipeline: PipelineRecord;
  readonly run: RunRecord;
};

export type LoadedObject = Loaded[Load];

type RouteOf<Id extends RouteId> = (typeof routes)[Id];

/** A request that was found right as far as the route table can tell: who, what on, with which query. */
export type Call<Id extends RouteId> = {
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
