import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** One request of the SDK, as the service behind it sees it. */
export type AwsRequest = {
  /** As IAM says it: `states:StartExecution`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
  readonly accessKeyId: string;
  /** Of whose session: the name that AssumeRole was given; absent: of nobody's. */
  readonly session?: string;
};

export type Fault = {
  readonly status: number;
  readonly type: string;
  readonly message?: string;
  readonly times?: number;
};

type Job = { input: Readonly<Record<string, unknown>>; token: string; status: string; more: Record<string, unknown> };

export type AwsStandIn = {
  readonly url: string;
  readonly requests: readonly AwsRequest[];
  /** Executions, tasks and builds by their ARNs. */
  readonly jobs: ReadonlyMap<string, Job>;
  /** What it comes to. */
  finish(arn: string, status: string, more?: Record<string, unknown>): void;
  /** What a Lambda function answers; `error`: it failed. */
  functionAnswers(answer: { readonly payload: string; readonly error?: string }): void;
  /** The next requests of this operation fail. */
  fail(operation: string, fault: Fault): void;
  /** Called when a request was carried out, before it is answered. */
  onAnswer(listener: (operation: string) => void | Promise<void>): void;
  operations(): readonly string[];
  close(): Promise<void>;
};

class Refused extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message ?? fault.type);
    this.fault = fault;
  }
}

const ACCOUNT = '000000000000';
const SERVICES: Readonly<Record<string, string>> = {
  AWSStepFunctions: 'states',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  CodeBuild_20161006: 'codebuild',
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
};

/**
 * The operations of AWS that actions use, on a free loopback port, over the protocols that the SDK speaks to them. Each
 * request must be signed for its service; all but AssumeRole with the credentials of a session that AssumeRole gave out.
 */
export async function startAws(roleArn: string): Promise<AwsStandIn> {
  const requests: AwsRequest[] = [];
  const jobs = new Map<string, Job>();
  const sessions = new Map<string, { readonly name: string; readonly token: string }>();
  const faults: { readonly operation: string; readonly fault: Fault; left: number }[] = [];
  let lambda: { readonly payload: string; readonly error?: string } = { payload: 'null' };
  let listener: (operation: string) => void | Promise<void> = () => undefined;

  const start = (arn: string, token: string, status: string, input: AwsRequest['input']): [string, Job] => {
    for (const [known, job] of jobs) if (job.token === token) return [known, job];
    const job: Job = { input, token, status, more: {} };
    jobs.set(arn, job);
    return [arn, job];
  };
  const jobOf = (arn: unknown, type: string): Job => {
    const job = jobs.get(String(arn));
    if (job === undefined) throw new Refused({ status: 400, type, message: `there is no ${arn}` });
    return job;
  };

  const operations: Readonly<Record<string, (input: Readonly<Record<string, unknown>>, region: string) => unknown>> = {
    'sts:AssumeRole'({ RoleArn, RoleSessionName, DurationSeconds }) {
      if (RoleArn !== roleArn) throw new Refused({ status: 403, type: 'AccessDenied', message: 'not that role' });
      if (!/^[\w+=,.@-]{2,64}$/.test(String(RoleSessionName)))
        throw new Refused({ status: 400, type: 'ValidationError' });
      const id = `ASIA${String(sessions.size).padStart(16, '0')}`;
      const token = randomUUID();
      sessions.set(id, { name: String(RoleSessionName), token });
      const expiration = new Date(Date.now() + Number(DurationSeconds) * 1_000).toISOString();
      return xml(
        'AssumeRole',
        `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${token}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${expiration}</Expiration></Credentials>`,
      );
    },
    'lambda:InvokeFunction': () => lambda,
    'states:StartExecution'(input) {
      const { stateMachineArn, name } = input;
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(String(name))) throw new Refused({ status: 400, type: 'InvalidName' });
      const [arn, job] = start(
        `${String(stateMachineArn).replace(':stateMachine:', ':execution:')}:${name}`,
        String(name),
        'RUNNING',
        input,
      );
      if (job.status !== 'RUNNING') throw new Refused({ status: 400, type: 'ExecutionAlreadyExists' });
      return { executionArn: arn, startDate: 1_700_000_000 };
    },
    'states:DescribeExecution'({ executionArn }) {
      const { status, more } = jobOf(executionArn, 'ExecutionDoesNotExist');
      return { executionArn, status, startDate: 1_700_000_000, ...more };
    },
    'states:StopExecution'({ executionArn, cause }) {
      const job = jobOf(executionArn, 'ExecutionDoesNotExist');
      Object.assign(job, { status: 'ABORTED', more: { cause } });
      return { stopDate: 1_700_000_000 };
    },
    'ecs:RunTask'(input, region) {
      const token = String(input.clientToken);
      if (token.length > 64) throw new Refused({ status: 400, type: 'InvalidParameterException' });
      const cluster = String(input.cluster).split('/').at(-1);
      const [arn] = start(`arn:aws:ecs:${region}:${ACCOUNT}:task/${cluster}/${hash(token)}`, token, 'PENDING', input);
      return { tasks: [{ taskArn: arn, lastStatus: 'PENDING' }], failures: [] };
    },
    'ecs:DescribeTasks'({ tasks = [] }) {
      const found = (tasks as string[]).flatMap(arn => {
        const job = jobs.get(arn);
        return job === undefined ? [] : [{ taskArn: arn, lastStatus: job.status, ...job.more }];
      });
      return { tasks: found, failures: [] };
    },
    'ecs:StopTask'({ task, reason }) {
      const job = jobOf(task, 'InvalidParameterException');
      Object.assign(job, { status: 'STOPPED', more: { stoppedReason: reason } });
      return { task: { taskArn: task } };
    },
    'codebuild:StartBuild'(input, region) {
      const token = String(input.idempotencyToken);
      const [arn] = start(
        `arn:aws:codebuild:${region}:${ACCOUNT}:build/${input.projectName}:${hash(token)}`,
        token,
        'IN_PROGRESS',
        input,
      );
      return { build: { id: arn.slice(arn.indexOf('/') + 1), arn, buildStatus: 'IN_PROGRESS' } };
    },
    'codebuild:BatchGetBuilds'({ ids = [] }) {
      const builds = [...jobs].flatMap(([arn, { status, more }]) =>
        (ids as string[]).includes(arn.slice(arn.indexOf('/') + 1)) ? [{ arn, buildStatus: status, ...more }] : [],
      );
      return { builds, buildsNotFound: [] };
    },
    'codebuild:StopBuild'({ id }) {
      const [, job] = [...jobs].find(([arn]) => arn.endsWith(`:build/${id}`)) ?? [];
      if (job === undefined) throw new Refused({ status: 400, type: 'ResourceNotFoundException' });
      job.status = 'STOPPED';
      return { build: {} };
    },
    'events:PutEvents': ({ Entries = [] }) => ({
      FailedEntryCount: 0,
      Entries: (Entries as unknown[]).map((_, index) => ({ EventId: `event-${index}` })),
    }),
    'sqs:SendMessage': ({ MessageBody }) => ({
      MessageId: 'message-1',
      MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex'),
    }),
    'sns:Publish': () => xml('Publish', '<MessageId>message-2</MessageId>'),
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const { service, operation, input } = await readRequest(request, body);
    const name = `${service}:${operation}`;
    try {
      const who = signerOf(request);
      const session = sessions.get(who.accessKeyId);
      requests.push({
        operation: name,
        input,
        region: who.region,
        accessKeyId: who.accessKeyId,
        ...(session === undefined ? {} : { session: session.name }),
      });
      if (who.service !== service) throw new Refused({ status: 403, type: 'SignatureDoesNotMatch' });
      const known = session !== undefined && request.headers['x-amz-security-token'] === session.token;
      if (known === (service === 'sts')) throw new Refused({ status: 403, type: 'UnrecognizedClientException' });
      const fault = faults.find(one => one.operation === name && one.left > 0);
      if (fault !== undefined) {
        fault.left -= 1;
        throw new Refused(fault.fault);
      }
      const perform = operations[name];
      if (perform === undefined) throw new Refused({ status: 400, type: 'UnknownOperationException', message: name });
      const answer = perform(input, who.region);
      await listener(name);
      if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/xml' }).end(answer);
      else if (service === 'lambda') {
        const { error } = lambda;
        const event = request.headers['x-amz-invocation-type'] === 'Event';
        response
          .writeHead(event ? 202 : 200, error === undefined ? {} : { 'x-amz-function-error': error })
          .end(event ? '' : lambda.payload);
      } else response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, type } = error.fault;
      const query = service === 'sts' || service === 'sns';
      response.writeHead(status, {
        'content-type': query ? 'text/xml' : 'application/x-amz-json-1.1',
        'x-amzn-errortype': type,
      });
      response.end(
        query
          ? `<ErrorResponse><Error><Type>Sender</Type><Code>${type}</Code><Message>${error.message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`
          : JSON.stringify({ __type: type, message: error.message }),
      );
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(error => response.destroy(error));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in for AWS has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    jobs,
    finish(arn, status, more = {}) {
      Object.assign(jobOf(arn, 'Unknown'), { status, more });
    },
    functionAnswers(answer) {
      lambda = answer;
    },
    fail(operation, fault) {
      faults.push({ operation, fault, left: fault.times ?? 1 });
    },
    onAnswer(wanted) {
      listener = wanted;
    },
    operations: () => requests.map(request => request.operation),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const hash = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 32);

const xml = (operation: string, content: string): string =>
  `<${operation}Response><${operation}Result>${content}</${operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${operation}Response>`;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
function signerOf(request: IncomingMessage): { accessKeyId: string; region: string; service: string } {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/;
  const [, accessKeyId, region, service] = form.exec(request.headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new Refused({ status: 403, type: 'MissingAuthenticationToken' });
  }
  return { accessKeyId, region, service };
}

type Read = { readonly service: string; readonly operation: string; readonly input: Readonly<Record<string, unknown>> };

async function readRequest(request: IncomingMessage, body: string): Promise<Read> {
  const [prefix = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (operation !== '') {
    return { service: SERVICES[prefix] ?? prefix, operation, input: JSON.parse(body) as Read['input'] }; // as: of the SDK
  }
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url ?? '') ?? [];
  if (name !== undefined) {
    const { 'x-amz-invocation-type': type, 'x-amz-client-context': context } = request.headers;
    const payload: unknown = body === '' ? null : JSON.parse(body);
    const input = { FunctionName: decodeURIComponent(name), type, context, payload };
    return { service: 'lambda', operation: 'InvokeFunction', input };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  const service = form.Version === '2011-06-15' ? 'sts' : form.Version === '2010-03-31' ? 'sns' : 'unknown';
  return { service, operation: form.Action ?? `${request.method} ${request.url}`, input: form };
}
