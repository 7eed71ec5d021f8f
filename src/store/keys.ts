import type { Key } from '../ports/table.ts';

/**
 * Every key of the table has its home here. Ids cannot hold `/` or `#`, so parts cannot run into each other.
 *
 * | item | pk | sk | gsi1 | gsi2 |
 * |---|---|---|---|---|
 * | org | `ORGS` | id | | |
 * | app, or for how long its id is taken | `APPS#org` | id | | |
 * | type of environments (likewise) | `ENVTYPES#org` | id | | |
 * | environment | `ENVS#org/app` | id | `ENVSOFTYPE#org/type`, app/id | |
 * | value of an app | `VALUES#org/app` | key | | |
 * | entry of the audit log | `AUDIT#org` | entry id (ordered) | | |
 * | pipeline | `PIPELINES#org/app` | id | pipelines of the org, by time | pipelines of the app, by time |
 * | pipeline that artefacts start | `ARTEFACTPIPELINES#org` | type/app/pipeline | | |
 * | criterion: which pipeline a request starts | `CRITERIA#org/app` | id (made of what it matches) | | |
 * | registered action: its name | `ACTIONS#org` | name | | |
 * | a version of it | `ACTION#org/name` | `v` and six digits | | |
 * | version | `VERSIONS#org/app/pipeline` | version id (ordered) | | |
 * | run | `RUNS#org/app/pipeline` | run id (ordered) | runs of the org, by time | only while it is not over |
 * | job, log chunk, large value | `RUN#run` | `JOB#…`, `LOG#…`, `LARGE#…` | | |
 * | approval | `RUN#run` | `APPROVAL#id` | approvals of the app, by time | |
 * | callback that a step gave out | `RUN#run` | `CALLBACK#id` | | |
 * | concurrency group: who holds it | `GROUPS#org/app` | hash of its name | | |
 * | run that waits for its group | `QUEUE#org/app/hash` | run id (ordered) | | |
 * | run that waits for an event of AWS | `WAIT#arn` | `RUN` | | |
 * | event that the bus did not take | `OUTBOX` | time and id | | |
 * | Idempotency-Key | `IDEMPOTENCY#org/app/pipeline/subject` | hash of the key | | |
 * | event that started a pipeline | `IDEMPOTENCY#org/app/pipeline/event` | hash of the event's id | | |
 * | trigger `event` of a version | `EVENTTRIGGERS#=source`, `EVENTTRIGGERS#*` | org/app/pipeline/version | | |
 * | event that could not start a pipeline | `REFUSEDSTARTS#org/app` | id (ordered by the event's time) | | |
 * | webhook of an app | `WEBHOOKS#org/app` | id | | |
 * | event that a webhook is told of | `DELIVERIES#org/app/webhook/since` | id (ordered by the event's time) | | only while it is to be sent |
 * | who may call pipelines by events | `ORG#org` | `EVENTCALLERS` | | |
 * | version of an artefact that was pushed | `ARTEFACTS#org` | id (made of what it is) | | only until every pipeline has it |
 * | artefacts of a pipeline: its current run | `BATCHES#org/app` | pipeline | | |
 * | artefact that waits for a run of a pipeline | `BATCH#org/app/pipeline` | time#id | | all of them |
 * | artefact that a run of a pipeline took | `TAKEN#org/app/pipeline` | id | | |
 * | subject, its tokens | `SUBJECT#id` | `PROFILE`, `TOKEN#id` | | |
 * | its roles | `SUBJECT#id` | `ROLE#org`, `APPROLE#org/app`, `ENVROLE#org/type` | who has a role there, by time | groups of the org, by time |
 * | its groups | `SUBJECT#id` | `MEMBER#group` | members of the group, by time | |
 * | administrators of the org | `ORG#org` | `ADMINISTRATORS` | | |
 * | the org got its examples (local only) | `ORG#org` | `SEEDED` | | |
 * | its Platform Orchestrator | `ORG#org` | `ORCHESTRATOR` | | |
 * | invitation | `INVITATIONS#org` | e-mail address | | |
 */
export type AppPath = { readonly org: string; readonly app: string };
export type PipelinePath = AppPath & { readonly pipeline: string };
export type RunPath = PipelinePath & { readonly run: string };
/** Where a role is held. */
export type RolePlace =
  | { readonly scope: 'org'; readonly org: string }
  | { readonly scope: 'app'; readonly org: string; readonly app: string }
  | { readonly scope: 'env-type'; readonly org: string; readonly envType: string };

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

export const orgKey = (org: string): Key => ({ pk: 'ORGS', sk: org });

export const appsOfOrg = (org: string): string => `APPS#${org}`;
export const appKey = (path: AppPath): Key => ({ pk: appsOfOrg(path.org), sk: path.app });

export const envTypesOfOrg = (org: string): string => `ENVTYPES#${org}`;
export const envTypeKey = (org: string, type: string): Key => ({ pk: envTypesOfOrg(org), sk: type });

export const environmentsOfApp = (path: AppPath): string => `ENVS#${path.org}/${path.app}`;
export const environmentKey = (path: AppPath, id: string): Key => ({ pk: environmentsOfApp(path), sk: id });
export const environmentsOfType = (org: string, type: string): string => `ENVSOFTYPE#${org}/${type}`;

export const valuesOfApp = (path: AppPath): string => `VALUES#${path.org}/${path.app}`;
export const valueKey = (path: AppPath, key: string): Key => ({ pk: valuesOfApp(path), sk: key });

/** What every key of the log starts with: no role of the deployment may change or delete what lies there. */
export const AUDIT_PREFIX = 'AUDIT#';
export const auditLogOf = (org: string): string => `${AUDIT_PREFIX}${org}`;
export const auditKey = (org: string, id: string): Key => ({ pk: auditLogOf(org), sk: id });

export const pipelineKey = (path: PipelinePath): Key => ({
  pk: `PIPELINES#${path.org}/${path.app}`,
  sk: path.pipeline,
});
export const pipelinesOfOrg = (org: string): string => `PIPELINES#${org}`;
export const pipelinesOfApp = (path: AppPath): string => `PIPELINES#${path.org}/${path.app}`;
/** Position of a pipeline in both lists. Times are padded, so that their text sorts as they do. */
export const pipelinePosition = (createdAt: number, path: PipelinePath): string =>
  `${digits(createdAt, 15)}#${path.app}/${path.pipeline}`;

/** Pipelines that new versions of artefacts may start, by the type of these. */
export const artefactPipelinesOf = (org: string): string => `ARTEFACTPIPELINES#${org}`;
export const artefactPipelineKey = (path: PipelinePath, type: string): Key => ({
  pk: artefactPipelinesOf(path.org),
  sk: `${type}/${path.app}/${path.pipeline}`,
});

export const criteriaOf = (path: AppPath): string => `CRITERIA#${path.org}/${path.app}`;
export const criterionKey = (path: AppPath, id: string): Key => ({ pk: criteriaOf(path), sk: id });

export const artefactsOf = (org: string): string => `ARTEFACTS#${org}`;
export const artefactKey = (org: string, id: string): Key => ({ pk: artefactsOf(org), sk: id });
/** Partition of gsi2 with the artefacts that some pipeline may not have yet: few, for a push does not take long. */
export const OPEN_ARTEFACTS = 'OPENARTEFACTS';
export const batchKey = (path: PipelinePath): Key => ({ pk: `BATCHES#${path.org}/${path.app}`, sk: path.pipeline });
export const batchedOf = (path: PipelinePath): string => `BATCH#${path.org}/${path.app}/${path.pipeline}`;
/** Its text sorts by the time of the push. */
export const batchedKey = (path: PipelinePath, pushedAt: number, id: string): Key => ({
  pk: batchedOf(path),
  sk: `${digits(pushedAt, 15)}#${id}`,
});
/** Partition of gsi2 with all artefacts that wait. */
export const BATCHED = 'BATCHED';
export const takenKey = (path: PipelinePath, id: string): Key => ({
  pk: `TAKEN#${path.org}/${path.app}/${path.pipeline}`,
  sk: id,
});

export const versionsOf = (path: PipelinePath): string => `VERSIONS#${path.org}/${path.app}/${path.pipeline}`;
export const versionKey = (path: PipelinePath, version: string): Key => ({ pk: versionsOf(path), sk: version });

export const runsOf = (path: PipelinePath): string => `RUNS#${path.org}/${path.app}/${path.pipeline}`;
export const runKey = (path: RunPath): Key => ({ pk: runsOf(path), sk: path.run });
export const runsOfOrg = (org: string): string => `RUNS#${org}`;

/** Runs that are not over lie in this many partitions of the index, so that no single one limits how many may start. */
export const OPEN_SHARDS = 16;
export const openRuns = (shard: number): string => `OPEN#${digits(shard, 2)}`;
export const openShardOf = (run: string): number => Number.parseInt(run.slice(-1), 16) % OPEN_SHARDS;
export const openPosition = (path: RunPath): string => `${path.org}/${path.app}/${path.pipeline}/${path.run}`;

/** Undefined: nobody of ours put that there. */
export function runPathOfPosition(position: string): RunPath | undefined {
  const [org, app, pipeline, run] = position.split('/');
  return org === undefined || app === undefined || pipeline === undefined || run === undefined
    ? undefined
    : { org, app, pipeline, run };
}

export const partsOfRun = (run: string): string => `RUN#${run}`;
/** Jobs are known by their place in the definition: at most 100. */
export const jobKey = (run: string, job: number): Key => ({ pk: partsOfRun(run), sk: `JOB#${digits(job, 3)}` });
export const JOB_PREFIX = 'JOB#';
export const logKey = (run: string, job: number, chunk: number): Key => ({
  pk: partsOfRun(run),
  sk: `LOG#${digits(job, 3)}#${digits(chunk, 7)}`,
});
export const largeKey = (run: string, name: string, part: number): Key => ({
  pk: partsOfRun(run),
  sk: `LARGE#${name}#${digits(part, 3)}`,
});

export const approvalKey = (run: string, approval: string): Key => ({
  pk: partsOfRun(run),
  sk: `APPROVAL#${approval}`,
});
export const APPROVAL_PREFIX = 'APPROVAL#';
export const approvalsOfApp = (path: AppPath): string => `APPROVALS#${path.org}/${path.app}`;
export const approvalPosition = (createdAt: number, run: string, approval: string): string =>
  `${digits(createdAt, 15)}#${run}/${approval}`;

export const callbackKey = (run: string, callback: string): Key => ({
  pk: partsOfRun(run),
  sk: `CALLBACK#${callback}`,
});
export const CALLBACK_PREFIX = 'CALLBACK#';

export const actionsOfOrg = (org: string): string => `ACTIONS#${org}`;
export const actionNameKey = (org: string, name: string): Key => ({ pk: actionsOfOrg(org), sk: name });
export const versionsOfAction = (org: string, name: string): string => `ACTION#${org}/${name}`;
export const actionVersionKey = (org: string, name: string, version: number): Key => ({
  pk: versionsOfAction(org, name),
  sk: `v${digits(version, 6)}`,
});

/** Names of groups are free text; `group` is a hash of one. */
export const groupKey = (path: AppPath, group: string): Key => ({ pk: `GROUPS#${path.org}/${path.app}`, sk: group });
export const queueOf = (path: AppPath, group: string): string => `QUEUE#${path.org}/${path.app}/${group}`;
export const waiterKey = (path: AppPath, group: string, run: string): Key => ({ pk: queueOf(path, group), sk: run });

export const OUTBOX = 'OUTBOX';
export const outboxKey = (at: number, id: string): Key => ({ pk: OUTBOX, sk: `${digits(at, 15)}#${id}` });

/** `arn` of what was started for the run. */
export const waitKey = (arn: string): Key => ({ pk: `WAIT#${arn}`, sk: 'RUN' });

/** `key` is a hash of what the caller sent. */
export const idempotencyKey = (path: PipelinePath, caller: string, key: string): Key => ({
  pk: `IDEMPOTENCY#${path.org}/${path.app}/${path.pipeline}/${caller}`,
  sk: key,
});

/** Triggers that events of this source may meet; undefined: those that may be met by events of any source. */
export const eventTriggersOf = (source: string | undefined): string =>
  source === undefined ? 'EVENTTRIGGERS#*' : `EVENTTRIGGERS#=${source}`;
type VersionPath = PipelinePath & { readonly version: string };
export const eventTriggerKey = (source: string | undefined, path: VersionPath): Key => ({
  pk: eventTriggersOf(source),
  sk: `${path.org}/${path.app}/${path.pipeline}/${path.version}`,
});

export function versionPathOfTrigger(sk: string): VersionPath {
  const [org, app, pipeline, version] = sk.split('/');
  if (org === undefined || app === undefined || pipeline === undefined || version === undefined) {
    throw new Error(`'${sk}' is no position of an event trigger`);
  }
  return { org, app, pipeline, version };
}

export const refusedStartsOf = (path: AppPath): string => `REFUSEDSTARTS#${path.org}/${path.app}`;
export const refusedStartKey = (path: AppPath, id: string): Key => ({ pk: refusedStartsOf(path), sk: id });

export const webhooksOfApp = (path: AppPath): string => `WEBHOOKS#${path.org}/${path.app}`;
export const webhookKey = (path: AppPath, id: string): Key => ({ pk: webhooksOfApp(path), sk: id });
/** `since`: tells it from an earlier webhook of the same id. */
export type WebhookPath = AppPath & { readonly webhook: string; readonly since: string };
const nameOfWebhook = ({ org, app, webhook, since }: WebhookPath): string => `${org}/${app}/${webhook}/${since}`;
export const deliveriesOf = (path: WebhookPath): string => `DELIVERIES#${nameOfWebhook(path)}`;
export const deliveryKey = (path: WebhookPath, id: string): Key => ({ pk: deliveriesOf(path), sk: id });

/** Partitions of gsi2 with the deliveries that are to be sent. Those of one webhook are together, by their time. */
export const DUE_SHARDS = 4;
export const dueDeliveries = (shard: number): string => `WEBHOOKDUE#${digits(shard, 2)}`;
export const dueShardOf = ({ since }: WebhookPath): number => Number.parseInt(since.slice(-1), 16) % DUE_SHARDS;
export const duePrefix = (path: WebhookPath): string => `${nameOfWebhook(path)}/`;
/** Up to and with this time, if it goes before a digit; behind all of a webhook, if it is the largest. */
export const duePosition = (path: WebhookPath, due: number, id = ''): string =>
  `${duePrefix(path)}${digits(due, 15)}#${id}`;

/** Undefined: nobody of ours put that there. */
export function webhookOfPosition(
  position: string,
): { readonly path: WebhookPath; readonly due: number; readonly delivery: string } | undefined {
  const [org, app, webhook, since, rest] = position.split('/');
  const [, due = '', delivery = ''] = /^(\d{15})#(.*)$/.exec(rest ?? '') ?? [];
  return org === undefined || app === undefined || webhook === undefined || since === undefined || due === ''
    ? undefined
    : { path: { org, app, webhook, since }, due: Number(due), delivery };
}

export const eventCallersKey = (org: string): Key => ({ pk: `ORG#${org}`, sk: 'EVENTCALLERS' });

export const subjectKey = (subject: string): string => `SUBJECT#${subject}`;
export const subjectOfKey = ({ pk }: Pick<Key, 'pk'>): string => pk.slice('SUBJECT#'.length);
export const profileKey = (subject: string): Key => ({ pk: subjectKey(subject), sk: 'PROFILE' });
export const tokenKey = (subject: string, token: string): Key => ({ pk: subjectKey(subject), sk: `TOKEN#${token}` });
export const membershipKey = (subject: string, group: string): Key => ({
  pk: subjectKey(subject),
  sk: `MEMBER#${group}`,
});
export const membersOf = (group: string): string => `MEMBERS#${group}`;

export function roleKey(subject: string, place: RolePlace): Key {
  const pk = subjectKey(subject);
  switch (place.scope) {
    case 'org':
      return { pk, sk: `ROLE#${place.org}` };
    case 'app':
      return { pk, sk: `APPROLE#${place.org}/${place.app}` };
    case 'env-type':
      return { pk, sk: `ENVROLE#${place.org}/${place.envType}` };
  }
}

/** The partition of gsi1 with all who have a role there. */
export function usersOf(place: RolePlace): string {
  switch (place.scope) {
    case 'org':
      return `USERS#${place.org}`;
    case 'app':
      return `APPUSERS#${place.org}/${place.app}`;
    case 'env-type':
      return `ENVUSERS#${place.org}/${place.envType}`;
  }
}

/** The partition of gsi2 with the groups of users of an org. */
export const userGroupsOf = (org: string): string => `USERGROUPS#${org}`;
/** Position of a subject in these lists. */
export const subjectPosition = (createdAt: number, subject: string): string => `${digits(createdAt, 15)}#${subject}`;

export const administratorsKey = (org: string): Key => ({ pk: `ORG#${org}`, sk: 'ADMINISTRATORS' });
export const seededKey = (org: string): Key => ({ pk: `ORG#${org}`, sk: 'SEEDED' });
export const orchestratorKey = (org: string): Key => ({ pk: `ORG#${org}`, sk: 'ORCHESTRATOR' });
export const invitationsOf = (org: string): string => `INVITATIONS#${org}`;
export const invitationKey = (org: string, email: string): Key => ({ pk: invitationsOf(org), sk: email });
