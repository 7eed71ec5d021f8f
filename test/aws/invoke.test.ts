import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, expect, test } from 'vitest';
import { assumeRole } from '../../src/aws/assume-role.ts';
import { createInvoke } from '../../src/aws/invoke.ts';
import type { Invoke, InvokeTarget } from '../../src/ports/invoke.ts';
import { invokeContract } from '../kit/invoke-contract.ts';
import { startStandIn } from '../kit/stand-in-http.ts';
import { Ended, type StandInLambda, startLambda } from '../kit/stand-in-lambda.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** As the modules of `test/fixtures/modules`. */
const FUNCTIONS = {
  echo: (request: unknown) => ({ outputs: { request } }),
  refuse: () => ({ error: { code: 'NO_SUCH_CHANNEL', message: 'no such channel' } }),
  throw: () => {
    throw new Error('it is broken');
  },
  quit: () => {
    throw new Ended('Runtime.ExitError', 'RequestId: 1 Error: Runtime exited with error: exit status 3');
  },
  late: () => {
    throw new Ended('Sandbox.Timedout', '2030-01-01T00:00:00Z 1 Task timed out after 3.00 seconds');
  },
  hang: () => new Promise(() => undefined),
  large: () => ({ outputs: { text: 'x'.repeat(300 * 1_024) } }),
};

async function open(): Promise<{ readonly invoke: Invoke; readonly lambda: StandInLambda }> {
  const lambda = await startLambda(FUNCTIONS);
  const client = new LambdaClient({ endpoint: lambda.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  opened.push(lambda, { close: () => client.destroy() });
  return { invoke: createInvoke({ client }), lambda };
}

const target = (name: string): InvokeTarget => ({
  kind: 'function',
  arn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
});
const wait = { signal: new AbortController().signal, mode: 'wait', timeout: 60_000 } as const;

invokeContract(async () => ({ invoke: (await open()).invoke, target }));

test.each([
  [400, 'InvalidRequestContentException', 'TARGET_FAILED'],
  [403, 'AccessDeniedException', 'TARGET_FORBIDDEN'],
  [413, 'RequestTooLargeException', 'TOO_LARGE'],
  [429, 'TooManyRequestsException', 'THROTTLED'],
  [500, 'ServiceException', 'UNAVAILABLE'],
  [502, 'ENILimitReachedException', 'UNAVAILABLE'],
])('%i %s: %s', async (status, type, code) => {
  const { invoke, lambda } = await open();
  lambda.trouble(status, type);
  expect(await invoke.invoke(target('echo'), {}, wait)).toMatchObject({ ok: false, code });
});

test('a function that timed out is told apart', async () => {
  const { invoke } = await open();
  expect(await invoke.invoke(target('late'), {}, wait)).toMatchObject({ ok: false, code: 'TIMEOUT' });
});

test('nobody there: it can be tried again', async () => {
  const { invoke, lambda } = await open();
  await lambda.close();
  expect(await invoke.invoke(target('echo'), {}, wait)).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
});

test('what is handed over is invoked as an event', async () => {
  const { invoke, lambda } = await open();
  await invoke.invoke(target('echo'), { a: 1 }, { ...wait, mode: 'hand over' });
  expect(lambda.calls).toEqual([{ name: 'echo', type: 'Event', event: { a: 1 } }]);
});

const ROLE = 'arn:aws:iam::123456789012:role/actions';
const answerOf = (inner: string): string =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>${inner}</AssumeRoleResult></AssumeRoleResponse>`;

test('the credentials of the role are those that STS gives out', async () => {
  const inner =
    '<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>' +
    '<Expiration>2030-01-01T00:15:00Z</Expiration></Credentials>';
  const server = await startStandIn({ 'POST /': { status: 200, text: answerOf(inner), type: 'text/xml' } });
  opened.push(server);
  const client = new STSClient({ endpoint: server.url, region: 'eu-west-1', credentials });
  expect(await assumeRole(client, ROLE)()).toEqual({
    accessKeyId: 'ASIA1',
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: new Date('2030-01-01T00:15:00Z'),
  });
  expect(new URLSearchParams(server.seen[0]?.body).get('RoleArn')).toBe(ROLE);
});
