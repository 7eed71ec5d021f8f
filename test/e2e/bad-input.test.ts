import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, type LocalServer, startLocalServer, temporaryFolder } from '../kit/local-server.ts';
import { type PipecallClient, pipecallClient } from '../kit/pipecall-client.ts';

const YAML = { 'content-type': 'application/x-yaml' };
const JSON_TYPE = { 'content-type': 'application/json' };

const TYPED = `id: typed
name: Typed
on:
  pipeline_call:
    inputs:
      count: { type: integer, required: true }
jobs:
  a:
    steps:
      - uses: actions/humanitec/log@v1
        with: { message: "\${{ inputs.count }}" }
`;

type Case = {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly error: string;
  /** Must be said, in the message or the details. */
  readonly says: readonly string[];
};

const CASES: readonly Case[] = [
  {
    title: 'malformed YAML',
    method: 'POST',
    path: '/pipelines',
    headers: YAML,
    body: 'name: [unclosed\non: {}\n',
    status: 400,
    error: 'INVALID_DEFINITION',
    says: ['line'],
  },
  {
    title: 'an unknown key',
    method: 'POST',
    path: '/pipelines',
    headers: YAML,
    body: TYPED.replace('    steps:', '    step:'),
    status: 400,
    error: 'INVALID_DEFINITION',
    says: ['jobs.a', 'steps', '"line":9', '"column":5'],
  },
  {
    title: 'a cycle',
    method: 'POST',
    path: '/pipelines',
    headers: YAML,
    body: `name: Cycle\non: { pipeline_call: {} }\njobs:\n  a: { needs: b, steps: [{ uses: actions/humanitec/log@v1, with: { message: a } }] }\n  b: { needs: a, steps: [{ uses: actions/humanitec/log@v1, with: { message: b } }] }\n`,
    status: 400,
    error: 'INVALID_DEFINITION',
    says: ['`a` needs `b` needs `a`', '"line":5'],
  },
  {
    title: 'a missing input',
    method: 'POST',
    path: '/pipelines/typed/runs',
    headers: JSON_TYPE,
    body: '{"inputs":{}}',
    status: 400,
    error: 'INVALID_INPUTS',
    says: ['count', 'required'],
  },
  {
    title: 'an ill-typed input',
    method: 'POST',
    path: '/pipelines/typed/runs',
    headers: JSON_TYPE,
    body: '{"inputs":{"count":"many"}}',
    status: 400,
    error: 'INVALID_INPUTS',
    says: ['count', 'integer'],
  },
  {
    title: 'an unknown input',
    method: 'POST',
    path: '/pipelines/typed/runs',
    headers: JSON_TYPE,
    body: '{"inputs":{"count":1,"cuont":2}}',
    status: 400,
    error: 'INVALID_INPUTS',
    says: ['cuont'],
  },
  {
    title: 'an unknown pipeline',
    method: 'POST',
    path: '/pipelines/nobody/runs',
    headers: JSON_TYPE,
    body: '{"inputs":{}}',
    status: 404,
    error: 'NOT_FOUND',
    says: [],
  },
  {
    title: 'no token',
    method: 'GET',
    path: '/pipelines',
    headers: { authorization: '' },
    status: 401,
    error: 'UNAUTHENTICATED',
    says: ['Bearer'],
  },
  {
    title: 'a wrong token',
    method: 'GET',
    path: '/pipelines',
    headers: { authorization: 'Bearer pcl_wrong' },
    status: 401,
    error: 'UNAUTHENTICATED',
    says: [],
  },
  {
    title: 'a body of 300 KiB',
    method: 'POST',
    path: '/pipelines',
    headers: YAML,
    body: `name: ${'x'.repeat(300 * 1_024)}`,
    status: 413,
    error: 'BODY_TOO_LARGE',
    says: ['262144'],
  },
  {
    title: 'a body that is no JSON',
    method: 'POST',
    path: '/pipelines/typed/runs',
    headers: JSON_TYPE,
    body: '{"inputs":',
    status: 422,
    error: 'INVALID_BODY',
    says: ['JSON'],
  },
];

describe.each([
  { mode: 'embedded', args: [] },
  { mode: 'sdk', args: ['--sdk'] },
])('bad input, $mode', ({ args }) => {
  let data: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: LocalServer;
  let client: PipecallClient;

  beforeAll(async () => {
    data = await temporaryFolder();
    server = await startLocalServer({ data: data.path, args });
    client = pipecallClient(server.url, ADMIN_TOKEN);
    expect((await client.upload(TYPED)).status).toBe(201);
  });

  afterAll(async () => {
    await server.stop('SIGTERM');
    await data.remove();
  });

  it.each(CASES)('$title: $status', async ({ method, path, body, headers, status, error, says }) => {
    const answer = await client.send(method, `${client.app}${path}`, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, message: expect.any(String) });
    for (const words of says) expect(JSON.stringify(answer.body)).toContain(words);
    // The server goes on.
    expect(await client.finish('typed', { count: 1 })).toMatchObject({ status: 'succeeded' });
  });
});
