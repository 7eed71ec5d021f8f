import {
  instanceOfBatch,
  instanceOfContainerArtefactVersion,
  instanceOfPipeline,
  instanceOfPipelineApprovalRequest,
  instanceOfPipelineDeploymentRequestCriteria,
  instanceOfPipelineJob,
  instanceOfPipelineJobPartial,
  instanceOfPipelineRun,
  instanceOfPipelineStep,
  instanceOfPipelineStepLog,
  instanceOfPipelineVersion,
  type PublicApi,
} from '@humanitec/autogen';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HumanitecClient, made, openHumanitecClient, refused } from '../kit/humanitec-client.ts';

let client: HumanitecClient;
let api: PublicApi;

beforeAll(async () => {
  client = await openHumanitecClient();
  api = client.api;
});

afterAll(() => client?.close());

const orgId = 'demo';
const appId = 'hello';
const at = (pipelineId: string) => ({ orgId, appId, pipelineId });
const yaml = (text: string): Blob => new Blob([text]);

const define = (id: string, jobs: string, inputs = '{}'): string =>
  `id: ${id}\nname: ${id}\nmetadata: { team: a }\non: { pipeline_call: { inputs: ${inputs} } }\njobs:\n${jobs}`;
const LOGS = `  one: { steps: [{ name: say, uses: actions/humanitec/log@v1, with: { message: "hi \${{ inputs.who }}" } }] }
  two: { needs: one, steps: [{ uses: actions/humanitec/log@v1, with: { message: two } }] }`;
const WHO = '{ who: { type: string, default: you } }';
const SLEEPS = '  nap: { steps: [{ uses: actions/humanitec/sleep@v1, with: { seconds: 3000 } }] }';
const ASKS =
  '  ask: { steps: [{ uses: actions/humanitec/approve@v1, with: { env_id: development, message: "Shall we?" } }] }';

/** Looks until the run is over; the limit of the test is the only other end. */
async function untilOver(pipelineId: string, runId: string) {
  for (;;) {
    const run = await api.getPipelineRun({ ...at(pipelineId), runId });
    if (run.completed_at !== undefined) return run;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

const start = async (pipelineId: string, inputs: { [key: string]: string } = {}) =>
  made(await api.createPipelineRun({ ...at(pipelineId), PipelineRunCreateBody: { inputs } }));

/** The token that the next page of a list is asked with. */
function nextPage(): string | undefined {
  const link = /<([^>]+)>; rel="next"/.exec(client.heard().headers.get('link') ?? '')?.[1];
  return link === undefined ? undefined : (new URL(link, client.server.url).searchParams.get('page') ?? undefined);
}

describe('pipelines', () => {
  it('are created, read, listed, changed and deleted', async () => {
    const text = define('life', LOGS, WHO);
    const created = made(await api.createPipeline({ orgId, appId, body: yaml(text) }));
    expect(client.heard().status).toBe(201);
    expect(client.isOne(instanceOfPipeline)).toBe(true);
    expect(created).toMatchObject({
      id: 'life',
      org_id: orgId,
      app_id: appId,
      name: 'life',
      status: 'active',
      trigger_types: ['pipeline_call'],
      metadata: { team: 'a' },
    });
    expect(created.created_at.getTime()).toBeGreaterThan(0);

    expect(await api.getPipeline(at('life'))).toEqual(created);
    expect(client.isOne(instanceOfPipeline)).toBe(true);
    expect((await api.listPipelines({ orgId, appId, metadata: { team: 'a' } })).map(one => one.id)).toContain('life');
    expect(client.isListOf(instanceOfPipeline)).toBe(true);
    expect(
      (await api.listPipelinesInOrg({ orgId, app: [appId], trigger: 'pipeline_call' })).map(one => one.id),
    ).toContain('life');
    expect(await api.listPipelines({ orgId, appId, metadata: { team: 'b' } })).toEqual([]);

    const renamed = yaml(text.replace('name: life', 'name: Life'));
    const changed = made(await api.updatePipeline({ ...at('life'), body: renamed, If_Match: created.etag }));
    expect(client.heard().status).toBe(200);
    expect(changed).toMatchObject({ id: 'life', name: 'Life' });
    expect(changed.version).not.toBe(created.version);
    expect(
      await refused(api.updatePipeline({ ...at('life'), body: yaml(text), If_Match: created.etag })),
    ).toMatchObject({ status: 412 });

    const versions = await api.listPipelineVersions(at('life'));
    expect(versions.map(version => version.id)).toEqual([changed.version, created.version]);
    expect(client.isListOf(instanceOfPipelineVersion)).toBe(true);
    expect(await api.getPipeline({ ...at('life'), version: created.version })).toMatchObject({
      version: created.version,
      name: 'life',
    });

    const definition = await api.getPipelineDefinition({ ...at('life'), Accept: 'application/json' });
    expect(definition).toMatchObject({ name: 'Life', jobs: { two: { needs: 'one' } } });
    const schema = await api.getLatestPipelineDefinitionSchema({ orgId });
    expect(schema).toMatchObject({ properties: { jobs: expect.any(Object) } });

    await api.deletePipeline({ ...at('life'), If_Match: changed.etag });
    expect(client.heard().status).toBe(204);
    expect(await refused(api.getPipeline(at('life')))).toMatchObject({ status: 404 });
  });

  it('are checked without being stored', async () => {
    const text = define('dry', LOGS, WHO);
    expect(await api.createPipeline({ orgId, appId, body: yaml(text), dry_run: true })).toBe(null);
    expect(client.heard().status).toBe(204);
    expect(await refused(api.getPipeline(at('dry')))).toMatchObject({ status: 404 });
  });

  it('that are wrong are refused with every problem', async () => {
    expect(await refused(api.createPipeline({ orgId, appId, body: yaml('name: x\n') }))).toMatchObject({ status: 400 });
    expect(client.heard().body).toMatchObject({ details: { diagnostics: expect.any(Array) } });
  });
});

describe('runs', () => {
  it('are started, followed to their jobs and logs, and deleted', async () => {
    await api.createPipeline({ orgId, appId, body: yaml(define('greet', LOGS, WHO)) });
    const begun = await start('greet', { who: 'Ada' });
    expect(client.heard().status).toBe(201);
    expect(client.isOne(instanceOfPipelineRun)).toBe(true);
    expect(begun).toMatchObject({
      org_id: orgId,
      app_id: appId,
      env_ids: [],
      pipeline_id: 'greet',
      trigger: 'pipeline_call',
      inputs: { who: 'Ada' },
    });

    const run = await untilOver('greet', begun.id);
    expect(run).toMatchObject({ status: 'succeeded', waiting_for: {}, run_as: begun.run_as });
    expect(run.executing_at?.getTime()).toBeGreaterThanOrEqual(run.created_at.getTime());

    const place = { ...at('greet'), runId: run.id };
    const jobs = await api.listPipelineJobs(place);
    expect(jobs.map(job => [job.id, job.status])).toEqual([
      ['one', 'succeeded'],
      ['two', 'succeeded'],
    ]);
    expect(client.isListOf(instanceOfPipelineJobPartial)).toBe(true);
    expect(await api.listPipelineJobs({ ...place, status: ['failed', 'skipped'] })).toEqual([]);

    const job = await api.getPipelineJob({ ...place, jobId: 'one' });
    expect(client.isOne(instanceOfPipelineJob)).toBe(true);
    expect(job.steps).toMatchObject([{ index: 0, name: 'say', status: 'succeeded', related_entities: {} }]);
    expect(
      client.isOne(body => 'steps' in body && Array.isArray(body.steps) && body.steps.every(instanceOfPipelineStep)),
    ).toBe(true);

    const logs = await api.listPipelineStepLogs({ ...place, jobId: 'one', stepIndex: 0 });
    expect(logs).toMatchObject([{ at: expect.any(Date), level: 'info', message: 'hi Ada' }]);
    expect(client.isListOf(instanceOfPipelineStepLog)).toBe(true);

    const again = await api.restartPipelineRun(place);
    expect(client.heard().status).toBe(201);
    expect(again.id).not.toBe(run.id);
    expect(again.inputs).toEqual({ who: 'Ada' });
    expect(await untilOver('greet', again.id)).toMatchObject({ status: 'succeeded' });

    await api.deletePipelineRun({ ...place, If_Match: run.etag });
    expect(client.heard().status).toBe(204);
    expect(await refused(api.getPipelineRun(place))).toMatchObject({ status: 404 });
    expect(await refused(api.listPipelineJobs(place))).toMatchObject({ status: 404 });
  });

  it('are started once with one Idempotency-Key', async () => {
    await api.createPipeline({ orgId, appId, body: yaml(define('once', LOGS, WHO)) });
    const request = { ...at('once'), PipelineRunCreateBody: { inputs: {} }, Idempotency_Key: 'a-key' };
    const first = made(await api.createPipelineRun(request));
    expect(made(await api.createPipelineRun(request)).id).toBe(first.id);
    const other = { ...request, PipelineRunCreateBody: { inputs: { who: 'Eve' } } };
    expect(await refused(api.createPipelineRun(other))).toMatchObject({ status: 422 });
    await untilOver('once', first.id);
  });

  it('are cancelled', async () => {
    await api.createPipeline({ orgId, appId, body: yaml(define('naps', SLEEPS)) });
    const { id: runId } = await start('naps');
    const place = { ...at('naps'), runId };
    expect(await refused(api.deletePipelineRun(place))).toMatchObject({ status: 409 });
    await api.cancelPipelineRun(place);
    expect(client.heard().status).toBe(204);
    const run = await untilOver('naps', runId);
    expect(run.status).toBe('cancelled');
    expect(run.cancellation_requested_at).toBeInstanceOf(Date);
    expect(await refused(api.cancelPipelineRun(place))).toMatchObject({ status: 409 });
    expect(await refused(api.deletePipelineRun({ ...place, If_Match: '0000000000000000' }))).toMatchObject({
      status: 412,
    });
  });

  it('are listed page by page, newest first, with filters', async () => {
    await api.createPipeline({ orgId, appId, body: yaml(define('many', LOGS, WHO)) });
    const before = new Date();
    const started: string[] = [];
    for (let count = 0; count < 5; count += 1) started.push((await start('many')).id);
    for (const id of started) await untilOver('many', id);
    for (const list of [
      (page?: string) => api.listPipelineRuns({ ...at('many'), per_page: 2, ...(page === undefined ? {} : { page }) }),
      (page?: string) =>
        api.listPipelineRunsByOrg({
          orgId,
          app: [appId],
          pipeline: ['many'],
          created_after: new Date(before.getTime() - 1_000),
          per_page: 2,
          ...(page === undefined ? {} : { page }),
        }),
    ]) {
      const seen: string[] = [];
      let page: string | undefined;
      do {
        seen.push(...(await list(page)).map(run => run.id));
        page = nextPage();
      } while (page !== undefined);
      expect(seen).toEqual([...started].reverse());
    }
    expect(client.isListOf(instanceOfPipelineRun)).toBe(true);
    expect(await api.listPipelineRuns({ ...at('many'), status: ['failed', 'cancelled'] })).toEqual([]);
    expect(await api.listPipelineRuns({ ...at('many'), completed: true })).toHaveLength(5);
    expect(await api.listPipelineRuns({ ...at('many'), created_before: new Date(before.getTime() - 1_000) })).toEqual(
      [],
    );
    expect(await refused(api.listPipelineRuns({ ...at('many'), page: 'forged' }))).toMatchObject({ status: 400 });
  });

  it('with inputs that are wrong are refused', async () => {
    await api.createPipeline({
      orgId,
      appId,
      body: yaml(define('strict', LOGS, '{ who: { type: string, required: true } }')),
    });
    expect(await refused(start('strict'))).toMatchObject({ status: 400 });
    expect(await refused(start('no-such-pipeline'))).toMatchObject({ status: 404 });
  });
});

describe('approvals', () => {
  it.each([
    { decision: 'approve', status: 'approved', run: 'succeeded' },
    { decision: 'deny', status: 'denied', run: 'failed' },
  ] as const)('are listed, read and $status', async ({ decision, status, run: end }) => {
    const pipelineId = `asks-${decision}`;
    await api.createPipeline({ orgId, appId, body: yaml(define(pipelineId, ASKS)) });
    const { id: runId } = await start(pipelineId);
    const [waiting] = await untilAsked(runId);
    expect(client.isListOf(instanceOfPipelineApprovalRequest)).toBe(true);
    expect(waiting).toMatchObject({
      run_id: runId,
      job_id: 'ask',
      env_id: 'development',
      message: 'Shall we?',
      status: 'waiting',
    });
    expect(await api.getPipelineRun({ ...at(pipelineId), runId })).toMatchObject({ env_ids: ['development'] });
    const place = { ...at(pipelineId), runId, jobId: 'ask', approvalId: waiting?.id ?? '' };
    expect(await api.getPipelineApprovalRequest(place)).toEqual(waiting);
    const decided =
      decision === 'approve'
        ? await api.approvePipelineApprovalRequest(place)
        : await api.denyPipelineApprovalRequest(place);
    expect(client.heard().status).toBe(200);
    expect(client.isOne(instanceOfPipelineApprovalRequest)).toBe(true);
    expect(decided.status).toBe(status);
    if (decision === 'approve') {
      expect(decided).toMatchObject({ approved_by: expect.any(String), approved_at: expect.any(Date) });
    }
    expect(await untilOver(pipelineId, runId)).toMatchObject({ status: end });
  });

  async function untilAsked(runId: string) {
    for (;;) {
      const found = await api.listPipelineApprovalRequests({ orgId, appId, run: [runId], status: 'waiting' });
      if (found.length > 0) return found;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
});

describe('deployment requests', () => {
  it('start the pipeline whose criterion is the most specific', async () => {
    const text = (id: string) => define(id, LOGS, WHO).replace('on: {', 'on: { deployment_request: {},');
    for (const id of ['any-env', 'one-env']) await api.createPipeline({ orgId, appId, body: yaml(text(id)) });
    const create = (pipelineId: string, match: { env_id?: string; deployment_type?: string }) =>
      api.createPipelineCriteria({
        ...at(pipelineId),
        PipelineCriteriaCreateBody: { trigger: 'deployment_request', ...match },
      });
    await create('any-env', {});
    expect(client.heard().status).toBe(201);
    expect(client.isOne(instanceOfPipelineDeploymentRequestCriteria)).toBe(true);
    const special = await create('one-env', { env_id: 'development', deployment_type: 'deploy' });
    expect(special).toMatchObject({ pipeline_id: 'one-env', pipeline_name: 'one-env', env_id: 'development' });
    expect(await refused(create('any-env', {}))).toMatchObject({ status: 409 });

    const place = { ...at('one-env'), criteriaId: special.id };
    expect(await api.getPipelineCriteria(place)).toEqual(special);
    const all = await api.listPipelineCriteriaInApp({ orgId, appId });
    expect(client.isListOf(instanceOfPipelineDeploymentRequestCriteria)).toBe(true);
    expect(all.map(one => one.pipeline_id).toSorted()).toEqual(['any-env', 'one-env']);
    expect(await api.listPipelineCriteriaInApp({ orgId, appId, pipeline: 'one-env' })).toEqual([special]);
    expect(await api.listPipelineCriteriaInApp({ orgId, appId, match: { env_id: 'development' } })).toEqual([special]);

    const ask = (body: { delta_id?: string; deployment_id?: string }, more: { dry_run?: boolean } = {}) =>
      api.createPipelineRunByTriggerCriteria({
        ...{ orgId, appId, ...more },
        PipelineRunCreateByTriggerCriteriaBody: { trigger: 'deployment_request', env_id: 'development', ...body },
      });
    expect(await ask({ delta_id: 'abc' }, { dry_run: true })).toBe(null);
    const run = made(await ask({ delta_id: 'abc' }));
    expect(client.heard().status).toBe(201);
    expect(client.isOne(instanceOfPipelineRun)).toBe(true);
    expect(run).toMatchObject({
      pipeline_id: 'one-env',
      trigger: 'deployment_request',
      inputs: { env_id: 'development', delta_id: 'abc' },
      env_ids: ['development'],
    });
    expect(await untilOver('one-env', run.id)).toMatchObject({ status: 'succeeded' });
    expect(made(await ask({ deployment_id: 'abc' })).pipeline_id).toBe('any-env');
    expect(await refused(ask({ delta_id: 'abc', deployment_id: 'def' }))).toMatchObject({ status: 400 });

    await api.deletePipelineCriteria(place);
    expect(client.heard().status).toBe(204);
    expect(made(await ask({ delta_id: 'abc' })).pipeline_id).toBe('any-env');
    for (const pipelineId of ['any-env', 'one-env']) {
      for (const { id } of await api.listPipelineRuns(at(pipelineId))) await untilOver(pipelineId, id);
      await api.deletePipeline(at(pipelineId));
    }
    expect(await refused(ask({ delta_id: 'abc' }))).toMatchObject({ status: 404 });
  });
});

describe('artefacts', () => {
  it('start a run, and wait for the next one meanwhile', async () => {
    const steps =
      '{ steps: [{ uses: actions/humanitec/log@v1, with: { message: "${{ inputs.container_artefacts[0].version }}" } }] }';
    const text = `id: rolls\nname: Rolls\non: { artefact: { type: container, include: ["shop/.*"] } }\njobs: { a: ${steps} }`;
    await api.createPipeline({ orgId, appId, body: yaml(text) });
    const push = (name: string, version: string) =>
      api.createArtefactVersion({ orgId, CreateArtefactVersion: { type: 'container', name, version } });
    const pushed = made(await push('shop/web', '1'));
    expect(client.heard().status).toBe(200);
    expect(client.isOne(instanceOfContainerArtefactVersion)).toBe(true);
    expect(made(await push('shop/web', '1')).id).toBe(pushed.id);
    await push('blog/web', '1');
    await push('shop/web', '2');
    const versions = new Set<string>();
    while (versions.size < 2) {
      for (const { id } of await api.listPipelineRuns(at('rolls'))) {
        const { inputs, status } = await untilOver('rolls', id);
        expect(status).toBe('succeeded');
        for (const one of inputs.container_artefacts) {
          expect(one.name).toBe('shop/web');
          versions.add(one.version);
        }
      }
    }
    expect([...versions].toSorted()).toEqual(['1', '2']);
    expect(await api.getBatch({ ...at('rolls'), batchType: 'artefact' })).toMatchObject({ items: [] });
    expect(client.isOne(instanceOfBatch)).toBe(true);
  });
});

describe('what this deployment does not allow', () => {
  it('a bad token is 401, an unknown org 404', async () => {
    const stranger = client.as('nobody');
    expect(await refused(stranger.listPipelines({ orgId, appId }))).toMatchObject({ status: 401 });
    expect(await refused(api.listPipelines({ orgId: 'elsewhere', appId }))).toMatchObject({ status: 404 });
  });
});
