import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOnStatusHandler } from '../../functions/on-status/on-status-handler.ts';
import type { Clients } from '../../src/actions/action.ts';
import type { AwsCalls } from '../../src/actions/aws/calls.ts';
import { createActionCalls } from '../../src/aws/action-calls.ts';
import { systemClock } from '../../src/aws/clock.ts';
import type { RunPath } from '../../src/store/keys.ts';
import { putRole } from '../../src/store/roles.ts';
import { putSubject } from '../../src/store/subjects.ts';
import { awsCases, type WaitingCase, waitingCases } from '../fixtures/actions/aws.ts';
import { dyingAfter, orDies } from '../kit/dying-table.ts';
import { type OwnEngine, openEngine, vault, visible } from '../kit/engine.ts';
import { createInFlight, type InFlight } from '../kit/in-flight.ts';
import { createMoving, type Moving } from '../kit/moving-engine.ts';
import { type AwsStandIn, startAws } from '../kit/stand-in-aws.ts';

const ROLE = 'arn:aws:iam::000000000000:role/pipecall-actions';
const ALLOWED = [
  'arn:aws:lambda:us-east-1:000000000000:function:charge',
  'arn:aws:states:us-east-1:000000000000:stateMachine:ship-*',
  'arn:aws:ecs:us-east-1:000000000000:cluster/main',
  'arn:aws:ecs:us-east-1:000000000000:task-definition/migrate:*',
  'arn:aws:codebuild:us-east-1:000000000000:project/shop',
  'arn:aws:events:us-east-1:000000000000:event-bus/orders',
  'arn:aws:sqs:eu-west-1:000000000000:jobs.fifo',
  'arn:aws:sns:us-east-1:000000000000:news',
];

let aws: AwsStandIn;
let engine: OwnEngine & Moving;
let inFlight: InFlight;

beforeEach(async () => {
  aws = await startAws(ROLE);
  engine = open({ aws: tracked(reaching(aws.url)) });
  return async () => {
    await engine.close();
    await aws.close();
  };
});
// What a dying worker could not write is reported, and is no bug.
afterEach(() => {
  expect(engine.reports.filter(({ error }) => !String(error).includes('the power is out'))).toEqual([]);
});

function open(clients: Partial<Clients> = {}): OwnEngine & Moving {
  const opened = openEngine({ clients });
  inFlight = createInFlight(opened.clock);
  return { ...opened, ...createMoving(opened, inFlight) };
}

const reaching = (endpoint: string, allowed: readonly string[] = ALLOWED): AwsCalls =>
  createActionCalls({
    roleArn: ROLE,
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
    allowed,
    lookAgain: 300_000,
    attempts: 1,
    clock: systemClock,
  });

/** The clock of the test stands still while a request is on its way. */
function tracked(calls: AwsCalls): AwsCalls {
  const wrap = <A extends unknown[], T>(call: (...given: A) => Promise<T>) => {
    return (...given: A): Promise<T> => inFlight.track(call(...given));
  };
  const { lookAgain, ...functions } = calls;
  // as: each stays of its type
  const wrapped = Object.fromEntries(
    Object.entries(functions).map(([name, call]) => [name, wrap(call as (...given: unknown[]) => Promise<unknown>)]),
  ) as unknown as Omit<AwsCalls, 'lookAgain'>;
  return { lookAgain, ...wrapped };
}

const define = (action: string, inputs: object, more = '', trigger = '{}') => `
name: Test
on: { pipeline_call: ${trigger} }
jobs:
  a:
    outputs: { out: '\${{ steps.it.outputs }}' }
    steps:
      - { id: it, uses: 'actions/aws/${action}@v1', with: ${JSON.stringify(inputs)} ${more} }
`;

async function stepOf(path: RunPath) {
  const [job] = [...(await engine.jobs(path)).values()];
  const [step] = job?.steps ?? [];
  return step === undefined ? undefined : { ...step, outputs: job?.outputs?.out ?? step.outputs };
}

const onStatus = (event: unknown) => createOnStatusHandler(engine.table, engine.executions)(event);

const onlyJob = (): string => {
  const [arn, ...more] = aws.jobs.keys();
  expect(more).toEqual([]);
  if (arn === undefined) throw new Error('nothing was started');
  return arn;
};

describe.each(awsCases)('$action', ({ action, inputs, operation, region = 'us-east-1', sent, prepare, outputs }) => {
  test('what the SDK sends, with the rights of the role, and what comes out', async () => {
    prepare?.(aws);
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect(await stepOf(path)).toMatchObject({ status: 'succeeded', outputs });
    const [assume, request] = aws.requests;
    expect(assume).toMatchObject({ operation: 'sts:AssumeRole', accessKeyId: 'AKIAWORKER' });
    expect(request).toMatchObject({
      operation,
      region,
      session: `${path.run}.a.it.1`,
      accessKeyId: expect.stringMatching(/^ASIA/),
      input: sent,
    });
    expect(aws.requests.filter(one => one.accessKeyId === 'AKIAWORKER')).toEqual([assume]);
  });

  test('another target is refused before anything is asked of AWS', async () => {
    await engine.close();
    engine = open({ aws: tracked(reaching(aws.url, ['arn:aws:*:us-east-1:*:nothing'])) });
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect((await stepOf(path))?.message).toMatch(/^TARGET_NOT_ALLOWED: .*allowedActions/);
    expect(aws.requests).toEqual([]);
  });

  test.each([
    ['AccessDeniedException', 403, 'ACCESS_DENIED'],
    ['ResourceNotFoundException', 404, 'NOT_FOUND'],
    ['ValidationException', 400, 'INVALID_REQUEST'],
  ])('%s fails the step', async (type, status, code) => {
    aws.fail(operation, { status, type, message: 'said AWS' });
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect((await stepOf(path))?.message).toMatch(new RegExp(`^${code}: .*said AWS`));
  });

  test('without AWS it says what to do', async () => {
    await engine.close();
    engine = open();
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect((await stepOf(path))?.message).toMatch(/^NO_AWS: .*allowedActions.*PIPECALL_AWS_ENDPOINT/);
  });
});

test.each(['lambda:InvokeFunction'])('%s that takes longer than the step is cut off', async operation => {
  let answered: () => void = () => undefined;
  aws.onAnswer(async name => {
    if (name !== operation) return;
    // The request is with the service: now the time of the step passes.
    const over = engine.clock.advance(61_000);
    await new Promise<void>(resolve => {
      answered = resolve;
    });
    await over;
  });
  const path = await engine.start(define('invoke-lambda', { function_name: 'charge' }, ', timeout-minutes: 1'));
  await engine.finish(path);
  answered();
  expect((await stepOf(path))?.message).toMatch(/^TIMEOUT/);
});

test('a function that fails fails the step, and its answer is an output', async () => {
  aws.functionAnswers({ payload: '{"errorMessage":"no card"}', error: 'Unhandled' });
  const path = await engine.start(define('invoke-lambda', { function_name: 'charge' }));
  await engine.finish(path);
  expect(await stepOf(path)).toMatchObject({
    message: expect.stringMatching(/^FUNCTION_FAILED: .*no card/),
    outputs: { payload: { errorMessage: 'no card' } },
  });
});

test('no step puts an event in the name of Pipecall', async () => {
  const inputs = { event_bus: 'orders', source: 'pipecall', detail_type: 'Pipeline Run Status Change', detail: {} };
  const path = await engine.start(define('put-events', inputs));
  await engine.finish(path);
  expect((await stepOf(path))?.message).toMatch(/^INVALID_REQUEST: .*'pipecall'/);
  expect(aws.requests).toEqual([]);
});

test('an event of a run that events started says how many', async () => {
  const inputs = { event_bus: 'orders', source: 'acme.shop', detail_type: 'Shipped', resources: ['a'] };
  const path = await engine.start(define('put-events', inputs), {}, 3_600, { eventDepth: 3 });
  await engine.finish(path);
  expect(await stepOf(path)).toMatchObject({ status: 'succeeded' });
  expect(aws.requests.at(-1)?.input).toMatchObject({ Entries: [{ Resources: ['a', 'pipecall:event-depth/3'] }] });
});

test('a secret in the inputs reaches AWS and nothing that can be seen', async () => {
  const secret = 'open-sesame-4711';
  aws.functionAnswers({ payload: JSON.stringify({ echo: secret }) });
  // Who the run acts as may read secrets.
  await putSubject(engine.table, { id: 'u', type: 'user', name: 'U', createdAt: 0 });
  await putRole(engine.table, 'u', { scope: 'org', org: 'demo', role: 'member' }, 0);
  await putRole(engine.table, 'u', { scope: 'app', org: 'demo', app: 'hello', role: 'developer' }, 0);
  const sealed = await vault.seal({ org: 'demo', app: 'hello' }, secret);
  const path = await engine.start(
    define(
      'invoke-lambda',
      { function_name: 'charge', payload: { word: '${{ inputs.word }}' } },
      '',
      '{ inputs: { word: { type: string, secret: true } } }',
    ),
    { word: '***' },
    3_600,
    { sealedInputs: { word: sealed } },
  );
  await engine.finish(path);
  expect(await stepOf(path)).toMatchObject({ status: 'succeeded', outputs: { payload: { echo: '***' } } });
  expect(aws.requests.at(-1)?.input).toMatchObject({ payload: { word: secret } });
  expect(JSON.stringify(await visible(engine, path))).not.toContain(secret);
});

describe.each(waitingCases)('$action that waits', (given: WaitingCase) => {
  const { action, inputs, event, good, bad, failure, stop, stopped } = given;

  test('it parks, the event wakes it, and it is over', async () => {
    const path = await engine.start(define(action, inputs));
    const next = await engine.turn(path);
    expect(next).toMatchObject({ next: 'park', seconds: 300 });
    const arn = onlyJob();
    expect((await engine.run(path)).waitingFor).toEqual({ a: `aws/${action}(${arn})` });
    aws.finish(arn, ...good);
    expect(await onStatus(event(arn))).toBe('told');
    // Signalled, it goes on without time passing.
    expect((await engine.run(path)).signal).toBe(1);
    expect(await engine.turn(path)).toEqual({ next: 'done' });
    expect(await stepOf(path)).toMatchObject({ status: 'succeeded', outputs: given.outputs(arn) });
    expect(await onStatus(event(arn))).toBe('nobody');
  });

  test('an event that came before the wait was noted is not missed', async () => {
    aws.onAnswer(async operation => {
      if (operation !== given.start) return;
      const arn = onlyJob();
      aws.finish(arn, ...good);
      expect(await onStatus(event(arn))).toBe('nobody');
    });
    const path = await engine.start(define(action, inputs));
    expect(await engine.turn(path)).toEqual({ next: 'done' });
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  });

  test('an event that never comes is made up for by a look', async () => {
    const path = await engine.start(define(action, inputs));
    await engine.finish(path, turn => turn === 2 && aws.finish(onlyJob(), ...good));
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  });

  test('it fails with its code', async () => {
    const path = await engine.start(define(action, inputs));
    await engine.finish(path, () => aws.finish(onlyJob(), ...bad));
    expect((await stepOf(path))?.message).toMatch(failure);
  });

  test('without wait the step ends with the start', async () => {
    const path = await engine.start(define(action, { ...inputs, wait: false }));
    expect(await engine.turn(path)).toEqual({ next: 'done' });
    expect(await stepOf(path)).toMatchObject({ status: 'succeeded' });
    expect(aws.operations()).toEqual(['sts:AssumeRole', given.start]);
  });

  test('its time is over: it is stopped', async () => {
    const path = await engine.start(define(action, inputs, ', timeout-minutes: 3'));
    await engine.finish(path);
    expect((await stepOf(path))?.message).toMatch(/^TIMEOUT/);
    expect([aws.operations().filter(name => name === stop).length, aws.jobs.get(onlyJob())?.status]).toEqual([
      1,
      stopped,
    ]);
  });

  test('cancelled while it is parked, it is stopped', async () => {
    const path = await engine.start(define(action, inputs));
    await engine.finish(path, turn => (turn === 0 ? engine.cancel(path) : undefined));
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
    expect(aws.jobs.get(onlyJob())?.status).toBe(stopped);
  });

  test('cancelled while the start is in flight: its late answer says what to stop', async () => {
    aws.onAnswer(async operation => {
      if (operation === given.start) await engine.cancel(path);
    });
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect(await engine.run(path)).toMatchObject({ status: 'cancelled' });
    expect(aws.jobs.get(onlyJob())?.status).toBe(stopped);
  });

  test.each([0, 1, 2, 3, 4, 5])(
    'a worker that dies after %i writes is succeeded by one that starts no other',
    async writes => {
      const path = await engine.start(define(action, inputs));
      await orDies(engine.turn(path, { table: dyingAfter(engine.table, writes) }));
      await engine.turn(path);
      const arn = onlyJob();
      aws.finish(arn, ...good);
      expect(await onStatus(event(arn))).toBe('told');
      expect(await engine.turn(path)).toEqual({ next: 'done' });
      expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
    },
  );

  test('AWS in trouble for a while is waited out, at the start and later', async () => {
    aws.fail(given.start, { status: 500, type: 'InternalFailure', times: 2 });
    aws.fail(given.look, { status: 400, type: 'ThrottlingException', times: 2 });
    const path = await engine.start(define(action, inputs));
    await engine.finish(path, turn => turn > 3 && aws.finish(onlyJob(), ...good));
    expect(await engine.run(path)).toMatchObject({ status: 'succeeded' });
  });

  test('AWS in trouble for long fails it', async () => {
    aws.fail(given.start, { status: 503, type: 'ServiceUnavailable', times: 1_000 });
    const path = await engine.start(define(action, inputs));
    await engine.finish(path);
    expect((await stepOf(path))?.message).toMatch(/^AWS_ERROR/);
  });
});
