import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordCalls } from './record-calls.ts';
import { resourcesOf, type Template } from './synthesize.ts';

export type BundledFunction = {
  /** The version of Node that it runs in. */
  readonly node: string;
  /** Rejects when the process ends, with what it said. One event at a time. */
  call(event: unknown): Promise<unknown>;
  /** What it called of AWS so far, as IAM says it: `dynamodb:GetItem`. */
  calls(): readonly string[];
  /** What it wrote so far, where that is JSON: its log. It may be a moment behind. */
  lines(): readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
};

export type Surroundings = {
  readonly folder: string;
  readonly template: Template;
  /** What CloudFormation fills in, by what stands for it in a readable template. */
  readonly filledIn: Readonly<Record<string, string>>;
  readonly endpoints: {
    readonly dynamoDb: string;
    readonly stepFunctions: string;
    readonly kms: string;
    readonly eventBridge: string;
  };
};

type LambdaProperties = {
  readonly Code: { readonly S3Key: string };
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
};

const CALLER = fileURLToPath(new URL('./call-handler.ts', import.meta.url));

/** A function of the stack, from its asset, in a process that has what the stack gives it, a region and credentials. */
export async function openFunction(name: string, around: Surroundings): Promise<BundledFunction> {
  const { Code, Timeout, Environment } = propertiesOf(around.template, name);
  const dynamoDb = await recordCalls(around.endpoints.dynamoDb, 'dynamodb');
  const stepFunctions = await recordCalls(around.endpoints.stepFunctions, 'states');
  const kms = await recordCalls(around.endpoints.kms, 'kms');
  const eventBridge = await recordCalls(around.endpoints.eventBridge, 'events');
  const bundle = join(assetFolder(around.folder, Code.S3Key), 'index.mjs');
  const child = fork(CALLER, [bundle, String(Timeout * 1_000)], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...fillIn(Environment.Variables, around.filledIn),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_ENDPOINT_URL_SFN: stepFunctions.url,
      AWS_ENDPOINT_URL_KMS: kms.url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.url,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  }
  const gone = once(child, 'close').then(([code, signal]) => {
    throw new Error(`${name} ended with ${code ?? signal}:\n${said}`);
  });
  // Whoever waits for an answer hears of it; at the end nobody does.
  gone.catch(() => undefined);
  const next = async <T>() => {
    const [message] = await Promise.race([once(child, 'message'), gone]);
    return message as T; // as: of call-handler.ts
  };
  const { ready } = await next<{ readonly ready: string }>();
  return {
    node: ready,
    async call(event) {
      child.send({ event });
      return (await next<{ readonly answer: unknown }>()).answer;
    },
    calls: () => [...dynamoDb.calls, ...stepFunctions.calls, ...kms.calls, ...eventBridge.calls].toSorted(),
    lines: () =>
      said.split('\n').flatMap(line => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : [])),
    async close() {
      child.kill();
      await gone.catch(() => undefined);
      await Promise.all([dynamoDb.close(), stepFunctions.close(), kms.close(), eventBridge.close()]);
    },
  };
}

export function propertiesOf(template: Template, name: string): LambdaProperties {
  const properties = resourcesOf(template, 'AWS::Lambda::Function')[name];
  if (properties === undefined) throw new Error(`the stack has no function ${name}`);
  return properties as LambdaProperties; // as: what CloudFormation knows of a function
}

/** `<hash>.zip` is made of the folder `asset.<hash>`. */
export const assetFolder = (folder: string, key: string) => join(folder, `asset.${key.replace('.zip', '')}`);

function fillIn(variables: Readonly<Record<string, string>>, filledIn: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(variables).map(([name, text]) => {
      const value = Object.entries(filledIn).reduce((all, [from, to]) => all.replaceAll(from, to), text);
      if (value.includes('<')) throw new Error(`the test does not say what stands for ${value} in ${name}`);
      return [name, value];
    }),
  );
}
