// Written by `npm run web:types` from the route table and the schemas of the API. Do not edit.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every failure has this shape. The codes are listed in docs/errors.md. */
export type ErrorBody = {
  /** A stable code. */
  readonly error: string;
  /** What is wrong and what to do, for a person. */
  readonly message: string;
  /** What depends on the code: diagnostics, inputs, …. */
  readonly details?: { readonly [key: string]: Json };
};

/** The API answers. */
export type Health = {
  readonly status: 'ok';
};

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = {
  /** Version of the specification. */
  readonly openapi: string;
  /** About this API. */
  readonly info: { readonly [key: string]: Json };
  /** The operations, by path and method. */
  readonly paths: { readonly [key: string]: Json };
  /** What they share. */
  readonly components: { readonly [key: string]: Json };
};

/** A pipeline definition; see the language reference. */
export type Definition = { readonly [key: string]: Json };

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [key: string]: Json };

/** A pipeline as its current version describes it. */
export type Pipeline = {
  /** Id of the pipeline in its app. */
  readonly id: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the app. */
  readonly app_id: string;
  /** Display name. */
  readonly name: string;
  /** Always `active`. */
  readonly status: 'active';
  /** Id of the version. */
  readonly version: string;
  /** When the pipeline was created. */
  readonly created_at: string;
  /** The triggers of the definition. */
  readonly trigger_types: readonly (string)[];
  /** The metadata of the definition. */
  readonly metadata: { readonly [key: string]: string };
};

/** One saved definition. It never changes. */
export type PipelineVersion = {
  /** Id of the version. */
  readonly id: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the app. */
  readonly app_id: string;
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** Id of the subject that uploaded it. */
  readonly created_by: string;
  /** When it was uploaded. */
  readonly created_at: string;
};

/** What a run is started with. */
export type RunRequest = {
  /** Values of the inputs that pipeline_call declares. */
  readonly inputs: { readonly [key: string]: Json };
};

/** How a run is started anew. */
export type RestartRequest = {
  /** Keeps the results of jobs that succeeded and runs the rest, on the version of the run. Jobs that ask for approval, and those that need them, run again. */
  readonly from?: 'failed';
};

/** What a start would do. */
export type RunPlan = {
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** Id of the version that the run would follow. */
  readonly pipeline_version: string;
  /** Its inputs, defaults included; secrets are masked. */
  readonly inputs: { readonly [key: string]: Json };
  /** If it took longer, it would be cancelled. */
  readonly timeout_seconds: number;
  /** Each comes after all that it needs. */
  readonly jobs: readonly (PlannedJob)[];
  /** Id of the subject whose rights it would have. */
  readonly run_as: string;
  /** What is needed, and whether it is held. */
  readonly permissions: readonly (PlannedPermission)[];
  readonly concurrency?: PlannedGroup;
};

/** A job of a plan. */
export type PlannedJob = {
  /** Id of the job. */
  readonly id: string;
  /** Its name; its id when it has none. */
  readonly name: string;
  /** Ids of the jobs that it waits for. */
  readonly needs: readonly (string)[];
  /** It waits for no other. */
  readonly starts_first: boolean;
};

/** A permission that a run needs. */
export type PlannedPermission = {
  /** Its name. */
  readonly permission: string;
  /** Who needs it: whoever starts the run, or the run itself. */
  readonly holder: 'caller' | 'run';
  /** Whether they hold it. */
  readonly held: boolean;
  /** Which role gives it, or which would. */
  readonly reason: string;
};

/** The concurrency group that the run would be of. */
export type PlannedGroup = {
  /** Its name. */
  readonly group: string;
  /** Runs that may execute at the same time. */
  readonly limit: number;
  /** Runs that execute now. */
  readonly executing: number;
  /** It would cancel the runs of the group that are older; whoever starts it may. */
  readonly cancels_others: boolean;
  /** Place in the queue, from 1; `0`: it would begin at once; `100+`: far behind. */
  readonly position: string;
};

/** One run of a pipeline. */
export type PipelineRun = {
  /** Id of the run: a UUID that sorts by time. */
  readonly id: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the app. */
  readonly app_id: string;
  /** Environments that the run is linked to. */
  readonly env_ids: readonly (string)[];
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** Id of the version that the run follows. */
  readonly pipeline_version: string;
  /** Where it stands; the last three never change. */
  readonly status: 'queued' | 'executing' | 'succeeded' | 'failed' | 'cancelled';
  /** Why it ended as it did. */
  readonly status_message: string;
  /** When it was created. */
  readonly created_at: string;
  /** Id of the subject that started it. */
  readonly created_by: string;
  /** A run that takes longer is cancelled. */
  readonly timeout_seconds: number;
  /** What started it. */
  readonly trigger: string;
  /** Its inputs, defaults included. */
  readonly inputs: { readonly [key: string]: Json };
  /** Id of the subject whose rights it has. */
  readonly run_as: string;
  /** Job id to what the job waits for. */
  readonly waiting_for: { readonly [key: string]: string };
  /** When it began. */
  readonly executing_at?: string;
  /** When it was asked to stop. */
  readonly cancellation_requested_at?: string;
  /** When it was over. */
  readonly completed_at?: string;
  /** Runs of one group exclude each other. */
  readonly concurrency_group?: string;
  /** Outputs of the run, once it is over. */
  readonly outputs?: { readonly [key: string]: Json };
  /** Id of the run that it was restarted from. */
  readonly restart_of?: string;
  /** Only of runs that are read: names of who started it and of whom it acts as, by id. */
  readonly people?: { readonly [key: string]: string };
  /** The step of another run that called this one. */
  readonly called_by?: {
    /** Id of its app. */
    readonly app_id: string;
    /** Id of its pipeline. */
    readonly pipeline_id: string;
    /** Id of that run. */
    readonly run_id: string;
    /** Id of the job in it. */
    readonly job_id: string;
    /** Place of the step in the job, from 0. */
    readonly step_index: number;
  };
};

/** A job of a run. */
export type PipelineJobPartial = {
  /** Id of the job in the definition. */
  readonly id: string;
  /** Name of the job; its id when it has none. */
  readonly name: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the app. */
  readonly app_id: string;
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** Id of the version that the run follows. */
  readonly pipeline_version: string;
  /** Id of the run. */
  readonly run_id: string;
  /** Ids of the jobs that it waits for. */
  readonly needs: readonly (string)[];
  /** Where it stands; the last four never change. */
  readonly status: 'pending' | 'executing' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  /** Why it ended or was skipped. */
  readonly status_message: string;
  /** When it began; of a pending job, when the run was created. */
  readonly created_at: string;
  /** When its record last changed. */
  readonly updated_at: string;
  /** Its own time-out, or that of the run. */
  readonly timeout_seconds: number;
  /** It failed under `continue-on-error`: what comes after it goes on, as if it had succeeded. */
  readonly continued?: boolean;
  /** What it waits for: time(…), approval(…), …. */
  readonly waiting_for?: string;
  /** When its run was asked to stop. */
  readonly cancellation_requested_at?: string;
  /** When it ended. */
  readonly completed_at?: string;
  /** Of a run that failed or was cancelled: whether a restart with `from: failed` keeps its results. */
  readonly kept_on_restart?: boolean;
};

/** A job of a run with its steps. */
export type PipelineJob = {
  /** Id of the job in the definition. */
  readonly id: string;
  /** Name of the job; its id when it has none. */
  readonly name: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the app. */
  readonly app_id: string;
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** Id of the version that the run follows. */
  readonly pipeline_version: string;
  /** Id of the run. */
  readonly run_id: string;
  /** Ids of the jobs that it waits for. */
  readonly needs: readonly (string)[];
  /** Where it stands; the last four never change. */
  readonly status: 'pending' | 'executing' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  /** Why it ended or was skipped. */
  readonly status_message: string;
  /** When it began; of a pending job, when the run was created. */
  readonly created_at: string;
  /** When its record last changed. */
  readonly updated_at: string;
  /** Its own time-out, or that of the run. */
  readonly timeout_seconds: number;
  /** The steps that began, in order. */
  readonly steps: readonly (PipelineStep)[];
  /** Outputs of the job, once it is over. */
  readonly outputs: { readonly [key: string]: Json };
  /** It failed under `continue-on-error`: what comes after it goes on, as if it had succeeded. */
  readonly continued?: boolean;
  /** What it waits for: time(…), approval(…), …. */
  readonly waiting_for?: string;
  /** When its run was asked to stop. */
  readonly cancellation_requested_at?: string;
  /** When it ended. */
  readonly completed_at?: string;
};

/** A step of a job. */
export type PipelineStep = {
  /** Place in the job, from 0. */
  readonly index: number;
  /** Its name, else its id, else the name of its action. */
  readonly name: string;
  /** The action, as written. */
  readonly uses: string;
  /** Where it stands; the last four never change. */
  readonly status: 'pending' | 'executing' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  /** Why it ended or was skipped. */
  readonly status_message: string;
  /** When it began. */
  readonly created_at: string;
  /** Its own time-out, or that of the job. */
  readonly timeout_seconds: number;
  /** What it made or touched elsewhere. */
  readonly related_entities: { readonly [key: string]: string };
  /** When it ended. */
  readonly completed_at?: string;
  /** It failed under `continue-on-error`: what comes after it goes on, as if it had succeeded. */
  readonly continued?: boolean;
};

/** One line of the log of a step. */
export type PipelineStepLog = {
  /** When it was written. */
  readonly at: string;
  /** How grave it is. */
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  /** What it says. */
  readonly message: string;
};

/** Deployment requests that it matches start the pipeline. The most specific one of an app wins. */
export type PipelineCriteria = {
  /** Id of the criterion. */
  readonly id: string;
  /** What it is about. */
  readonly trigger: 'deployment_request';
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** Its name. */
  readonly pipeline_name: string;
  /** Id of the app of the pipeline. */
  readonly app_id: string;
  /** Only requests for this environment. */
  readonly env_id?: string;
  /** Only requests for environments of this type. */
  readonly env_type?: string;
  /** Only requests that name a delta or a set (`deploy`), or only those that name a deployment of before (`re-deploy`; in a request also `redeploy`). */
  readonly deployment_type?: 'deploy' | 're-deploy';
};

/** A new criterion. What is absent, null or `*` matches anything. */
export type PipelineCriteriaRequest = {
  /** What it is about; there is no other. */
  readonly trigger?: 'deployment_request';
  /** Only requests for this environment. It need not be known here. */
  readonly env_id?: string | null;
  /** Only requests for environments of this type. The org has to have the type. */
  readonly env_type?: string | null;
  /** Id of the app of the pipeline, or nothing. */
  readonly app_id?: string | null;
  /** Only requests that name a delta or a set (`deploy`), or only those that name a deployment of before (`re-deploy`; in a request also `redeploy`). */
  readonly deployment_type?: string | null;
};

/** A deployment request. It names exactly one of `delta_id`, `set_id` and `deployment_id`. */
export type RunByCriteriaRequest = {
  /** What it is; there is no other. */
  readonly trigger?: 'deployment_request';
  /** The environment to deploy to. */
  readonly env_id?: string | null;
  /** The former name of `env_id`. */
  readonly environment?: string | null;
  /** Deploys this delta. */
  readonly delta_id?: string | null;
  /** Deploys this set. */
  readonly set_id?: string | null;
  /** Deploys again what this deployment of before deployed. */
  readonly deployment_id?: string | null;
  /** The version of the values, with `delta_id` or `set_id` only. */
  readonly value_set_version_id?: string | null;
  /** Of the deployment. */
  readonly comment?: string | null;
  /** How it is deployed; what it means is up to the pipeline. */
  readonly mode?: string | null;
};

/** A new version of an artefact. What a container is has no `spec`; a workload has one. */
export type ArtefactVersionRequest = {
  /** What it is. */
  readonly type: 'container' | 'workload';
  /** Name of the artefact. */
  readonly name: string;
  /** Its version. */
  readonly version?: string;
  /** The git reference that it was built from. */
  readonly ref?: string;
  /** The commit that it was built from. */
  readonly commit?: string;
  /** Of a container: the digest of the image. */
  readonly digest?: string;
  /** Of a workload: the image of containers without one. */
  readonly image?: string;
  /** Of a workload: its spec. */
  readonly spec?: { readonly [key: string]: Json };
  /** Of a workload: its overrides. */
  readonly overrides?: { readonly [key: string]: Json };
  /** Of a workload: its property_overrides. */
  readonly property_overrides?: { readonly [key: string]: Json };
  /** Of a workload: its extensions. */
  readonly extensions?: { readonly [key: string]: Json };
};

/** A version of an artefact. The same one pushed again has the same id. */
export type ArtefactVersion = {
  /** Made of all that the version is. */
  readonly id: string;
  /** Made of type and name. */
  readonly artefact_id: string;
  /** What it is. */
  readonly type: 'container' | 'workload';
  /** Name of the artefact. */
  readonly name: string;
  /** Always false. */
  readonly archived: false;
  /** When it was pushed first. */
  readonly created_at: string;
  /** Id of the subject that pushed it first. */
  readonly created_by: string;
  /** The same as `created_at`. */
  readonly updated_at: string;
  /** The same as `created_by`. */
  readonly updated_by: string;
  /** The git reference that it was built from; may be empty. */
  readonly ref: string;
  /** The commit that it was built from; may be empty. */
  readonly commit: string;
  /** Its version. */
  readonly version?: string;
  /** Of a container: the digest of the image; may be empty. */
  readonly digest?: string;
};

/** Artefacts that wait for the next run of a pipeline. */
export type Batch = {
  /** The oldest first. */
  readonly items: readonly (BatchItem)[];
  /** The run that has to be over first. */
  readonly run_id?: string;
  readonly refused?: BatchRefusal;
};

/** An artefact that waits. */
export type BatchItem = {
  /** Always `artefact_version`. */
  readonly type: 'artefact_version';
  /** Id of the version of the artefact. */
  readonly ref: string;
};

/** The last start that was refused; its artefacts start nothing any more. */
export type BatchRefusal = {
  /** When. */
  readonly at: string;
  /** Why. */
  readonly message: string;
  /** What it was about. */
  readonly items: readonly (BatchItem)[];
};

/** An approval that a step asked for. */
export type ApprovalRequest = {
  /** Id of the approval. */
  readonly id: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the app. */
  readonly app_id: string;
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** Id of the run that waits. */
  readonly run_id: string;
  /** Id of the job that waits. */
  readonly job_id: string;
  /** Environment whose deployers may decide. */
  readonly env_id: string;
  /** What is to be approved. */
  readonly message: string;
  /** So many people have to approve. */
  readonly min_approvals: number;
  /** Whether the one who started the run may decide. */
  readonly allow_self: boolean;
  /** When it was asked for. */
  readonly created_at: string;
  /** Where it stands; the last three never change. */
  readonly status: 'waiting' | 'approved' | 'denied' | 'cancelled';
  /** What people said, in order. */
  readonly decisions: readonly (ApprovalDecision)[];
  /** Id of the user whose decision made the outcome, be it approved or denied. */
  readonly approved_by?: string;
  /** When that was. */
  readonly approved_at?: string;
  /** What they wrote with it. */
  readonly comment?: string;
  /** Only of one approval that is read: names of who started the run and of who decided, by id. */
  readonly people?: { readonly [key: string]: string };
  /** Only of one approval that is read, and that waits: what goes on when it is given. */
  readonly next?: ApprovalNext;
};

/** What an approval is about, as it stands now. */
export type ApprovalNext = {
  /** Id of who started the run. */
  readonly asked_by: string;
  /** Id of the subject whose rights the run has. */
  readonly run_as: string;
  /** The inputs of the run; secrets are masked. */
  readonly inputs: { readonly [key: string]: Json };
  /** The job that waits. */
  readonly job: {
    /** Its id. */
    readonly id: string;
    /** Its name. */
    readonly name: string;
  };
  /** What happens when nobody decides in time: the step fails (`fail`), or goes on (`approve`). */
  readonly on_timeout: string;
  /** Whether the caller may decide now. */
  readonly may_decide: boolean;
  /** The steps of the job that did not begin, in order. */
  readonly steps: readonly (ApprovalNextStep)[];
  /** Jobs that wait for this one, directly or through others; needs before dependants. */
  readonly jobs: readonly (ApprovalNextJob)[];
  /** So many steps are not told, for there are too many. */
  readonly more_steps: number;
  /** Type of the environment. Absent: it is not the one any more that the approval was asked for. */
  readonly env_type?: string;
  /** Until when it waits. */
  readonly until?: string;
  /** Why the caller may not decide. */
  readonly why_not?: string;
};

/** A job that goes on when an approval is given. */
export type ApprovalNextJob = {
  /** Its id. */
  readonly id: string;
  /** Its name; its id when it has none. */
  readonly name: string;
  /** Ids of the jobs that it waits for. */
  readonly needs: readonly (string)[];
  /** Its steps, in order. */
  readonly steps: readonly (ApprovalNextStep)[];
  /** The condition `if`, as written. Absent: it goes on when all before it went well. */
  readonly condition?: string;
  /** The condition is known to be false. */
  readonly skipped?: boolean;
};

/** A step that goes on when an approval is given. */
export type ApprovalNextStep = {
  /** Place in the job, from 0. */
  readonly index: number;
  /** Its name, with expressions in it that are not known yet. */
  readonly name: string;
  /** The action, as written. */
  readonly uses: string;
  /** What the action is called with. */
  readonly inputs: readonly (ApprovalNextInput)[];
  /** The condition `if`, as written. Absent: it goes on when all before it went well. */
  readonly condition?: string;
  /** The condition is known to be false. */
  readonly skipped?: boolean;
};

/** An input of a step that did not begin. */
export type ApprovalNextInput = {
  /** Its name. */
  readonly name: string;
  /** Its value; where that is not known yet, or secret, the expression. A long one is cut. */
  readonly value: Json;
  /** Whether all of it is known. */
  readonly known: boolean;
};

/** What one person said. */
export type ApprovalDecision = {
  /** Id of the user. */
  readonly by: string;
  /** When. */
  readonly at: string;
  /** What they said. */
  readonly decision: 'approved' | 'denied';
  /** What they wrote with it. */
  readonly comment?: string;
};

/** What goes with a decision. */
export type ApprovalDecisionRequest = {
  /** For those who read it later. */
  readonly comment?: string;
};

/** A version of an action to be registered. */
export type ActionRequest = {
  /** Name in the org: a definition says `actions/<org>/<name>@v<version>`. */
  readonly name: string;
  /** One sentence, for people. */
  readonly description: string;
  /** JSON Schema of `with`: of an object, closed unless it says otherwise; up to 32 KiB. */
  readonly inputs: { readonly [key: string]: Json };
  /** JSON Schema of the outputs, likewise. */
  readonly outputs: { readonly [key: string]: Json };
  /** `request`: the answer of the target is the result. `callback`: the target posts the result to a URL, later. */
  readonly mode: 'request' | 'callback';
  /** What carries it out: one of the two. */
  readonly target: {
    /** ARN of a Lambda function that the deployment lets actions call. */
    readonly function?: string;
    /** Name of a module in the folder `--actions` of a local server. */
    readonly module?: string;
  };
  /** The codes it may fail with, each with its reason. Absent: not known. */
  readonly errors?: { readonly [key: string]: string };
  /** It changes nothing outside, so it may be repeated. Default: false. */
  readonly pure?: boolean;
};

/** A version of an action that the org registered. It never changes. */
export type Action = {
  /** Name in the org: a definition says `actions/<org>/<name>@v<version>`. */
  readonly name: string;
  /** One sentence, for people. */
  readonly description: string;
  /** JSON Schema of `with`: of an object, closed unless it says otherwise; up to 32 KiB. */
  readonly inputs: { readonly [key: string]: Json };
  /** JSON Schema of the outputs, likewise. */
  readonly outputs: { readonly [key: string]: Json };
  /** `request`: the answer of the target is the result. `callback`: the target posts the result to a URL, later. */
  readonly mode: 'request' | 'callback';
  /** What carries it out: one of the two. */
  readonly target: {
    /** ARN of a Lambda function that the deployment lets actions call. */
    readonly function?: string;
    /** Name of a module in the folder `--actions` of a local server. */
    readonly module?: string;
  };
  /** Id of the org. */
  readonly org_id: string;
  /** Number of the version. */
  readonly version: number;
  /** How a definition names it. */
  readonly uses: string;
  /** It changes nothing outside. */
  readonly pure: boolean;
  /** When it was registered. */
  readonly created_at: string;
  /** Id of the subject that registered it. */
  readonly created_by: string;
  /** The codes it may fail with, each with its reason. Absent: not known. */
  readonly errors?: { readonly [key: string]: string };
};

/** Any JSON, up to 64 KiB: the output `payload` of the step that waits for it. */
export type CallbackPayload = Json;

/** An app: pipelines, environments and values that belong together. */
export type Application = {
  /** Id of the app in its org. */
  readonly id: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Display name. */
  readonly name: string;
  /** When it was created. */
  readonly created_at: string;
  /** Id of the subject that created it; empty: whoever set up the deployment. */
  readonly created_by: string;
  /** Its environments (100 at the most), as far as the caller may read them. */
  readonly envs: readonly (EnvironmentBase)[];
};

/** A new app. */
export type ApplicationRequest = {
  /** Fixed once and for all. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
};

/** A new name. */
export type NameRequest = {
  /** Display name. */
  readonly name: string;
};

/** An environment in short. */
export type EnvironmentBase = {
  /** Id of the environment in its app. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** Id of its type, which never changes. */
  readonly type: string;
};

/** An environment of an app. */
export type Environment = {
  /** Id of the environment in its app. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** Id of its type, which never changes. */
  readonly type: string;
  /** When it was created. */
  readonly created_at: string;
  /** Id of the subject that created it. */
  readonly created_by: string;
};

/** A new environment. */
export type EnvironmentRequest = {
  /** Fixed once and for all. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** Id of a type of environments. */
  readonly type: string;
};

/** A type of environments. Who may change environments is said by type. */
export type EnvironmentType = {
  /** Id of the type in its org. */
  readonly id: string;
  /** What it is for. */
  readonly description: string;
  /** When it was created. */
  readonly created_at: string;
  /** Id of the subject that created it; empty: whoever set up the deployment. */
  readonly created_by: string;
};

/** A new type of environments. */
export type EnvironmentTypeRequest = {
  /** Fixed once and for all. */
  readonly id: string;
  /** What it is for. */
  readonly description?: string;
};

/** A value of an app, which its pipelines can read. */
export type Value = {
  /** How expressions name it: app.values.<key>. */
  readonly key: string;
  /** What it holds; always empty of a secret. */
  readonly value: string;
  /** It is kept sealed and shown nowhere. */
  readonly is_secret: boolean;
  /** What it is for, for people. */
  readonly description: string;
  /** Whose value it is. */
  readonly source: 'app';
  /** When it was created. */
  readonly created_at: string;
  /** When it last changed. */
  readonly updated_at: string;
  /** Secrets are kept here, not in a store of their own. */
  readonly secret_key: null;
  /** See secret_key. */
  readonly secret_store_id: null;
  /** See secret_key. */
  readonly secret_version: null;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
};

/** A value to be added. */
export type NewValue = {
  /** How expressions name it: app.values.<key>. */
  readonly key: string;
  /** What it holds: up to 100 KiB, a secret up to 64 KiB. */
  readonly value: string;
  /** Keep it sealed. Default: false. */
  readonly is_secret?: boolean;
  /** What it is for, for people. */
  readonly description?: string | null;
};

/** What a value is to be. */
export type ValueReplacement = {
  /** What it holds: up to 100 KiB, a secret up to 64 KiB. */
  readonly value: string;
  /** The key of the path. */
  readonly key?: string;
  /** Keep it sealed. Default: as it was. */
  readonly is_secret?: boolean;
  /** What it is for, for people. */
  readonly description?: string | null;
};

/** What is to change of a value. */
export type ValueChange = {
  /** What it holds: up to 100 KiB, a secret up to 64 KiB. */
  readonly value?: string;
  /** What it is for, for people. */
  readonly description?: string | null;
};

/** A service user to be made. */
export type NewServiceUser = {
  /** Name for people to read. */
  readonly name: string;
  /** Role of the org. */
  readonly role: 'administrator' | 'manager' | 'orgViewer' | 'member' | 'artefactContributor';
  /** E-mail address. */
  readonly email?: string;
};

/** Somebody who is to be a user of the org. */
export type NewInvitation = {
  /** E-mail address. */
  readonly email: string;
  /** Role of the org. */
  readonly role: 'administrator' | 'manager' | 'orgViewer' | 'member' | 'artefactContributor';
};

/** Another role of the org. */
export type OrgRoleChange = {
  /** Role of the org. */
  readonly role: 'administrator' | 'manager' | 'orgViewer' | 'member' | 'artefactContributor';
};

/** A role of the app for somebody of the org. */
export type NewAppRole = {
  /** Id of a user (a UUID), a service user (`s-` before it) or a group (`g-` before it). */
  readonly id: string;
  /** Role of the app. */
  readonly role: 'owner' | 'developer' | 'viewer';
};

/** Another role of the app. */
export type AppRoleChange = {
  /** Role of the app. */
  readonly role: 'owner' | 'developer' | 'viewer';
};

/** A role of the environment type for somebody of the org. */
export type NewEnvTypeRole = {
  /** Id of a user (a UUID), a service user (`s-` before it) or a group (`g-` before it). */
  readonly id: string;
  /** Role of the environment type. */
  readonly role: 'deployer';
};

/** Another role of the environment type. */
export type EnvTypeRoleChange = {
  /** Role of the environment type. */
  readonly role: 'deployer';
};

/** A group to be made. */
export type NewGroup = {
  /** Name for people to read. */
  readonly name: string;
  /** Role of the org. */
  readonly role: 'administrator' | 'manager' | 'orgViewer' | 'member' | 'artefactContributor';
};

/** What of a group is to change. */
export type GroupChange = {
  /** Name for people to read. */
  readonly name?: string;
  /** Role of the org. */
  readonly role?: 'administrator' | 'manager' | 'orgViewer' | 'member' | 'artefactContributor';
};

/** Somebody who is to be in the group. */
export type NewMember = {
  /** Id of a user or a service user of the org. */
  readonly id: string;
};

/** A token to be made. */
export type NewToken = {
  /** Id of the token, unique among those of its user. */
  readonly id: string;
  /** Always `static`. */
  readonly type: 'static';
  /** What it is for. */
  readonly description?: string;
  /** When it ends; absent: 90 days from now. Only an administrator may say null (never) or a time in more than a year. */
  readonly expires_at?: string | null;
};

/** Somebody with a role of the org. */
export type OrgUser = {
  /** Id of the subject. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly type: 'user' | 'service' | 'group';
  /** When it was made. */
  readonly created_at: string;
  /** Its role there. */
  readonly role: 'administrator' | 'manager' | 'orgViewer' | 'member' | 'artefactContributor';
  /** Its e-mail address. */
  readonly email?: string;
};

/** Somebody with a role of the app. */
export type AppUser = {
  /** Id of the subject. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly type: 'user' | 'service' | 'group';
  /** When it was made. */
  readonly created_at: string;
  /** Its role there. */
  readonly role: 'owner' | 'developer' | 'viewer';
  /** Its e-mail address. */
  readonly email?: string;
};

/** Somebody with a role of the environment type. */
export type EnvTypeUser = {
  /** Id of the subject. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly type: 'user' | 'service' | 'group';
  /** When it was made. */
  readonly created_at: string;
  /** Its role there. */
  readonly role: 'deployer';
  /** Its e-mail address. */
  readonly email?: string;
};

/** Somebody who is in a group. */
export type GroupMember = {
  /** Id of the subject. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly type: 'user' | 'service' | 'group';
  /** When it was made. */
  readonly created_at: string;
  /** When they came into the group. */
  readonly since: string;
  /** Its e-mail address. */
  readonly email?: string;
};

/** Who the token is of. */
export type CurrentUser = {
  /** Id of the subject. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly type: 'user' | 'service' | 'group';
  /** When it was made. */
  readonly created_at: string;
  /** Id of the org to the role of the org. */
  readonly roles: { readonly [key: string]: string };
  /** Always empty. */
  readonly properties: { readonly [key: string]: Json };
  /** The e-mail address. */
  readonly email?: string;
};

/** Somebody who was invited. No mail is sent: an administrator hands over a token. */
export type Invitation = {
  /** The e-mail address. */
  readonly email: string;
  /** Id of the user that was made. */
  readonly user_id: string;
  /** When they were invited. */
  readonly created_at: string;
  /** Id of the subject that invited them. */
  readonly created_by: string;
  /** The end of the year 9999: an invitation does not end. */
  readonly expires_at: string;
};

/** Something that a subject may do. */
export type HeldPermission = {
  /** What. */
  readonly permission: string;
  /** Id of the org. */
  readonly org_id: string;
  /** The roles that allow it. */
  readonly reason: string;
  /** Only in this app. Absent: in the whole org. */
  readonly app_id?: string;
  /** Only on environments of this type. */
  readonly env_type?: string;
};

/** A token, without the secret. */
export type TokenInfo = {
  /** Id of the token. */
  readonly id: string;
  /** Always `static`. */
  readonly type: 'static';
  /** What it is for. */
  readonly description: string;
  /** When it was made. */
  readonly created_at: string;
  /** Id of the subject that made it. */
  readonly created_by: string;
  /** When it ends. Absent: never. */
  readonly expires_at?: string;
  /** When it was used last, to the hour. Absent: never. */
  readonly last_used_at?: string;
};

/** A new token. It is shown this once; only a keyed hash of it is kept. */
export type Token = {
  /** The token. */
  readonly token: string;
  /** Always `static`. */
  readonly type: 'static';
};

/** The Platform Orchestrator that the steps of an org act on; its token is shown nowhere. */
export type OrchestratorSetting = {
  /** The base URL of its API: http or https, without user name, query and fragment. */
  readonly base_url: string;
  /** When it was last set. */
  readonly updated_at: string;
  /** Id of the subject that set it. */
  readonly updated_by: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
};

/** The Platform Orchestrator that the steps of an org are to act on. */
export type OrchestratorRequest = {
  /** The base URL of its API: http or https, without user name, query and fragment. */
  readonly base_url: string;
  /** The token of a service user of it. It is kept sealed. */
  readonly token: string;
};

/** One change, or one request that was refused. It is written once. */
export type AuditLogEntry = {
  /** Id of the entry: a UUID that sorts by time. */
  readonly id: string;
  /** When it happened. */
  readonly at: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the subject; `anonymous` when the request had no token that is known. */
  readonly user_id: string;
  /** The operation, by its operationId, or what a step of a run tried. */
  readonly action: string;
  /** The permission that was judged. */
  readonly permission: string;
  /** What was decided. */
  readonly decision: 'allowed' | 'refused';
  /** Why. */
  readonly reason: string;
  /** Method of the request; `RUN`: a step of a run did it; `BATCH`: artefacts that were pushed did; `EVENT`: an event did; `DELIVERY`: what came of telling a webhook did. */
  readonly request_method: string;
  /** What was acted on. A part that no id can be is not kept: its placeholder stands there. */
  readonly request_path: string;
  /** Status of the answer. */
  readonly response_status: number;
  /** What tells the change apart, such as the role that was given. Never a secret. */
  readonly details: { readonly [key: string]: string };
  /** Finds the request in the log of the server. */
  readonly request_id?: string;
};

/** An event that should have started a pipeline and could not. It is kept as long as runs are. */
export type RefusedStart = {
  /** Id: a UUID that sorts by the time of the event. */
  readonly id: string;
  /** Id of the org. */
  readonly org_id: string;
  /** Id of the app. */
  readonly app_id: string;
  /** Id of the pipeline. */
  readonly pipeline_id: string;
  /** How the event asked for a run: it met the trigger `event`, or it is a `Pipeline Call`. */
  readonly trigger: 'event' | 'pipeline_call';
  /** `started`: somebody tried again, and it went well. */
  readonly status: 'refused' | 'started';
  /** Code of why the last attempt was refused. */
  readonly error: string;
  /** Why, for a person. */
  readonly message: string;
  /** When it was refused first. */
  readonly created_at: string;
  /** How many attempts there were. */
  readonly attempts: number;
  /** The event, without its detail. */
  readonly event: {
    /** Id of the event. */
    readonly id: string;
    /** Where it comes from. */
    readonly source: string;
    /** What kind of event it is. */
    readonly 'detail-type': string;
  };
  /** As a request would have been told: `inputs` has one entry per wrong input. */
  readonly details?: { readonly [key: string]: Json };
  /** When somebody tried again last. */
  readonly retried_at?: string;
  /** Id of the run that it started in the end. */
  readonly run_id?: string;
};

/** Who calls pipelines by events with the detail-type `Pipeline Call`. */
export type EventCallers = {
  /** An entry that names the source goes before one that takes any. */
  readonly callers: readonly ({
    /** The AWS account that the events come from. */
    readonly account: string;
    /** Id of the service user (`s-…`). */
    readonly service_user: string;
    /** Source of the events. Whoever may put events on the bus from the account chooses it. */
    readonly source?: string;
  })[];
};

/** The `detail` of the event `Pipeline Run Status Change` with the source `pipecall`. More keys may come. */
export type PipelineRunStatusChange = {
  /** The same when an event is told again: sort out repetitions by it. */
  readonly id: string;
  readonly org_id: string;
  readonly app_id: string;
  readonly pipeline_id: string;
  readonly run_id: string;
  /** When it happened. */
  readonly at: string;
  /** How many events are before it, each of which started the run of the next. At 5 it starts no run. */
  readonly event_depth: number;
  readonly pipeline_version: string;
  readonly status: 'queued' | 'executing' | 'succeeded' | 'failed' | 'cancelled';
  /** Why it ended as it did; secrets are masked. */
  readonly status_message: string;
  readonly trigger: string;
  readonly created_by: string;
  readonly run_as: string;
  readonly env_ids: readonly (string)[];
  /** Only where some pipeline of the deployment has a trigger for such events. */
  readonly pipelines_listen?: true;
  /** Only where the app has a webhook. */
  readonly webhooks_listen?: true;
};

/** The `detail` of the event `Approval Status Change` with the source `pipecall`. More keys may come. */
export type ApprovalStatusChange = {
  /** The same when an event is told again: sort out repetitions by it. */
  readonly id: string;
  readonly org_id: string;
  readonly app_id: string;
  readonly pipeline_id: string;
  readonly run_id: string;
  /** When it happened. */
  readonly at: string;
  /** How many events are before it, each of which started the run of the next. At 5 it starts no run. */
  readonly event_depth: number;
  readonly approval_id: string;
  readonly job_id: string;
  readonly env_id: string;
  readonly status: 'waiting' | 'approved' | 'denied' | 'cancelled';
  /** What was asked; secrets are masked. */
  readonly message: string;
  /** Who said something so far. */
  readonly decided_by: readonly (string)[];
  /** Only where some pipeline of the deployment has a trigger for such events. */
  readonly pipelines_listen?: true;
  /** Only where the app has a webhook. */
  readonly webhooks_listen?: true;
};

/** Whom an app tells of what becomes of its runs and approvals. */
export type Webhook = {
  /** Id of the webhook. */
  readonly id: string;
  /** Where events are posted to. Whoever may not change the webhook sees its beginning, up to the host. */
  readonly url: string;
  /** For people. */
  readonly description: string;
  /** What it is told of. Empty: everything, also what is added later. */
  readonly triggers: readonly (Json)[];
  /** It is told of nothing. */
  readonly disabled: boolean;
  /** Always empty: what is sent has the headers of Standard Webhooks. */
  readonly headers: { readonly [key: string]: Json };
  /** Always empty: what is sent is the event. */
  readonly payload: { readonly [key: string]: Json };
  /** When it was created. */
  readonly created_at: string;
  /** Id of who created it. */
  readonly created_by: string;
  /** When it last changed. */
  readonly updated_at: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
  /** `by_request`: somebody said so. `gone`: the receiver answered 410. `failing`: no attempt went well for 5 days. */
  readonly disabled_reason?: 'by_request' | 'gone' | 'failing';
  /** When the first attempt failed after the last one that went well. */
  readonly failing_since?: string;
  /** Until then a secret before the current one signs too. */
  readonly previous_secret_until?: string;
};

/** A webhook and the secret that signs what is sent to it. No other answer holds the secret. */
export type WebhookWithSecret = {
  /** Id of the webhook. */
  readonly id: string;
  /** Where events are posted to. Whoever may not change the webhook sees its beginning, up to the host. */
  readonly url: string;
  /** For people. */
  readonly description: string;
  /** What it is told of. Empty: everything, also what is added later. */
  readonly triggers: readonly (Json)[];
  /** It is told of nothing. */
  readonly disabled: boolean;
  /** Always empty: what is sent has the headers of Standard Webhooks. */
  readonly headers: { readonly [key: string]: Json };
  /** Always empty: what is sent is the event. */
  readonly payload: { readonly [key: string]: Json };
  /** When it was created. */
  readonly created_at: string;
  /** Id of who created it. */
  readonly created_by: string;
  /** When it last changed. */
  readonly updated_at: string;
  /** Changes with every change of the object; also the header ETag, unquoted. */
  readonly etag: string;
  /** As Standard Webhooks writes it. */
  readonly secret: string;
  /** `by_request`: somebody said so. `gone`: the receiver answered 410. `failing`: no attempt went well for 5 days. */
  readonly disabled_reason?: 'by_request' | 'gone' | 'failing';
  /** When the first attempt failed after the last one that went well. */
  readonly failing_since?: string;
  /** Until then a secret before the current one signs too. */
  readonly previous_secret_until?: string;
};

/** A webhook to be added. */
export type NewWebhook = {
  /** Where to: https:, without user name, password and fragment. Loopback and private addresses take http:. */
  readonly url: string;
  /** Default: a random one. */
  readonly id?: string;
  /** For people. */
  readonly description?: string;
  /** What it is told of. Empty: everything, also what is added later. */
  readonly triggers?: readonly (Json)[];
  /** Default: false. */
  readonly disabled?: boolean;
};

/** What is to change of a webhook. */
export type WebhookChange = {
  /** Where to. */
  readonly url?: string;
  /** For people. */
  readonly description?: string;
  /** What it is told of. Empty: everything, also what is added later. */
  readonly triggers?: readonly (Json)[];
  /** False forgets what failed before. */
  readonly disabled?: boolean;
};

/** What a webhook is told of one event. It is listed for 30 days. */
export type WebhookDelivery = {
  /** Id: a UUID that sorts by the time of the event. */
  readonly id: string;
  /** Id of the webhook. */
  readonly webhook_id: string;
  /** What is sent as `webhook-id`: the same for every attempt. */
  readonly event_id: string;
  /** What happened: `scope.type`. */
  readonly type: string;
  /** `pending`: to be sent, perhaps again. `failed`: it is not sent any more, unless somebody has it redelivered. */
  readonly status: 'pending' | 'delivered' | 'failed';
  /** How many attempts began. */
  readonly attempts: number;
  /** When it was recorded. */
  readonly created_at: string;
  /** When the last attempt began. */
  readonly last_attempt_at?: string;
  /** When the next attempt begins, or a little later. */
  readonly next_attempt_at?: string;
  /** What the receiver answered to the last attempt. */
  readonly response_status_code?: number;
  /** Why the last attempt failed; docs/events.md lists the codes. */
  readonly error?: string;
  /** Why, for a person. */
  readonly message?: string;
};

/** What a webhook is sent of a run. */
export type PipelineRunWebhookEvent = {
  /** What happened. */
  readonly type: 'pipeline_run.queued' | 'pipeline_run.executing' | 'pipeline_run.succeeded' | 'pipeline_run.failed' | 'pipeline_run.cancelled';
  /** When it happened. */
  readonly timestamp: string;
  readonly data: PipelineRunStatusChange;
};

/** What a webhook is sent of an approval. */
export type ApprovalWebhookEvent = {
  /** What happened. */
  readonly type: 'approval.waiting' | 'approval.approved' | 'approval.denied' | 'approval.cancelled';
  /** When it happened. */
  readonly timestamp: string;
  readonly data: ApprovalStatusChange;
};

/** What a webhook is sent when somebody tries it out. */
export type TestWebhookEvent = {
  /** A test. */
  readonly type: 'webhook.test';
  /** When it happened. */
  readonly timestamp: string;
  /** What it is about. */
  readonly data: {
    /** Of this test. */
    readonly id: string;
    /** Id of the org. */
    readonly org_id: string;
    /** Id of the app. */
    readonly app_id: string;
    /** Id of the webhook. */
    readonly webhook_id: string;
    /** Id of who asked for it. */
    readonly requested_by: string;
  };
};

/** Method and path of every operation. */
export const OPERATIONS = {
  getHealth: 'GET /healthz',
  getOpenApi: 'GET /openapi.json',
  listPipelinesInOrg: 'GET /orgs/{org}/pipelines',
  listPipelines: 'GET /orgs/{org}/apps/{app}/pipelines',
  createPipeline: 'POST /orgs/{org}/apps/{app}/pipelines',
  getPipeline: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}',
  updatePipeline: 'PATCH /orgs/{org}/apps/{app}/pipelines/{pipeline}',
  deletePipeline: 'DELETE /orgs/{org}/apps/{app}/pipelines/{pipeline}',
  listPipelineVersions: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/versions',
  getPipelineSchema: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/schema',
  getInputsSchema: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/inputs-schema',
  getLanguageSchema: 'GET /orgs/{org}/pipeline-schemas/latest',
  createRun: 'POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs',
  cancelRun: 'POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/cancel',
  restartRun: 'POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/restart',
  deleteRun: 'DELETE /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}',
  listRunsInOrg: 'GET /orgs/{org}/pipeline-runs',
  listRuns: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs',
  getRun: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}',
  listJobs: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/jobs',
  getJob: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/jobs/{job}',
  listStepLogs: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/jobs/{job}/steps/{step}/logs',
  listCriteria: 'GET /orgs/{org}/apps/{app}/pipeline-criteria',
  createCriterion: 'POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/criteria',
  getCriterion: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/criteria/{criterion}',
  deleteCriterion: 'DELETE /orgs/{org}/apps/{app}/pipelines/{pipeline}/criteria/{criterion}',
  createRunByCriteria: 'POST /orgs/{org}/apps/{app}/pipeline-runs',
  createArtefactVersion: 'POST /orgs/{org}/artefact-versions',
  getBatch: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/batches/artefact',
  listApprovals: 'GET /orgs/{org}/apps/{app}/approvals',
  getApproval: 'GET /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/jobs/{job}/approvals/{approval}',
  approve: 'POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/jobs/{job}/approvals/{approval}/approve',
  deny: 'POST /orgs/{org}/apps/{app}/pipelines/{pipeline}/runs/{run}/jobs/{job}/approvals/{approval}/deny',
  listActions: 'GET /orgs/{org}/actions',
  createAction: 'POST /orgs/{org}/actions',
  getAction: 'GET /orgs/{org}/actions/{action}',
  postCallback: 'POST /callbacks/{callback}',
  listApps: 'GET /orgs/{org}/apps',
  createApp: 'POST /orgs/{org}/apps',
  getApp: 'GET /orgs/{org}/apps/{app}',
  updateApp: 'PATCH /orgs/{org}/apps/{app}',
  deleteApp: 'DELETE /orgs/{org}/apps/{app}',
  listEnvTypes: 'GET /orgs/{org}/env-types',
  createEnvType: 'POST /orgs/{org}/env-types',
  getEnvType: 'GET /orgs/{org}/env-types/{envType}',
  deleteEnvType: 'DELETE /orgs/{org}/env-types/{envType}',
  listEnvironments: 'GET /orgs/{org}/apps/{app}/envs',
  createEnvironment: 'POST /orgs/{org}/apps/{app}/envs',
  getEnvironment: 'GET /orgs/{org}/apps/{app}/envs/{env}',
  updateEnvironment: 'PATCH /orgs/{org}/apps/{app}/envs/{env}',
  deleteEnvironment: 'DELETE /orgs/{org}/apps/{app}/envs/{env}',
  listValues: 'GET /orgs/{org}/apps/{app}/values',
  createValue: 'POST /orgs/{org}/apps/{app}/values',
  deleteValues: 'DELETE /orgs/{org}/apps/{app}/values',
  getValue: 'GET /orgs/{org}/apps/{app}/values/{key}',
  replaceValue: 'PUT /orgs/{org}/apps/{app}/values/{key}',
  updateValue: 'PATCH /orgs/{org}/apps/{app}/values/{key}',
  deleteValue: 'DELETE /orgs/{org}/apps/{app}/values/{key}',
  getCurrentUser: 'GET /current-user',
  listUsersInOrg: 'GET /orgs/{org}/users',
  createServiceUser: 'POST /orgs/{org}/users',
  getUserInOrg: 'GET /orgs/{org}/users/{user}',
  updateUserInOrg: 'PATCH /orgs/{org}/users/{user}',
  removeUserFromOrg: 'DELETE /orgs/{org}/users/{user}',
  listPermissions: 'GET /orgs/{org}/users/{user}/perms',
  listInvitations: 'GET /orgs/{org}/invitations',
  inviteUser: 'POST /orgs/{org}/invitations',
  listUsersInApp: 'GET /orgs/{org}/apps/{app}/users',
  addUserToApp: 'POST /orgs/{org}/apps/{app}/users',
  getUserInApp: 'GET /orgs/{org}/apps/{app}/users/{user}',
  updateUserInApp: 'PATCH /orgs/{org}/apps/{app}/users/{user}',
  removeUserFromApp: 'DELETE /orgs/{org}/apps/{app}/users/{user}',
  listUsersInEnvType: 'GET /orgs/{org}/env-types/{envType}/users',
  addUserToEnvType: 'POST /orgs/{org}/env-types/{envType}/users',
  getUserInEnvType: 'GET /orgs/{org}/env-types/{envType}/users/{user}',
  updateUserInEnvType: 'PATCH /orgs/{org}/env-types/{envType}/users/{user}',
  removeUserFromEnvType: 'DELETE /orgs/{org}/env-types/{envType}/users/{user}',
  listGroups: 'GET /orgs/{org}/groups',
  createGroup: 'POST /orgs/{org}/groups',
  getGroup: 'GET /orgs/{org}/groups/{group}',
  updateGroup: 'PATCH /orgs/{org}/groups/{group}',
  deleteGroup: 'DELETE /orgs/{org}/groups/{group}',
  listMembers: 'GET /orgs/{org}/groups/{group}/users',
  addMember: 'POST /orgs/{org}/groups/{group}/users',
  removeMember: 'DELETE /orgs/{org}/groups/{group}/users/{user}',
  listTokens: 'GET /users/{user}/tokens',
  createToken: 'POST /users/{user}/tokens',
  getToken: 'GET /users/{user}/tokens/{token}',
  deleteToken: 'DELETE /users/{user}/tokens/{token}',
  getOrchestrator: 'GET /orgs/{org}/settings/orchestrator',
  setOrchestrator: 'PUT /orgs/{org}/settings/orchestrator',
  deleteOrchestrator: 'DELETE /orgs/{org}/settings/orchestrator',
  listAuditLog: 'GET /orgs/{org}/audit-logs',
  listRefusedStarts: 'GET /orgs/{org}/apps/{app}/refused-starts',
  getRefusedStart: 'GET /orgs/{org}/apps/{app}/refused-starts/{refusedStart}',
  retryRefusedStart: 'POST /orgs/{org}/apps/{app}/refused-starts/{refusedStart}/retry',
  getEventCallers: 'GET /orgs/{org}/settings/event-callers',
  putEventCallers: 'PUT /orgs/{org}/settings/event-callers',
  listWebhooks: 'GET /orgs/{org}/apps/{app}/webhooks',
  createWebhook: 'POST /orgs/{org}/apps/{app}/webhooks',
  getWebhook: 'GET /orgs/{org}/apps/{app}/webhooks/{webhook}',
  updateWebhook: 'PATCH /orgs/{org}/apps/{app}/webhooks/{webhook}',
  deleteWebhook: 'DELETE /orgs/{org}/apps/{app}/webhooks/{webhook}',
  rotateWebhookSecret: 'POST /orgs/{org}/apps/{app}/webhooks/{webhook}/rotate-secret',
  testWebhook: 'POST /orgs/{org}/apps/{app}/webhooks/{webhook}/test',
  listWebhookDeliveries: 'GET /orgs/{org}/apps/{app}/webhooks/{webhook}/deliveries',
  getWebhookDelivery: 'GET /orgs/{org}/apps/{app}/webhooks/{webhook}/deliveries/{delivery}',
  redeliverWebhookDelivery: 'POST /orgs/{org}/apps/{app}/webhooks/{webhook}/deliveries/{delivery}/redeliver',
} as const;

/** What every operation takes and answers. */
export type Operations = {
  /** Says that the API answers. */
  readonly getHealth: {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: Health;
  };
  /** Describes this API as OpenAPI 3.1. */
  readonly getOpenApi: {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: OpenApiDocument;
  };
  /** Lists the pipelines of an org, the newest first. */
  readonly listPipelinesInOrg: {
    readonly params: { readonly org: string };
    readonly query: { readonly app?: readonly string[]; readonly trigger?: string; readonly metadata?: { readonly [key: string]: string }; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly Pipeline[];
  };
  /** Lists the pipelines of an app, the newest first. */
  readonly listPipelines: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly trigger?: string; readonly metadata?: { readonly [key: string]: string }; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly Pipeline[];
  };
  /** Creates a pipeline from a definition. */
  readonly createPipeline: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly dry_run?: boolean };
    readonly body: string;
    readonly answer: Pipeline | undefined;
  };
  /** Reads a pipeline. */
  readonly getPipeline: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: { readonly version?: string };
    readonly body: undefined;
    readonly answer: Pipeline;
  };
  /** Replaces the definition of a pipeline; each change is a new version. */
  readonly updatePipeline: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: { readonly dry_run?: boolean };
    readonly body: string;
    readonly answer: Pipeline | undefined;
  };
  /** Deletes a pipeline; its runs stay readable until they expire. */
  readonly deletePipeline: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists the versions of a pipeline, the newest first. */
  readonly listPipelineVersions: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly PipelineVersion[];
  };
  /** Reads the definition, byte for byte as it was uploaded, or as JSON. */
  readonly getPipelineSchema: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: { readonly version?: string };
    readonly body: undefined;
    readonly answer: Definition;
  };
  /** Reads what a run takes, as the JSON Schema of the inputs of pipeline_call. */
  readonly getInputsSchema: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: { readonly version?: string };
    readonly body: undefined;
    readonly answer: JsonSchema | undefined;
  };
  /** Reads the JSON Schema of the pipeline language, for completion in an editor. */
  readonly getLanguageSchema: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: JsonSchema | undefined;
  };
  /** Starts a run. */
  readonly createRun: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: { readonly dry_run?: 'true' | 'false' | 'plan'; readonly version?: string };
    readonly body: RunRequest;
    readonly answer: RunPlan | PipelineRun | undefined;
  };
  /** Ends a run that did not begin, or asks one that executes to end. */
  readonly cancelRun: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Starts a run anew that is over. */
  readonly restartRun: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string };
    readonly query: {};
    readonly body: RestartRequest | undefined;
    readonly answer: PipelineRun;
  };
  /** Deletes a run that is over, with its jobs, logs and approvals. */
  readonly deleteRun: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists the runs of an org, the newest first. */
  readonly listRunsInOrg: {
    readonly params: { readonly org: string };
    readonly query: { readonly app?: readonly string[]; readonly pipeline?: readonly string[]; readonly status?: readonly ('queued' | 'executing' | 'succeeded' | 'failed' | 'cancelled')[]; readonly completed?: boolean; readonly env?: readonly string[]; readonly created_after?: string; readonly created_before?: string; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly PipelineRun[];
  };
  /** Lists the runs of a pipeline, the newest first. */
  readonly listRuns: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: { readonly status?: readonly ('queued' | 'executing' | 'succeeded' | 'failed' | 'cancelled')[]; readonly completed?: boolean; readonly env?: readonly string[]; readonly created_after?: string; readonly created_before?: string; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly PipelineRun[];
  };
  /** Reads a run. */
  readonly getRun: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: PipelineRun | undefined;
  };
  /** Lists the jobs of a run in the order of the definition. */
  readonly listJobs: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string };
    readonly query: { readonly status?: readonly ('pending' | 'executing' | 'succeeded' | 'failed' | 'cancelled' | 'skipped')[]; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly PipelineJobPartial[];
  };
  /** Reads a job with its steps and outputs. */
  readonly getJob: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string; readonly job: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: PipelineJob;
  };
  /** Lists the log lines of a step, the oldest first. */
  readonly listStepLogs: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string; readonly job: string; readonly step: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly PipelineStepLog[];
  };
  /** Lists which deployment requests start which pipelines of an app. */
  readonly listCriteria: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly pipeline?: string; readonly match?: { readonly [key: string]: string }; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly PipelineCriteria[];
  };
  /** Lets deployment requests that it matches start the pipeline. */
  readonly createCriterion: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: {};
    readonly body: PipelineCriteriaRequest;
    readonly answer: PipelineCriteria;
  };
  /** Reads a criterion. */
  readonly getCriterion: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly criterion: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: PipelineCriteria;
  };
  /** Deletes a criterion. */
  readonly deleteCriterion: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly criterion: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Starts a run of the pipeline whose criterion matches the request best. */
  readonly createRunByCriteria: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly dry_run?: 'true' | 'false' | 'plan' };
    readonly body: RunByCriteriaRequest;
    readonly answer: RunPlan | PipelineRun | undefined;
  };
  /** Tells of a new version of an artefact, which starts the pipelines that ask for it. */
  readonly createArtefactVersion: {
    readonly params: { readonly org: string };
    readonly query: { readonly dry_run?: boolean };
    readonly body: ArtefactVersionRequest;
    readonly answer: ArtefactVersion | undefined;
  };
  /** Reads which artefacts wait for the next run of a pipeline, and why the last ones were refused. */
  readonly getBatch: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: Batch;
  };
  /** Lists the approvals that runs of an app asked for, the newest first. */
  readonly listApprovals: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly pipeline?: readonly string[]; readonly run?: readonly string[]; readonly status?: readonly ('waiting' | 'approved' | 'denied' | 'cancelled')[]; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly ApprovalRequest[];
  };
  /** Reads an approval. */
  readonly getApproval: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string; readonly job: string; readonly approval: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: ApprovalRequest;
  };
  /** Approves. */
  readonly approve: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string; readonly job: string; readonly approval: string };
    readonly query: {};
    readonly body: ApprovalDecisionRequest | undefined;
    readonly answer: ApprovalRequest;
  };
  /** Denies. */
  readonly deny: {
    readonly params: { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string; readonly job: string; readonly approval: string };
    readonly query: {};
    readonly body: ApprovalDecisionRequest | undefined;
    readonly answer: ApprovalRequest;
  };
  /** Lists the actions that the org registered, the newest version of each, in the order of their names. */
  readonly listActions: {
    readonly params: { readonly org: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly Action[];
  };
  /** Registers an action, or the next version of one. */
  readonly createAction: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: ActionRequest;
    readonly answer: Action;
  };
  /** Reads the newest version of a registered action, or another one. */
  readonly getAction: {
    readonly params: { readonly org: string; readonly action: string };
    readonly query: { readonly version?: string };
    readonly body: undefined;
    readonly answer: Action;
  };
  /** Answers a step that waits for a callback, once; whoever has the URL may. */
  readonly postCallback: {
    readonly params: { readonly callback: string };
    readonly query: {};
    readonly body: CallbackPayload | undefined;
    readonly answer: undefined;
  };
  /** Lists the apps that the caller may read, in the order of their ids. */
  readonly listApps: {
    readonly params: { readonly org: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly Application[];
  };
  /** Creates an app; whoever does becomes its owner. */
  readonly createApp: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: ApplicationRequest;
    readonly answer: Application;
  };
  /** Reads an app. */
  readonly getApp: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: Application;
  };
  /** Renames an app. */
  readonly updateApp: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: NameRequest;
    readonly answer: Application;
  };
  /** Deletes an app with its pipelines, environments, values and roles; its runs stay until they expire. Repeat it when it was interrupted. */
  readonly deleteApp: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists the types of environments, in the order of their ids. */
  readonly listEnvTypes: {
    readonly params: { readonly org: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly EnvironmentType[];
  };
  /** Creates a type of environments. */
  readonly createEnvType: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: EnvironmentTypeRequest;
    readonly answer: EnvironmentType;
  };
  /** Reads a type of environments. */
  readonly getEnvType: {
    readonly params: { readonly org: string; readonly envType: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: EnvironmentType;
  };
  /** Deletes a type of environments that no environment has, with the roles on it. */
  readonly deleteEnvType: {
    readonly params: { readonly org: string; readonly envType: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: EnvironmentType;
  };
  /** Lists the environments of an app, in the order of their ids. */
  readonly listEnvironments: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly Environment[];
  };
  /** Creates an environment; whoever does needs to be deployer of its type. */
  readonly createEnvironment: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: EnvironmentRequest;
    readonly answer: Environment;
  };
  /** Reads an environment. */
  readonly getEnvironment: {
    readonly params: { readonly org: string; readonly app: string; readonly env: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: Environment;
  };
  /** Renames an environment; whoever does needs to be deployer of its type. */
  readonly updateEnvironment: {
    readonly params: { readonly org: string; readonly app: string; readonly env: string };
    readonly query: {};
    readonly body: NameRequest;
    readonly answer: Environment;
  };
  /** Deletes an environment; whoever does needs to be deployer of its type. */
  readonly deleteEnvironment: {
    readonly params: { readonly org: string; readonly app: string; readonly env: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists the values of an app by their keys; secret ones without what they hold. */
  readonly listValues: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: readonly Value[];
  };
  /** Adds a value to an app. */
  readonly createValue: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: NewValue;
    readonly answer: Value;
  };
  /** Deletes all values of an app. */
  readonly deleteValues: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Reads a value; a secret one without what it holds. */
  readonly getValue: {
    readonly params: { readonly org: string; readonly app: string; readonly key: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: Value;
  };
  /** Replaces a value. */
  readonly replaceValue: {
    readonly params: { readonly org: string; readonly app: string; readonly key: string };
    readonly query: {};
    readonly body: ValueReplacement;
    readonly answer: Value;
  };
  /** Changes what a value holds, its description, or both. */
  readonly updateValue: {
    readonly params: { readonly org: string; readonly app: string; readonly key: string };
    readonly query: {};
    readonly body: ValueChange;
    readonly answer: Value;
  };
  /** Deletes a value. */
  readonly deleteValue: {
    readonly params: { readonly org: string; readonly app: string; readonly key: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Says who the token is of. */
  readonly getCurrentUser: {
    readonly params: {};
    readonly query: {};
    readonly body: undefined;
    readonly answer: CurrentUser;
  };
  /** Lists who has a role of the org, the newest first. */
  readonly listUsersInOrg: {
    readonly params: { readonly org: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly OrgUser[];
  };
  /** Makes a service user. */
  readonly createServiceUser: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: NewServiceUser;
    readonly answer: OrgUser;
  };
  /** Reads somebody of the org. */
  readonly getUserInOrg: {
    readonly params: { readonly org: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: OrgUser;
  };
  /** Changes the role of the org. */
  readonly updateUserInOrg: {
    readonly params: { readonly org: string; readonly user: string };
    readonly query: {};
    readonly body: OrgRoleChange;
    readonly answer: OrgUser;
  };
  /** Removes somebody from the org with all roles; with the last org of theirs the user and its tokens. */
  readonly removeUserFromOrg: {
    readonly params: { readonly org: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Says what somebody may do in the org, and by which roles; everybody may ask about themselves. */
  readonly listPermissions: {
    readonly params: { readonly org: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: readonly HeldPermission[];
  };
  /** Lists who was invited and is in the org, by e-mail address. */
  readonly listInvitations: {
    readonly params: { readonly org: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly Invitation[];
  };
  /** Makes a user with an e-mail address; no mail is sent. */
  readonly inviteUser: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: NewInvitation;
    readonly answer: readonly OrgUser[];
  };
  /** Lists who has a role of the app, the newest first. */
  readonly listUsersInApp: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly AppUser[];
  };
  /** Gives somebody of the org a role of the app. */
  readonly addUserToApp: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: NewAppRole;
    readonly answer: AppUser;
  };
  /** Reads somebody who has a role of the app. */
  readonly getUserInApp: {
    readonly params: { readonly org: string; readonly app: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: AppUser;
  };
  /** Changes a role of the app. */
  readonly updateUserInApp: {
    readonly params: { readonly org: string; readonly app: string; readonly user: string };
    readonly query: {};
    readonly body: AppRoleChange;
    readonly answer: AppUser;
  };
  /** Takes a role of the app away. */
  readonly removeUserFromApp: {
    readonly params: { readonly org: string; readonly app: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists who has a role of the environment type, the newest first. */
  readonly listUsersInEnvType: {
    readonly params: { readonly org: string; readonly envType: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly EnvTypeUser[];
  };
  /** Gives somebody of the org a role of the environment type. */
  readonly addUserToEnvType: {
    readonly params: { readonly org: string; readonly envType: string };
    readonly query: {};
    readonly body: NewEnvTypeRole;
    readonly answer: EnvTypeUser;
  };
  /** Reads somebody who has a role of the environment type. */
  readonly getUserInEnvType: {
    readonly params: { readonly org: string; readonly envType: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: EnvTypeUser;
  };
  /** Changes a role of the environment type. */
  readonly updateUserInEnvType: {
    readonly params: { readonly org: string; readonly envType: string; readonly user: string };
    readonly query: {};
    readonly body: EnvTypeRoleChange;
    readonly answer: EnvTypeUser;
  };
  /** Takes a role of the environment type away. */
  readonly removeUserFromEnvType: {
    readonly params: { readonly org: string; readonly envType: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists the groups of the org, the newest first. */
  readonly listGroups: {
    readonly params: { readonly org: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly OrgUser[];
  };
  /** Makes a group. */
  readonly createGroup: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: NewGroup;
    readonly answer: OrgUser;
  };
  /** Reads a group. */
  readonly getGroup: {
    readonly params: { readonly org: string; readonly group: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: OrgUser;
  };
  /** Changes the name of a group or its role of the org. */
  readonly updateGroup: {
    readonly params: { readonly org: string; readonly group: string };
    readonly query: {};
    readonly body: GroupChange;
    readonly answer: OrgUser;
  };
  /** Deletes a group; its roles end for its members. */
  readonly deleteGroup: {
    readonly params: { readonly org: string; readonly group: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists who is in a group, the newest first. */
  readonly listMembers: {
    readonly params: { readonly org: string; readonly group: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly GroupMember[];
  };
  /** Puts somebody of the org into a group: its roles are theirs then. */
  readonly addMember: {
    readonly params: { readonly org: string; readonly group: string };
    readonly query: {};
    readonly body: NewMember;
    readonly answer: GroupMember;
  };
  /** Takes somebody out of a group. */
  readonly removeMember: {
    readonly params: { readonly org: string; readonly group: string; readonly user: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists the tokens of a user, the newest first; one lists their own. */
  readonly listTokens: {
    readonly params: { readonly user: string };
    readonly query: { readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly TokenInfo[];
  };
  /** Makes a token; one makes their own, and those of whose roles one could give. */
  readonly createToken: {
    readonly params: { readonly user: string };
    readonly query: {};
    readonly body: NewToken;
    readonly answer: Token;
  };
  /** Reads what is known of a token. */
  readonly getToken: {
    readonly params: { readonly user: string; readonly token: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: TokenInfo;
  };
  /** Deletes a token: the next request with it is refused. */
  readonly deleteToken: {
    readonly params: { readonly user: string; readonly token: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Reads which Platform Orchestrator the steps of an org act on, without its token. */
  readonly getOrchestrator: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: OrchestratorSetting;
  };
  /** Sets which Platform Orchestrator the steps of an org act on, and the token that they do it with. */
  readonly setOrchestrator: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: OrchestratorRequest;
    readonly answer: OrchestratorSetting;
  };
  /** Deletes the setting and the token; steps that need it fail from then on. */
  readonly deleteOrchestrator: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Lists the changes and refusals of an org, the newest first. */
  readonly listAuditLog: {
    readonly params: { readonly org: string };
    readonly query: { readonly actor?: readonly string[]; readonly action?: readonly string[]; readonly decision?: 'allowed' | 'refused'; readonly created_after?: string; readonly created_before?: string; readonly from?: string; readonly to?: string; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly AuditLogEntry[];
  };
  /** Lists the events that should have started pipelines of an app and could not, the newest first. */
  readonly listRefusedStarts: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: { readonly pipeline?: readonly string[]; readonly status?: 'refused' | 'started'; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly RefusedStart[];
  };
  /** Reads a refused start. */
  readonly getRefusedStart: {
    readonly params: { readonly org: string; readonly app: string; readonly refusedStart: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: RefusedStart;
  };
  /** Lets the event start the pipeline once more, as if it came now. */
  readonly retryRefusedStart: {
    readonly params: { readonly org: string; readonly app: string; readonly refusedStart: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: RefusedStart;
  };
  /** Reads who calls pipelines by events, and as which service users. */
  readonly getEventCallers: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: EventCallers;
  };
  /** Says who calls pipelines by events, and as which service users. */
  readonly putEventCallers: {
    readonly params: { readonly org: string };
    readonly query: {};
    readonly body: EventCallers;
    readonly answer: EventCallers;
  };
  /** Lists the webhooks of an app by their ids. */
  readonly listWebhooks: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: readonly Webhook[];
  };
  /** Adds a webhook to an app; the answer, and no other, holds the secret that signs what is sent. */
  readonly createWebhook: {
    readonly params: { readonly org: string; readonly app: string };
    readonly query: {};
    readonly body: NewWebhook;
    readonly answer: WebhookWithSecret;
  };
  /** Reads a webhook; whoever may not change it sees the host of its URL only. */
  readonly getWebhook: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: Webhook;
  };
  /** Changes a webhook; `disabled: false` enables it again. */
  readonly updateWebhook: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string };
    readonly query: {};
    readonly body: WebhookChange;
    readonly answer: Webhook;
  };
  /** Deletes a webhook; what waits for it is not sent. */
  readonly deleteWebhook: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Gives a webhook a new secret; the one before signs beside it for 24 hours. */
  readonly rotateWebhookSecret: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: WebhookWithSecret;
  };
  /** Sends a test event to a webhook, once. */
  readonly testWebhook: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: WebhookDelivery;
  };
  /** Lists what a webhook was told of in the last 30 days, the newest events first. */
  readonly listWebhookDeliveries: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string };
    readonly query: { readonly status?: 'pending' | 'delivered' | 'failed'; readonly per_page?: number; readonly page?: string };
    readonly body: undefined;
    readonly answer: readonly WebhookDelivery[];
  };
  /** Reads what became of a delivery. */
  readonly getWebhookDelivery: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string; readonly delivery: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: WebhookDelivery;
  };
  /** Sends an event to a webhook once more, under the same webhook-id and with all attempts. */
  readonly redeliverWebhookDelivery: {
    readonly params: { readonly org: string; readonly app: string; readonly webhook: string; readonly delivery: string };
    readonly query: {};
    readonly body: undefined;
    readonly answer: WebhookDelivery;
  };
};
