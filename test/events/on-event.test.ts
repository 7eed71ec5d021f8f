import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PIPELINES_SYSTEM_USER } from '../../src/access/identity.ts';
import { depthMark, OWN_SOURCE } from '../../src/events/delivered-event.ts';
import type { JsonObject } from '../../src/json.ts';
import { hintsForSource, putEventTriggers } from '../../src/store/event-triggers.ts';
import { versionKey } from '../../src/store/keys.ts';
import { getRun } from '../../src/store/runs.ts';
import { idOf, openWorld, type World } from '../kit/api-world.ts';
import { delivered, type EventWorld, eventWorld, orderPipeline } from '../kit/event-world.ts';

let world: World;
let events: EventWorld;

beforeEach(async () => {
  world = await openWorld();
  events = eventWorld(world);
});
afterEach(() => world.close());

const hints = async (source: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const page of hintsForSource(world.table, source)) found.push(...page.map(({ hint }) => hint.pipeline));
  return found;
};

describe('an event that meets a trigger', () => {
  test('starts the pipeline with the inputs that are mapped, as the one that it names', async () => {
    await events.save(orderPipeline('order'));
    const event = delivered();
    expect(await events.handle(event)).toEqual({ started: 1, again: 0, refused: 0 });
    expect(await events.runs('order')).toMatchObject([
      {
        trigger: 'event',
        inputs: { order: 'o-1', note: 'none' },
        run_as: PIPELINES_SYSTEM_USER,
        created_by: PIPELINES_SYSTEM_USER,
        status: 'queued',
      },
    ]);
    const [run] = await events.runs('order');
    expect(world.executions.started.map(({ name }) => name)).toEqual([run?.id]);
    const { json } = await world.client({ path: '/orgs/acme/audit-logs?action=startByEvent' });
    expect(json).toMatchObject([{ decision: 'allowed', details: { event: event.id, run: run?.id } }]);
  });

  test('starts none twice, whichever way it comes again', async () => {
    await events.save(orderPipeline('order'));
    const event = delivered();
    const at_once = await Promise.all([events.handle(event), events.handle(event), events.handle(event)]);
    expect(at_once.reduce((sum, { started, again }) => sum + started + again, 0)).toBe(3);
    expect(await events.runs('order')).toHaveLength(1);
    await world.clock.advance(30 * 86_400_000);
    expect(await events.handle(event)).toEqual({ started: 0, again: 1, refused: 0 });
    expect(await events.runs('order')).toHaveLength(1);
  });

  test('starts none again when its run was deleted', async () => {
    await events.save(orderPipeline('order'));
    const event = delivered();
    await events.handle(event);
    const [run] = await events.runs('order');
    const path = `/orgs/acme/apps/shop/pipelines/order/runs/${run?.id}`;
    await world.client({ method: 'POST', path: `${path}/cancel` });
    expect((await world.client({ method: 'DELETE', path })).status).toBe(204);
    expect(await events.handle(event)).toEqual({ started: 0, again: 1, refused: 0 });
    expect(await events.runs('order')).toEqual([]);
  });

  test('starts every pipeline that it meets, and no other', async () => {
    await events.save(orderPipeline('order'));
    await events.save(orderPipeline('order-2').replace('source: [com.example.shop]', 'source: [{ prefix: com. }]'));
    await events.save(orderPipeline('order-3').replace('    source: [com.example.shop]\n', ''));
    await events.save(orderPipeline('order-4').replace('com.example.shop', 'com.example.blog'));
    await events.save(orderPipeline('order-5').replace('">", 10', '">", 1000'));
    expect(await events.handle(delivered())).toEqual({ started: 3, again: 0, refused: 0 });
    const started = await Promise.all(['order', 'order-2', 'order-3', 'order-4', 'order-5'].map(id => events.runs(id)));
    expect(started.map(runs => runs.length)).toEqual([1, 1, 1, 0, 0]);
  });

  test.each([
    ['longer than a key of the table', '日'.repeat(1_500)],
    ['not well-formed', '\ud800x'],
  ])('may wait for a source that is %s, and an event of such a source stops nobody', async (_, source) => {
    await events.save(orderPipeline('order').replace('[com.example.shop]', JSON.stringify([source])));
    await events.save(orderPipeline('order-2').replace('source: [com.example.shop]', 'source: [{ prefix: "" }]'));
    expect(await events.handle(delivered({ source }))).toEqual({ started: 2, again: 0, refused: 0 });
    expect(await events.handle(delivered({ source: `${source}!` }))).toEqual({ started: 1, again: 0, refused: 0 });
  });

  test('may give any inputs where no pipeline_call declares them', async () => {
    const loose = orderPipeline('order').replace(/ {2}pipeline_call:[\s\S]*?\npermissions/, 'permissions');
    await events.save(loose.replace('event.detail.note', 'event.detail'));
    await events.handle(delivered());
    expect(await events.runs('order')).toMatchObject([{ inputs: { order: 'o-1', note: { id: 'o-1', amount: 42 } } }]);
    const [run] = await events.runs('order');
    await world.client({ method: 'POST', path: `/orgs/acme/apps/shop/pipelines/order/runs/${run?.id}/cancel` });
    const path = `/orgs/acme/apps/shop/pipelines/order/runs/${run?.id}/restart`;
    expect(await world.client({ method: 'POST', path })).toMatchObject({ status: 201, json: { trigger: 'event' } });
  });

  test('starts as the service user that the pipeline names', async () => {
    await events.save(orderPipeline('order', `permissions: { run-as: ${idOf('service')} }`));
    await events.handle(delivered());
    expect(await events.runs('order')).toMatchObject([{ run_as: idOf('service'), created_by: idOf('service') }]);
  });

  test('does not start what another tenant has under the same ids', async () => {
    await events.save(orderPipeline('order'));
    await events.handle(delivered());
    const { json } = await world.client({ path: '/orgs/rival/pipeline-runs', token: world.tokens.rival });
    expect(json).toEqual([]);
  });
});

describe('the index of triggers', () => {
  test('follows the current version', async () => {
    await events.save(orderPipeline('order'));
    expect(await hints('com.example.shop')).toEqual(['order']);
    await events.change('order', orderPipeline('order').replace('com.example.shop', 'com.example.blog'));
    expect(await hints('com.example.shop')).toEqual([]);
    expect(await hints('com.example.blog')).toEqual(['order']);
    expect(await events.handle(delivered())).toMatchObject({ started: 0 });
    expect(await events.handle(delivered({ source: 'com.example.blog' }))).toMatchObject({ started: 1 });
  });

  test('is a hint only: what a version that never was left behind starts nothing, and goes', async () => {
    await events.save(orderPipeline('order'));
    const lost = { org: 'acme', app: 'shop', pipeline: 'order', version: 'lost', createdAt: world.clock.now() };
    await putEventTriggers(world.table, lost, ['com.example.shop']);
    expect(await events.handle(delivered())).toMatchObject({ started: 1 });
    expect(await hints('com.example.shop')).toHaveLength(2);
    await world.clock.advance(3_600_001);
    expect(await events.handle(delivered())).toMatchObject({ started: 1 });
    expect(await hints('com.example.shop')).toHaveLength(1);
  });

  test('a deleted pipeline starts no more', async () => {
    await events.save(orderPipeline('order'));
    await world.client({ method: 'DELETE', path: '/orgs/acme/apps/shop/pipelines/order' });
    expect(await events.handle(delivered())).toEqual({ started: 0, again: 0, refused: 0 });
    await world.clock.advance(3_600_001);
    await events.handle(delivered());
    expect(await hints('com.example.shop')).toEqual([]);
  });

  test('holds more pipelines of one source than a page', async () => {
    const ids = Array.from({ length: 105 }, (_, index) => `order-${index}`);
    for (const id of ids) await events.save(orderPipeline(id));
    expect(await events.handle(delivered())).toEqual({ started: 105, again: 0, refused: 0 });
  });
});

describe('an event that cannot start a pipeline', () => {
  test('says nothing of a value that is a secret once it is an input', async () => {
    const definition = orderPipeline('order')
      .replace('${{ event.detail.id }}', '${{ format(event.detail.id) }}')
      .replace('order: { type', 'order: { secret: true, type')
      .replace('${{ inputs.order }}', 'none');
    await events.save(definition);
    for (const id of ['{hunter2 {9} }', 'hunter2', 78_151_278]) {
      expect(await events.handle(delivered({ detail: { id, amount: 42 } }))).toMatchObject({ refused: 1 });
    }
    const refused = await events.refused();
    expect(refused.map(({ error }) => error)).toEqual(Array(3).fill('INVALID_INPUTS'));
    expect(JSON.stringify(refused)).not.toMatch(/hunter2|78151278/);
  });

  test('is recorded with what is wrong, once, and starts it when that has passed', async () => {
    await events.save(orderPipeline('order'));
    const event = delivered({ detail: { id: 17, amount: 42 } });
    expect(await events.handle(event)).toEqual({ started: 0, again: 0, refused: 1 });
    expect(await events.handle(event)).toEqual({ started: 0, again: 0, refused: 1 });
    const [refused, ...more] = await events.refused();
    expect(more).toEqual([]);
    expect(refused).toMatchObject({
      pipeline_id: 'order',
      trigger: 'event',
      status: 'refused',
      error: 'INVALID_INPUTS',
      details: { inputs: [{ name: 'order', message: '`order` must be a string, not 17' }] },
      attempts: 1,
      event: { id: event.id, source: 'com.example.shop', 'detail-type': 'OrderPlaced' },
    });

    const still = await events.retry(refused?.id);
    expect(still).toMatchObject({ status: 200, json: { status: 'refused', attempts: 2 } });
    await events.change(
      'order',
      orderPipeline('order').replace('type: string, required: true, pattern: "^o-"', 'type: integer'),
    );
    const retried = await events.retry(refused?.id);
    const [run] = await events.runs('order');
    expect(retried.json).toMatchObject({ status: 'started', run_id: run?.id, attempts: 3 });
    expect(run).toMatchObject({ inputs: { order: 17 }, trigger: 'event' });
    expect(await events.retry(refused?.id)).toMatchObject({ status: 409, json: { error: 'ALREADY_STARTED' } });
    expect(await events.handle(event)).toEqual({ started: 0, again: 1, refused: 0 });
  });

  test('names every input that is missing or cannot be made', async () => {
    await events.save(orderPipeline('order').replace('event.detail.note', 'fromJSON(event.detail.note)'));
    await events.handle(delivered({ detail: { amount: 42, note: '{' } }));
    const [refused] = await events.refused();
    expect(refused?.details).toMatchObject({ inputs: [{ name: 'note', message: expect.stringContaining('event') }] });
    await events.change('order', orderPipeline('order'));
    expect((await events.retry(refused?.id)).json).toMatchObject({
      error: 'INVALID_INPUTS',
      message: 'Inputs: `order` is required but not given.',
    });
  });

  test('lost rights: the author no longer holds what the pipeline lends', async () => {
    await events.save(orderPipeline('order'), 'owner');
    const path = `/orgs/acme/apps/shop/users/${idOf('owner')}`;
    expect((await world.client({ method: 'DELETE', path })).status).toBeLessThan(300);
    expect(await events.handle(delivered())).toMatchObject({ refused: 1 });
    expect(await events.runs('order')).toEqual([]);
    expect(await events.refused()).toMatchObject([
      { error: 'FORBIDDEN', message: expect.stringContaining("developer of app 'shop'") },
    ]);
    const { json } = await world.client({ path: '/orgs/acme/audit-logs?action=startByEvent' });
    expect(json).toMatchObject([{ decision: 'refused', response_status: 403 }]);

    const [refused] = await events.refused();
    await world.client({
      method: 'POST',
      path: '/orgs/acme/apps/shop/users',
      body: { id: idOf('owner'), role: 'owner' },
    });
    expect((await events.retry(refused?.id)).json).toMatchObject({ status: 'started' });
  });

  test('lost rights: the service user is gone', async () => {
    await events.save(orderPipeline('order', `permissions: { run-as: ${idOf('service')} }`));
    await world.client({ method: 'DELETE', path: `/orgs/acme/users/${idOf('service')}` });
    expect(await events.handle(delivered())).toMatchObject({ refused: 1 });
    expect(await events.refused()).toMatchObject([
      { error: 'FORBIDDEN', message: expect.stringContaining('no role in org') },
    ]);
  });

  test('a pipeline that is poisoned stops no other one, and is recorded', async () => {
    await events.save(orderPipeline('order'));
    await events.save(orderPipeline('order-2'));
    const poisoned = await world.client({ path: '/orgs/acme/apps/shop/pipelines/order' });
    const key = versionKey({ org: 'acme', app: 'shop', pipeline: 'order' }, poisoned.json.version);
    // As if an earlier release had taken what this one refuses.
    await world.table.write({ update: key, set: { text: 'name: [' } });
    const event = delivered();
    expect(await events.handle(event)).toEqual({ started: 1, again: 0, refused: 1 });
    expect(await events.runs('order-2')).toHaveLength(1);
    expect(await events.refused('?pipeline=order')).toMatchObject([{ error: 'INVALID_DEFINITION' }]);
    expect(await events.refused('?pipeline=order-2')).toEqual([]);
    await world.table.write({ update: key, set: { text: orderPipeline('order') } });
    const [refused] = await events.refused();
    expect((await events.retry(refused?.id)).json).toMatchObject({ status: 'started' });
  });

  test('trouble with one pipeline stops no other one, and the event comes again', async () => {
    await events.save(orderPipeline('order'));
    await events.save(orderPipeline('order-2'));
    let broken = true;
    const load: World['definitions']['load'] = async (...args) => {
      if (broken && args[0].pipeline === 'order') throw new Error('the table is away');
      return world.definitions.load(...args);
    };
    const shaky = eventWorld({ ...world, definitions: { load } });
    const event = delivered();
    await expect(shaky.handle(event)).rejects.toThrow('the table is away');
    expect(await events.runs('order-2')).toHaveLength(1);
    expect(world.logged).toMatchObject([{ level: 'error', event: event.id }]);
    broken = false;
    expect(await shaky.handle(event)).toEqual({ started: 1, again: 1, refused: 0 });
    expect(await events.refused()).toEqual([]);
  });

  test('a large event is kept whole', async () => {
    await events.save(orderPipeline('order'));
    const note = 'ä'.repeat(300_000);
    await events.handle(delivered({ detail: { id: 'x', amount: 42, note } }));
    const [refused] = await events.refused();
    expect(refused).toMatchObject({ error: 'INVALID_INPUTS' });
    await events.change(
      'order',
      orderPipeline('order').replace(', pattern: "^o-"', '').replace('event.detail.note', "format('{0}', 'short')"),
    );
    expect((await events.retry(refused?.id)).json).toMatchObject({ status: 'started' });
  });

  test.each<readonly [string, JsonObject | string]>([
    ['a text', 'text'],
    ['no id', { ...delivered(), id: '' }],
    ['no time', { ...delivered(), time: 'soon' }],
    ['no source', { ...delivered(), source: 1 }],
    ['no detail', { ...delivered(), detail: null }],
    ['a detail without end', { ...delivered(), detail: JSON.parse(`${'{"a":'.repeat(1_100)}1${'}'.repeat(1_100)}`) }],
  ])('what is no event goes to the dead letters: %s', async (_, event) => {
    await expect(events.handle(event)).rejects.toMatchObject({ name: 'BadEvent' });
  });
});

describe('a pipeline that its own end starts', () => {
  const endOf = (depth: number) => ({
    ...delivered(),
    source: OWN_SOURCE,
    'detail-type': 'Run Ended',
    detail: { amount: 42, id: `o-${depth}`, event_depth: depth, org_id: 'acme', app_id: 'shop' },
  });

  test('is stopped at depth 5', async () => {
    await events.save(
      orderPipeline('order').replace('com.example.shop', OWN_SOURCE).replace('OrderPlaced', 'Run Ended'),
    );
    let depth = 0;
    for (const wanted of [1, 2, 3, 4, 5]) {
      expect(await events.handle(endOf(depth))).toMatchObject({ started: 1 });
      await world.clock.advance(1);
      const [run] = await events.runs('order');
      const record = await getRun(world.table, { org: 'acme', app: 'shop', pipeline: 'order', run: String(run?.id) });
      expect(record?.eventDepth).toBe(wanted);
      depth = record?.eventDepth ?? 0;
    }
    expect(await events.handle(endOf(depth))).toMatchObject({ refused: 1 });
    // So many that they would bury what else could not start: one a minute tells.
    expect(await events.handle(endOf(depth + 1))).toMatchObject({ refused: 1 });
    expect(await events.refused()).toMatchObject([{ error: 'EVENT_TOO_DEEP' }]);
    expect(await events.handle({ ...endOf(depth + 2), time: '2030-01-01T00:01:00Z' })).toMatchObject({ refused: 1 });
    expect(await events.refused()).toHaveLength(2);
    const [refused] = await events.refused();
    expect((await events.retry(refused?.id)).json).toMatchObject({ status: 'refused', error: 'EVENT_TOO_DEEP' });
  });

  test('is stopped where a step put the event, whatever else its resources are', async () => {
    await events.save(orderPipeline('order'));
    const put = (...resources: string[]) => events.handle(delivered({ resources }));
    expect(await put(depthMark(4), depthMark(1), 'arn:aws:s3:::orders')).toMatchObject({ started: 1 });
    const [run] = await events.runs('order');
    const record = await getRun(world.table, { org: 'acme', app: 'shop', pipeline: 'order', run: String(run?.id) });
    expect(record?.eventDepth).toBe(5);
    expect(await put(depthMark(5), depthMark(0))).toMatchObject({ started: 0, refused: 1 });
    expect(await events.refused()).toMatchObject([{ error: 'EVENT_TOO_DEEP' }]);
    for (const strange of ['many', '1e999', '-7', '0.5', '']) {
      expect(await put(`pipecall:event-depth/${strange}`)).toMatchObject({ started: 1 });
    }
    // What others say under the key of ours means something else.
    expect(await events.handle(delivered({ detail: { id: 'o-1', amount: 42, event_depth: 9 } }))).toMatchObject({
      started: 1,
    });
  });

  test('hears of the runs that its identity may read, and of no others', async () => {
    const own = orderPipeline('order').replace('com.example.shop', OWN_SOURCE).replace('OrderPlaced', 'Run Ended');
    await events.save(own);
    await events.save(
      own.replace('id: order', 'id: order-2').replace(/permissions: .*/, `permissions: { run-as: ${idOf('service')} }`),
    );
    const about = (place: JsonObject) => ({ ...endOf(0), detail: { amount: 42, id: world.ids.uuid(), ...place } });
    // The one is of the app, the other's service user administrates the org. A refusal would tell of the run, too.
    const heard = async (place: JsonObject) =>
      (await events.handle(about(place))).started + (await events.refused()).length;
    expect(await heard({ org_id: 'rival', app_id: 'shop', event_depth: 9 })).toBe(0);
    expect(await heard({})).toBe(0);
    const detail = { amount: 42, id: 'o-1', order: 'x' };
    expect(await events.handle({ ...about({}), detail: { ...detail, org_id: 'acme', app_id: 'blog' } })).toMatchObject({
      started: 1,
    });
    expect(await events.runs('order')).toEqual([]);
    expect(await events.runs('order-2')).toHaveLength(1);
  });

  test('is started once by what the product says twice', async () => {
    await events.save(
      orderPipeline('order').replace('com.example.shop', OWN_SOURCE).replace('OrderPlaced', 'Run Ended'),
    );
    expect(await events.handle(endOf(0))).toMatchObject({ started: 1 });
    expect(await events.handle(endOf(0))).toMatchObject({ started: 0, again: 1 });
  });

  test('what others call so is not a depth', async () => {
    await events.save(orderPipeline('order'));
    const event = delivered({ detail: { id: 'o-1', amount: 42, event_depth: 99 } });
    expect(await events.handle(event)).toMatchObject({ started: 1 });
  });
});
