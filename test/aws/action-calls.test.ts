import { expect, test } from 'vitest';
import { createActionCalls } from '../../src/aws/action-calls.ts';
import { refusalBy } from '../../src/aws/actions/attempt.ts';
import { sessionName, stepToken } from '../../src/aws/actions/step-token.ts';
import {
  executionArnOf,
  functionArn,
  isAllowed,
  named,
  queueArn,
  taskDefinitionArn,
} from '../../src/aws/actions/targets.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { allowedTargets, namedTargets } from '../fixtures/actions/aws-targets.ts';
import { startAws } from '../kit/stand-in-aws.ts';

const HOME = { partition: 'aws', region: 'us-east-1', account: '111122223333' };
const RUN = '01890a5d-ac96-774b-bcce-b302099a8057';

test.each(allowedTargets)('of %j, %s: %s', (patterns, arn, allowed) => expect(isAllowed(patterns, arn)).toBe(allowed));

test('a pattern is judged on any text, and would never come to an end if it took back every guess', () => {
  const stars = `arn:aws:sqs:us-east-1:1:${'*a'.repeat(40)}`;
  expect(isAllowed([stars], `arn:aws:sqs:us-east-1:1:${'a'.repeat(5_000)}b`)).toBe(false);
});

test.each(namedTargets)('the %s %s is %s', (kind, text, arn) => {
  const read = {
    function: () => functionArn(HOME, text),
    queue: () => queueArn(HOME, text),
    task: () => taskDefinitionArn(HOME, text),
    cluster: () => named(HOME, 'ecs', 'cluster', text),
  };
  expect(read[kind]()).toBe(arn);
});

test('an execution belongs to the machine, whatever version or alias started it', () => {
  const machine = 'arn:aws:states:us-east-1:1:stateMachine:ship';
  for (const started of [machine, `${machine}:live`]) {
    expect(executionArnOf(started, 'x')).toBe('arn:aws:states:us-east-1:1:execution:ship:x');
  }
});

test('tokens and names of sessions keep to their limits and tell attempts apart', () => {
  const long = `${RUN}/${'j'.repeat(60)}/${'s'.repeat(60)}`;
  const ids = [`${RUN}/a/it/1`, `${RUN}/a/it/2`, `${long}/1`, `${long}/2`];
  expect(new Set(ids.map(stepToken)).size).toBe(4);
  expect(new Set(ids.map(sessionName)).size).toBe(4);
  for (const id of ids) {
    expect(stepToken(id)).toMatch(/^pipecall-[\w-]{1,55}$/);
    expect(sessionName(id)).toMatch(/^[\w+=,.@-]{2,64}$/);
  }
});

test('a bug of ours is no answer of AWS', () => {
  expect(refusalBy('SQS', new TypeError('x is undefined'))).toBeUndefined();
  expect(refusalBy('SQS', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toMatchObject({
    code: 'AWS_ERROR',
    passing: true,
  });
});

const ROLE = 'arn:aws:iam::111122223333:role/actions';
const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:jobs';
const message = { queue: 'jobs', body: 'x', attributes: {} };
const signal = new AbortController().signal;

const reaching = (endpoint: string, now: () => number = systemClock.now) =>
  createActionCalls({
    roleArn: ROLE,
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
    allowed: [QUEUE],
    lookAgain: 1,
    attempts: 1,
    clock: { now },
  });

test('a session belongs to one step, and is used until shortly before its end', async () => {
  const aws = await startAws(ROLE);
  let later = 0;
  const calls = reaching(aws.url, () => Date.now() + later);
  const assumed = () => aws.operations().filter(name => name === 'sts:AssumeRole').length;
  const send = async (stepId: string) => {
    expect(await calls.sendMessage({ stepId, signal }, message)).toMatchObject({ ok: true });
    return assumed();
  };
  expect([await send('one/a/b/1'), await send('one/a/b/1'), await send('one/a/b/2')]).toEqual([1, 1, 2]);
  later = 841_000;
  expect(await send('one/a/b/2')).toBe(3);
  await aws.close();
});

test('a role that may not be assumed, and an AWS that is not there, are answers', async () => {
  const aws = await startAws('arn:aws:iam::111122223333:role/another');
  const refused = await reaching(aws.url).sendMessage({ stepId: 'one/a/b/1', signal }, message);
  expect(refused).toMatchObject({ ok: false, code: 'ACCESS_DENIED' });
  await aws.close();
  const absent = await reaching(aws.url).sendMessage({ stepId: 'one/a/b/1', signal }, message);
  expect(absent).toMatchObject({ ok: false, code: 'AWS_ERROR', passing: true });
});

test('the credentials of a queue go nowhere but to SQS', async () => {
  const calls = reaching('http://127.0.0.1:9');
  const queue = 'https://evil.example/111122223333/jobs';
  expect(await calls.sendMessage({ stepId: 'one/a/b/1', signal }, { ...message, queue })).toMatchObject({
    ok: false,
    code: 'INVALID_REQUEST',
  });
});
