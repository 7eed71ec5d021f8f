import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { versionKey } from '../../../src/store/keys.ts';
import { putRole } from '../../../src/store/roles.ts';
import { idOf, type Person } from '../../kit/api-world.ts';
import { type ArtefactRuns, artefactPipeline, openArtefactRuns } from '../../kit/artefact-runs.ts';

let all: ArtefactRuns;
beforeEach(async () => {
  all = await openArtefactRuns();
});
afterEach(() => all.world.close());

const DELEGATED = 'permissions: { application: developer }\n';

const namesOf = async (pipeline: string) => (await all.runs(pipeline)).map(run => run.names);
async function next(pipeline: string): Promise<void> {
  const run = (await all.runs(pipeline)).find(each => each.status === 'queued');
  if (run === undefined) throw new Error('nothing was started');
  await all.work(run);
}

describe('artefacts', () => {
  test('start a run at once when none is at work', async () => {
    await all.save('pp');
    const id = await all.push('web', { more: { version: '1', ref: 'main', commit: 'abc' } });
    const [run] = await all.runs('pp');
    expect(run).toMatchObject({ trigger: 'artefact', names: ['web'], createdBy: idOf('admin'), runAs: idOf('admin') });
    expect(all.world.executions.started).toMatchObject([{ name: run?.run }]);
    const path = `/orgs/acme/apps/shop/pipelines/pp/runs/${run?.run}`;
    expect((await all.world.client({ path })).json.inputs.container_artefacts).toEqual([
      {
        id,
        artefact_id: expect.any(String),
        type: 'container',
        name: 'web',
        version: '1',
        ref: 'main',
        commit: 'abc',
        created_at: '2030-01-01T00:00:00.000Z',
        created_by: idOf('admin'),
      },
    ]);
  });

  test('that come during a run are gathered, and become one run when it is over', async () => {
    await all.save('pp');
    await all.push('a');
    for (const name of ['b', 'c', 'd']) {
      await all.world.clock.advance(1);
      await all.push(name);
    }
    expect(await namesOf('pp')).toEqual([['a']]);
    const [first] = await all.runs('pp');
    expect(await all.waiting('pp')).toMatchObject({
      items: [{ type: 'artefact_version' }, {}, {}],
      run_id: first?.run,
    });
    await next('pp');
    expect(await namesOf('pp')).toEqual([['a'], ['b', 'c', 'd']]);
    expect((await all.waiting('pp')).items).toEqual([]);
    await all.push('e');
    await next('pp');
    expect(await namesOf('pp')).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
    await next('pp');
    expect(await all.waiting('pp')).toEqual({ items: [] });
  });

  test.each([[95], [2_000], [9_000]])('that no run could take (%i levels deep) are refused', async levels => {
    const spec = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const body = `{"type": "workload", "name": "deep", "spec": ${spec}}`;
    const answer = await all.world.client({ method: 'POST', path: '/orgs/acme/artefact-versions', body });
    expect(answer).toMatchObject({ status: 422, json: { error: 'INVALID_BODY' } });
    expect(answer.json.message).toMatch(/levels deep/);
  });

  test('reach the other pipelines when one cannot be read, and that one when it was mended', async () => {
    await all.save('aa');
    await all.save('pp');
    const { json } = await all.world.client({ path: '/orgs/acme/apps/shop/pipelines/aa' });
    const key = versionKey({ org: 'acme', app: 'shop', pipeline: 'aa' }, json.version);
    const before = (await all.world.table.get(key))?.text;
    // As if an earlier release had taken what this one refuses.
    await all.world.table.write({ update: key, set: { text: 'name: [' } });
    const id = await all.push('a');
    expect([await namesOf('aa'), await namesOf('pp')]).toEqual([[], [['a']]]);
    expect((await all.waiting('aa')).refused).toMatchObject({
      message: expect.stringContaining('Save the pipeline again'),
      items: [{ ref: id }],
    });
    await all.world.table.write({ update: key, set: { text: before ?? '' } });
    expect(await all.push('a')).toBe(id);
    expect([await namesOf('aa'), await namesOf('pp')]).toEqual([[['a']], [['a']]]);
  });

  test('that come again start nothing', async () => {
    await all.save('pp');
    const id = await all.push('a', { more: { version: '1' } });
    expect(await all.push('a', { more: { version: '1' } })).toBe(id);
    await next('pp');
    expect(await all.push('a', { more: { version: '1' } })).toBe(id);
    expect(await namesOf('pp')).toEqual([['a']]);
    expect(await all.push('a', { more: { version: '2' } })).not.toBe(id);
    expect(await namesOf('pp')).toEqual([['a'], ['a']]);
  });

  test('start every pipeline that asks for them, in every app, each by itself', async () => {
    await all.save('pp', ['web', 'shop/.*']);
    await all.save('qq', ['shop/web']);
    await all.save('rr', ['.*'], '', ', match-ref: refs/heads/main');
    for (const name of ['web', 'shop/web', 'my-shop/web', 'shop']) await all.push(name);
    await all.push('x', { more: { ref: 'refs/heads/main' } });
    await all.push('y', { more: { ref: 'refs/heads/main-2' } });
    await all.workOff('pp', 'qq', 'rr');
    expect((await namesOf('pp')).flat()).toEqual(['web', 'shop/web']);
    expect((await namesOf('qq')).flat()).toEqual(['shop/web']);
    expect((await namesOf('rr')).flat()).toEqual(['x']);
  });

  test('are of their org and type', async () => {
    await all.save('pp');
    await all.push('a', { more: { type: 'workload', spec: {} } });
    const { client, tokens } = all.world;
    const body = { type: 'container', name: 'a' };
    await client({ method: 'POST', path: '/orgs/rival/artefact-versions', body, token: tokens.rival });
    expect(await all.runs('pp')).toEqual([]);
  });

  test('go on when a run of them is cancelled before it began', async () => {
    await all.save('pp');
    await all.push('a');
    await all.push('b');
    const [run] = await all.runs('pp');
    const path = `/orgs/acme/apps/shop/pipelines/pp/runs/${run?.run}/cancel`;
    expect((await all.world.client({ method: 'POST', path })).status).toBe(204);
    expect(await namesOf('pp')).toEqual([['a'], ['b']]);
  });

  test('do not come back with a run that was deleted', async () => {
    await all.save('pp');
    await all.push('a');
    const [run] = await all.runs('pp');
    await all.world.endRun({ org: 'acme', app: 'shop', pipeline: 'pp', run: run?.run ?? '' });
    const path = `/orgs/acme/apps/shop/pipelines/pp/runs/${run?.run}`;
    expect((await all.world.client({ method: 'DELETE', path })).status).toBe(204);
    await all.push('b');
    expect(await namesOf('pp')).toEqual([['b']]);
  });

  test('of more than one run holds become several, one after the other', async () => {
    await all.save('pp');
    await all.push('first');
    for (let count = 0; count < 105; count += 1) {
      await all.world.clock.advance(1);
      await all.push(`n${count}`);
    }
    await all.workOff('pp');
    const names = await namesOf('pp');
    expect(names.map(({ length }) => length)).toEqual([1, 100, 5]);
    expect(new Set(names.flat()).size).toBe(106);
  });

  test('are those that the pipeline asks for when the run starts', async () => {
    await all.save('pp');
    for (const name of ['first', 'web', 'api']) await all.push(name);
    const path = '/orgs/acme/apps/shop/pipelines/pp';
    const headers = { 'content-type': 'application/x-yaml' };
    await all.world.client({ method: 'PATCH', path, headers, body: artefactPipeline('pp', ['web']) });
    await all.workOff('pp');
    expect(await namesOf('pp')).toEqual([['first'], ['web']]);
  });

  test('do not wait for a later pipeline of the same id', async () => {
    await all.save('pp');
    await all.push('first');
    await all.push('second');
    const [run] = await all.runs('pp');
    await all.world.endRun({ org: 'acme', app: 'shop', pipeline: 'pp', run: run?.run ?? '' });
    const path = '/orgs/acme/apps/shop/pipelines/pp';
    expect((await all.world.client({ method: 'DELETE', path })).status).toBe(204);
    await all.world.clock.advance(1);
    await all.save('pp');
    await all.workOff('pp');
    expect(await namesOf('pp')).toEqual([['first']]);
  });
});

describe('who a run of artefacts acts as', () => {
  const refusals = async (as: Person = 'admin') => {
    const path = '/orgs/acme/audit-logs?decision=refused&action=startBatch';
    return (await all.world.client({ path, token: all.world.tokens[as] })).json;
  };

  test('whoever pushed, who needs the right to start it', async () => {
    await all.save('pp');
    const id = await all.push('a', { as: 'contributor' });
    expect(await all.runs('pp')).toEqual([]);
    expect(await all.waiting('pp')).toMatchObject({
      items: [],
      refused: { message: expect.stringContaining('runs.start'), items: [{ ref: id }] },
    });
    expect(await refusals()).toMatchObject([
      { user_id: idOf('contributor'), decision: 'refused', reason: expect.stringContaining('runs.start') },
    ]);
    // The same again is asked again, with the roles of then.
    await putRole(
      all.world.table,
      idOf('contributor'),
      { scope: 'app', org: 'acme', app: 'shop', role: 'developer' },
      1,
    );
    await all.push('a', { as: 'contributor' });
    expect(await all.runs('pp')).toMatchObject([{ names: ['a'], runAs: idOf('contributor') }]);
  });

  test('what the pipeline names, whoever pushed', async () => {
    await all.save('pp', ['.*'], DELEGATED);
    await all.push('a', { as: 'contributor' });
    expect(await all.runs('pp')).toMatchObject([
      { names: ['a'], createdBy: idOf('contributor'), runAs: '00000000-0000-0000-0000-000000000000' },
    ]);
  });

  test('nobody any more, when the author of the pipeline lost what it lends', async () => {
    await all.save('pp', ['.*'], DELEGATED);
    await all.push('a', { as: 'contributor' });
    await all.push('b', { as: 'contributor' });
    await putRole(all.world.table, idOf('admin'), { scope: 'org', org: 'acme', role: 'member' }, 1);
    await next('pp');
    expect(await namesOf('pp')).toEqual([['a']]);
    expect(await refusals('second')).toMatchObject([
      { user_id: idOf('contributor'), reason: expect.stringContaining('lacks what it lends') },
    ]);
  });

  test('nobody for whom the right to push was taken away meanwhile', async () => {
    await all.save('pp', ['.*'], DELEGATED);
    await all.push('a', { as: 'contributor' });
    await all.push('b', { as: 'contributor' });
    await putRole(all.world.table, idOf('contributor'), { scope: 'org', org: 'acme', role: 'member' }, 1);
    await next('pp');
    expect(await namesOf('pp')).toEqual([['a']]);
    expect((await refusals())[0]).toMatchObject({ reason: expect.stringContaining('artefacts.push') });
  });

  test('one person: what two push during a run becomes two runs', async () => {
    await all.save('pp');
    await all.push('a');
    for (const [name, as] of [
      ['b', 'service'],
      ['c', 'admin'],
      ['d', 'service'],
    ] as const) {
      await all.world.clock.advance(1);
      await all.push(name, { as });
    }
    await all.workOff('pp');
    expect((await all.runs('pp')).map(run => [run.names, run.runAs])).toEqual([
      [['a'], idOf('admin')],
      [['b', 'd'], idOf('service')],
      [['c'], idOf('admin')],
    ]);
  });

  test('a refusal does not keep others from being started', async () => {
    await all.save('pp');
    await all.push('a');
    await all.push('b', { as: 'contributor' });
    await all.world.clock.advance(1);
    await all.push('c');
    await all.workOff('pp');
    expect(await namesOf('pp')).toEqual([['a'], ['c']]);
    expect((await all.waiting('pp')).refused).toMatchObject({ message: expect.stringContaining('runs.start') });
  });

  test('every start is in the audit log, once', async () => {
    await all.save('pp');
    await all.push('a');
    const [run] = await all.runs('pp');
    const list = (await all.world.client({ path: '/orgs/acme/audit-logs?action=startBatch' })).json;
    expect(list).toMatchObject([{ decision: 'allowed', user_id: idOf('admin'), details: { run: run?.run } }]);
  });
});
