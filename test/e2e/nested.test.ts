import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Table } from '../../src/ports/table.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import { removeRole } from '../../src/store/roles.ts';
import { getRun } from '../../src/store/runs.ts';
import { idOf, type Person } from '../kit/api-world.ts';
import { dyingAfter, orDies } from '../kit/dying-table.ts';
import { openWhole, type Whole } from '../kit/whole-world.ts';

let world: Whole;
beforeEach(async () => {
  world = await openWhole();
});
afterEach(() => world.close());

const YAML = { 'content-type': 'application/x-yaml' };

async function save(definition: string, app = 'shop', more: { readonly org?: string; readonly as?: Person } = {}) {
  const { org = 'acme', as = 'admin' } = more;
  const path = `/orgs/${org}/apps/${app}/pipelines`;
  const answer = await world.client({ method: 'POST', path, headers: YAML, body: definition, token: world.tokens[as] });
  expect(answer.status, answer.text).toBe(201);
}

const pipeline = (id: string, steps: string, more = '', inputs = ''): string =>
  `id: ${id}\nname: ${id}\non: { pipeline_call: { inputs: { ${inputs} } } }\n${more}jobs:\n  only:\n    steps:\n${steps}`;

const LOG = '      - { uses: actions/humanitec/log@v1, with: { message: hi } }\n';
const FAIL = '      - { uses: actions/humanitec/fail@v1, with: { message: no luck } }\n';
const SLEEP = '      - { uses: actions/humanitec/sleep@v1, with: { seconds: 3600 } }\n';
const call = (inputs: object, more = '') =>
  `      - { id: it, uses: actions/pipecall/call-pipeline@v1, with: ${JSON.stringify(inputs)} ${more} }\n`;

const runsOf = (id: string, app = 'shop') => `/orgs/acme/apps/${app}/pipelines/${id}/runs`;

async function start(id: string, inputs: object = {}, as: Person = 'admin') {
  const answer = await world.client({ method: 'POST', path: runsOf(id), body: { inputs }, token: world.tokens[as] });
  expect(answer.status, answer.text).toBe(201);
  const run: string = answer.json.id;
  return { org: 'acme', app: 'shop', pipeline: id, run };
}

type Path = Awaited<ReturnType<typeof start>>;

const runOf = async ({ app, pipeline, run }: Path) =>
  (await world.client({ path: `${runsOf(pipeline, app)}/${run}` })).json;
const stepOf = async ({ app, pipeline, run }: Path, job = 'only') =>
  (await world.client({ path: `${runsOf(pipeline, app)}/${run}/jobs/${job}` })).json.steps[0];
const listed = async (id: string, app?: string) => (await world.client({ path: runsOf(id, app) })).json;

test('a called run tells its caller what came of it, and each shows the other', async () => {
  const outputs = 'outputs: { greeting: "${{ jobs.only.outputs.said }}" }\n';
  const child = pipeline('child', LOG, outputs, 'who: { type: string }');
  await save(child.replace('  only:\n', '  only:\n    outputs: { said: "hello ${{ inputs.who }}" }\n'));
  const parent = pipeline('parent', call({ pipeline: 'child', inputs: { who: '${{ inputs.who }}' } }), '', 'who: {}');
  await save(parent.replace('  only:\n', '  only:\n    outputs: { all: "${{ steps.it.outputs }}" }\n'));
  const path = await start('parent', { who: 'you' });
  // As far as the parent goes by itself.
  await world.work(path);
  const [called] = await listed('child');
  expect((await runOf(path)).waiting_for).toEqual({ only: `run(${called.id})` });
  await world.settle();
  expect(await runOf(path)).toMatchObject({ status: 'succeeded' });
  const { app, pipeline: id, run } = path;
  const job = (await world.client({ path: `${runsOf(id, app)}/${run}/jobs/only` })).json;
  const expected = { run_id: called.id, status: 'succeeded', outputs: { greeting: 'hello you' } };
  expect(job.outputs).toEqual({ all: expected });
  expect(job.steps[0].related_entities).toEqual({ pipeline_run: called.id });
  const [over] = await listed('child');
  expect(over).toMatchObject({
    status: 'succeeded',
    created_by: idOf('admin'),
    run_as: idOf('admin'),
    called_by: { app_id: 'shop', pipeline_id: 'parent', run_id: run, job_id: 'only', step_index: 0 },
  });
  const log = (await world.client({ path: '/orgs/acme/audit-logs?action=callPipeline' })).json;
  expect(log).toMatchObject([{ user_id: idOf('admin'), decision: 'allowed', details: { called_by: run } }]);
});

test.each([
  ['fails', FAIL, {}, 'RUN_FAILED', 'no luck'],
  ['takes other inputs', LOG, { inputs: { strange: 1 } }, 'INVALID_RUN_INPUTS', 'strange'],
  ['is not there', LOG, { pipeline: 'nobody' }, 'NOT_FOUND', "no pipeline 'nobody'"],
  ['has no such version', LOG, { version: 'old' }, 'NOT_FOUND', 'version old'],
  ['is of an app that is not there', LOG, { app: 'nowhere' }, 'NOT_FOUND', "App 'nowhere'"],
])('a called pipeline that %s', async (_what, steps, more, code, says) => {
  await save(pipeline('child', steps));
  await save(pipeline('parent', call({ pipeline: 'child', ...more })));
  const path = await start('parent');
  await world.settle();
  const { status, status_message } = await stepOf(path);
  expect([status, status_message]).toEqual(['failed', expect.stringMatching(new RegExp(`^${code}: .*${says}`))]);
});

test('a pipeline without the trigger cannot be called', async () => {
  await save(
    'id: child\nname: c\non: { deployment_request: }\njobs: { only: { steps: [{ uses: actions/humanitec/log@v1, with: { message: x } }] } }',
  );
  await save(pipeline('parent', call({ pipeline: 'child' })));
  const path = await start('parent');
  await world.settle();
  expect((await stepOf(path)).status_message).toMatch(/^NOT_CALLABLE: /);
});

test('a pipeline that calls itself ends after five calls', async () => {
  await save(pipeline('circle', call({ pipeline: 'circle' })));
  await start('circle');
  await world.settle();
  const runs = await listed('circle');
  expect(runs).toHaveLength(6);
  expect(runs.map(({ status }: { status: string }) => status)).toEqual(Array(6).fill('failed'));
  const all = await Promise.all(
    runs.map(({ id }: { id: string }) => stepOf({ org: 'acme', app: 'shop', pipeline: 'circle', run: id })),
  );
  expect(all.filter(({ status_message }) => status_message.startsWith('TOO_DEEP'))).toHaveLength(1);
});

describe('cancelled', () => {
  const cancel = async ({ pipeline, run }: Path) =>
    expect((await world.client({ method: 'POST', path: `${runsOf(pipeline)}/${run}/cancel` })).status).toBe(204);

  test('with its caller, at work', async () => {
    await save(pipeline('child', SLEEP));
    await save(pipeline('parent', call({ pipeline: 'child' })));
    const path = await start('parent');
    await world.settle();
    await cancel(path);
    await world.settle();
    expect((await runOf(path)).status).toBe('cancelled');
    const [called] = await listed('child');
    expect(called).toMatchObject({ status: 'cancelled', status_message: expect.stringContaining(path.run) });
  });

  test('with its caller, before it began', async () => {
    await save(pipeline('child', LOG));
    await save(pipeline('parent', call({ pipeline: 'child' })));
    const path = await start('parent');
    await world.work(path);
    await cancel(path);
    await world.work(path);
    expect((await listed('child'))[0].status).toBe('cancelled');
    expect(world.executions.started.some(({ input }) => input.pipeline === 'child')).toBe(true);
  });

  test('by its time-out', async () => {
    await save(pipeline('child', SLEEP));
    await save(pipeline('parent', call({ pipeline: 'child' }, ', timeout-minutes: 5')));
    const path = await start('parent');
    await world.settle();
    await world.clock.advance(300_000);
    await world.settle();
    expect((await stepOf(path)).status_message).toMatch(/^TIMEOUT: /);
    expect((await listed('child'))[0].status).toBe('cancelled');
  });

  test('by somebody else', async () => {
    await save(pipeline('child', SLEEP));
    await save(pipeline('parent', call({ pipeline: 'child' })));
    const path = await start('parent');
    await world.settle();
    const [{ id }] = await listed('child');
    await cancel({ ...path, pipeline: 'child', run: id });
    await world.settle();
    expect((await stepOf(path)).status_message).toMatch(/^RUN_CANCELLED: /);
  });
});

describe('the concurrency group of a caller', () => {
  const group = (limit = 1, more = '') => `concurrency: { group: releases, limit: ${limit}${more} }\n`;
  const CODE = 'SAME_CONCURRENCY_GROUP';

  test.each<[string, string, string, string | undefined]>([
    ['of one', group(), group(), CODE],
    ['that leaves room', group(2), group(2), undefined],
    ['that has another limit for the called one', group(2), group(1), CODE],
    ['of another name', group(), group().replace('releases', 'others'), undefined],
    ['of nobody', '', group(), undefined],
    ['that the called one would empty', group(2), group(2, ', cancel-in-progress: true'), CODE],
    ['that the caller has emptied', group(1, ', cancel-in-progress: true'), group(), CODE],
  ])('%s', async (_what, ofParent, ofChild, code) => {
    await save(pipeline('child', LOG, ofChild));
    await save(pipeline('parent', call({ pipeline: 'child' }), ofParent));
    const path = await start('parent');
    await world.settle();
    const step = await stepOf(path);
    if (code === undefined) expect(step.status).toBe('succeeded');
    else {
      expect(step).toMatchObject({ status: 'failed', status_message: expect.stringContaining(`${code}: `) });
      expect(step.status_message).toContain(path.run);
    }
    expect(await listed('child')).toHaveLength(code === undefined ? 1 : 0);
    expect((await runOf(path)).status).toBe(code === undefined ? 'succeeded' : 'failed');
  });

  describe('of several callers that hold all of it', () => {
    const waits = '      - { uses: actions/humanitec/sleep@v1, with: { seconds: 60 } }\n';
    const goOn = async () => {
      for (let round = 0; round < 4; round += 1) {
        await world.settle();
        await world.clock.advance(61_000);
      }
      await world.settle();
    };

    test('the newest called run is cancelled, and the others go on', async () => {
      await save(pipeline('child', LOG, group(2)));
      await save(pipeline('parent', waits + call({ pipeline: 'child' }), group(2)));
      const paths = [await start('parent'), await start('parent')];
      await goOn();
      const runs = await Promise.all(paths.map(runOf));
      expect(runs.map(({ status }) => status).toSorted()).toEqual(['failed', 'succeeded']);
      const children = (await listed('child')).toSorted((one: { id: string }, other: { id: string }) =>
        one.id < other.id ? -1 : 1,
      );
      expect(children).toMatchObject([{ status: 'succeeded' }, { status: 'cancelled' }]);
      expect(children[1].status_message).toMatch("group 'releases' is full");
      for (const { run } of paths) expect(children[1].status_message).toContain(run);
      const failed = runs.find(({ status }) => status === 'failed');
      expect(failed.status_message).toContain('RUN_CANCELLED');
    });

    test('so it is with somebody else before them in line', async () => {
      await save(pipeline('child', LOG, group(2)));
      await save(pipeline('other', LOG, group(2)));
      await save(pipeline('parent', waits + call({ pipeline: 'child' }), group(2)));
      const paths = [await start('parent'), await start('parent')];
      await world.settle();
      const other = await start('other');
      await goOn();
      expect((await runOf(other)).status).toBe('succeeded');
      const runs = await Promise.all(paths.map(runOf));
      expect(runs.map(({ status }) => status).toSorted()).toEqual(['failed', 'succeeded']);
    });

    test('nobody is cancelled while somebody may still end', async () => {
      await save(pipeline('child', LOG, group(3)));
      await save(pipeline('other', SLEEP.replace('3600', '600'), group(3)));
      await save(pipeline('parent', waits + call({ pipeline: 'child' }), group(3)));
      const paths = [await start('parent'), await start('parent'), await start('other')];
      await goOn();
      expect(await listed('child')).toMatchObject([{ status: 'queued' }, { status: 'queued' }]);
      await world.clock.advance(600_000);
      await world.settle();
      for (const path of paths) expect((await runOf(path)).status).toBe('succeeded');
    });

    const blind = (table: Table): Table => ({
      ...table,
      query: async query => {
        if (query.pk.startsWith('QUEUE#') && query.limit === 100) throw new Error('the power is out');
        return table.query(query);
      },
    });

    test('reconcile does it where whoever called died', async () => {
      await save(pipeline('child', LOG, group(2)));
      await save(pipeline('parent', waits + call({ pipeline: 'child' }), group(2)));
      const paths = [await start('parent'), await start('parent')];
      await world.settle();
      await world.clock.advance(61_000);
      const [first, second] = paths;
      if (first === undefined || second === undefined) throw new Error('there are two');
      await world.work(first);
      // It is in the queue, and nobody has looked.
      await orDies(world.work(second, blind(world.table)));
      expect(await listed('child')).toMatchObject([{ status: 'queued' }, { status: 'queued' }]);
      await reconcile({ ...world, report: () => undefined });
      expect(await listed('child')).toMatchObject([{ status: 'cancelled' }, { status: 'queued' }]);
      await world.settle();
      const statuses = (await Promise.all(paths.map(runOf))).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual(['failed', 'succeeded']);
    });

    test('nobody is cancelled whose caller would wait for another one still', async () => {
      await save(pipeline('child', LOG, group(2)));
      await save(pipeline('parent', waits + call({ pipeline: 'child' }), group(2)));
      const twice = pipeline('twice', waits + call({ pipeline: 'child' }), group(2));
      await save(`${twice}  later:\n    steps:\n${waits.replace('60', '120')}${call({ pipeline: 'child' })}`);
      const [one, other] = [await start('twice'), await start('parent')];
      await world.settle();
      await world.clock.advance(61_000);
      await world.work(one);
      await orDies(world.work(other, blind(world.table)));
      await world.clock.advance(60_000);
      await orDies(world.work(one, blind(world.table)));
      expect(await listed('child')).toMatchObject([{ status: 'queued' }, { status: 'queued' }, { status: 'queued' }]);
      await reconcile({ ...world, report: () => undefined });
      const statuses = async () => (await listed('child')).map(({ status }: { readonly status: string }) => status);
      expect(await statuses()).toEqual(['queued', 'cancelled', 'queued']);
      await world.settle();
      expect(await statuses()).toEqual(['succeeded', 'cancelled', 'succeeded']);
      expect([(await runOf(one)).status, (await runOf(other)).status]).toEqual(['succeeded', 'failed']);
    });
  });

  test('is seen through everybody in between, and not in another app', async () => {
    await save(pipeline('last', LOG, group()), 'blog');
    await save(pipeline('last', LOG, group()));
    await save(
      pipeline(
        'middle',
        call({ pipeline: '${{ inputs.next }}', app: '${{ inputs.app }}', inputs: '${{ fromJSON(inputs.more) }}' }),
        '',
        'next: {}, app: {}, more: {}',
      ),
    );
    const more = (next: string, app: string, inner: object = {}) => ({ next, app, more: JSON.stringify(inner) });
    await save(
      pipeline('first', call({ pipeline: 'middle', inputs: '${{ fromJSON(inputs.more) }}' }), group(), 'more: {}'),
    );
    const far = await start('first', {
      more: JSON.stringify(more('middle', 'shop', more('middle', 'shop', more('last', 'shop')))),
    });
    await world.settle();
    expect((await runOf(far)).status).toBe('failed');
    expect(await listed('last')).toHaveLength(0);
    const messages = await Promise.all(
      (await listed('middle')).map(({ id }: { id: string }) => stepOf({ ...far, pipeline: 'middle', run: id })),
    );
    expect(messages.map(({ status_message }) => status_message)).toContainEqual(
      expect.stringMatching(`^${CODE}: .*${far.run}`),
    );
    const other = await start('first', { more: JSON.stringify(more('last', 'blog')) });
    await world.settle();
    expect((await runOf(other)).status).toBe('succeeded');
    expect(await listed('last', 'blog')).toHaveLength(1);
  });

  test.each([0, 1, 2, 3, 4])(
    'started again after a death after %i writes, a run that was started stays',
    async writes => {
      await save(pipeline('child', SLEEP.replace('3600', '60')));
      await save(pipeline('parent', call({ pipeline: 'child' }), group()));
      const path = await start('parent');
      await orDies(world.work(path, dyingAfter(world.table, writes)));
      // The newest version counts when the step begins; this one came after.
      const before = (await listed('child')).length;
      const changed = pipeline('child', LOG, group());
      const patched = { method: 'PATCH', path: '/orgs/acme/apps/shop/pipelines/child', headers: YAML, body: changed };
      expect((await world.client(patched)).status).toBe(200);
      await world.settle();
      await world.clock.advance(300_000);
      await world.settle();
      expect((await listed('child')).length).toBe(before);
      expect((await stepOf(path)).status).toBe(before === 0 ? 'failed' : 'succeeded');
    },
  );
});

describe('rights', () => {
  test('another app only with rights there, and the refusal is recorded', async () => {
    await save(pipeline('child', LOG), 'blog');
    await save(pipeline('parent', call({ app: 'blog', pipeline: 'child' })));
    const mine = await start('parent', {}, 'developer');
    const admins = await start('parent');
    await world.settle();
    expect((await stepOf(mine)).status_message).toMatch(/^FORBIDDEN: .*app 'blog'/);
    expect((await runOf(admins)).status).toBe('succeeded');
    expect(await listed('child', 'blog')).toHaveLength(1);
    const log = (await world.client({ path: '/orgs/acme/audit-logs?decision=refused' })).json;
    expect(log).toMatchObject([{ user_id: idOf('developer'), action: 'runStep', permission: 'runs.start' }]);
  });

  test('another org is never reached, whatever its ids are', async () => {
    const theirs = { org: 'rival', as: 'rival' } as const;
    await save(pipeline('child', LOG), 'shop', theirs);
    const steps = [{}, { app: 'shop' }]
      .map(more => call({ pipeline: 'child', ...more }, ', continue-on-error: true'))
      .join('');
    await save(pipeline('parent', steps.replaceAll('id: it, ', '')));
    const path = await start('parent');
    await world.settle();
    const job = (await world.client({ path: `${runsOf('parent')}/${path.run}/jobs/only` })).json;
    for (const { status_message } of job.steps) expect(status_message).toMatch(/^NOT_FOUND: /);
    const list = await world.client({ path: '/orgs/rival/apps/shop/pipelines/child/runs', token: world.tokens.rival });
    expect(list.json).toEqual([]);
  });

  test.each(['../rival/apps/shop', 'rival/shop', 'shop#x', ''])('no app is called %j', async app => {
    await save(pipeline('parent', call({ app: '${{ inputs.app }}', pipeline: 'deploy' }), '', 'app: {}'));
    const path = await start('parent', { app });
    await world.settle();
    expect((await stepOf(path)).status_message).toMatch(/^INVALID_INPUTS: /);
  });

  test('a called run that lends itself nothing acts as its caller, as long as that is lent what it acts with', async () => {
    const delegated = 'permissions: { application: developer }\n';
    await save(pipeline('grandchild', LOG));
    await save(pipeline('child', SLEEP.replace('3600', '60') + call({ pipeline: 'grandchild' })));
    await save(pipeline('parent', call({ pipeline: 'child' }), delegated), 'shop', { as: 'owner' });
    const [first, second] = [await start('parent', {}, 'developer'), await start('parent', {}, 'developer')];
    await world.settle();
    await world.clock.advance(60_000);
    const children: { id: string; called_by: { run_id: string } }[] = await listed('child');
    const run = children.find(({ called_by }) => called_by.run_id === first.run)?.id ?? '';
    await world.work({ ...first, pipeline: 'child', run });
    await removeRole(world.table, idOf('owner'), { scope: 'app', org: 'acme', app: 'shop', role: 'owner' });
    await world.settle();
    expect(await listed('grandchild')).toHaveLength(1);
    expect([(await runOf(first)).status, (await runOf(second)).status]).toEqual(['succeeded', 'failed']);
    expect((await stepOf(second)).status_message).toContain('lacks what it lends to its runs');
  });
});

describe('secrets', () => {
  const SECRET = 'a well-kept secret';

  test('travel sealed to inputs that are secret too, and masked to others', async () => {
    const inputs = 'open: { type: string }, hidden: { type: string, secret: true }';
    await save(pipeline('child', LOG, '', inputs));
    const given = { open: 'it is ${{ inputs.token }}', hidden: '${{ inputs.token }}' };
    await save(
      pipeline('parent', call({ pipeline: 'child', inputs: given }), '', 'token: { type: string, secret: true }'),
    );
    const path = await start('parent', { token: SECRET });
    await world.settle();
    expect((await runOf(path)).status).toBe('succeeded');
    const [called] = await listed('child');
    expect(called.inputs).toEqual({ open: 'it is ***', hidden: '***' });
    const record = await getRun(world.table, { ...path, pipeline: 'child', run: called.id });
    expect(JSON.stringify(record?.sealedInputs)).toContain('local1.');
    expect(JSON.stringify(record)).not.toContain(SECRET);
  });
});

describe('a crash', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'after %i writes leaves one called run, and the run goes on',
    async writes => {
      await save(pipeline('child', LOG));
      await save(pipeline('parent', call({ pipeline: 'child' })));
      const path = await start('parent');
      await orDies(world.work(path, dyingAfter(world.table, writes)));
      await world.settle();
      expect((await runOf(path)).status).toBe('succeeded');
      expect(await listed('child')).toHaveLength(1);
    },
  );

  test('between the end of a called run and its signal: reconcile makes up for it', async () => {
    await save(pipeline('child', LOG));
    await save(pipeline('parent', call({ pipeline: 'child' })));
    const path = await start('parent');
    const next = await world.work(path);
    if (next.next !== 'park') throw new Error('the caller did not park');
    const token = { token: 'token', parked_signal: next.signal };
    await world.table.write({ update: { pk: 'RUNS#acme/shop/parent', sk: path.run }, set: token });
    const [called] = await listed('child');
    await world.endRun({ ...path, pipeline: 'child', run: called.id });
    expect(world.executions.woken).toEqual([]);
    await reconcile({ ...world, report: message => expect.fail(message) });
    expect(world.executions.woken).toEqual(['token']);
    await world.settle();
    expect((await runOf(path)).status).toBe('succeeded');
  });
});
