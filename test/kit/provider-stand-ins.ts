import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Invoke } from '../../src/actions/registered.ts';
import { createInvoke } from '../../src/aws/invoke.ts';
import type { ProviderRow } from '../fixtures/actions/provider-rows.ts';
import { createGithub } from './stand-in-github.ts';
import { createGitlab } from './stand-in-gitlab.ts';
import { Ended, startLambda } from './stand-in-lambda.ts';
import { createOrchestratorStandIn, type OrchestratorStandIn } from './stand-in-orchestrator.ts';

/** Who a step speaks with, and what a test has to know of them. */
export type Opposite = {
  readonly origin: string;
  /** How often what the step asks for was done. */
  readonly made: () => number;
  /** How often it was ended because somebody asked for that. */
  readonly ended: () => number;
  /** All that arrived, as JSON. */
  readonly received: () => string;
  readonly invoke: Invoke['invoke'];
  /** Resolves when a request arrived that is never answered. */
  readonly held: Promise<void>;
  close(): Promise<void>;
};

export const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:work';

export async function openOpposite(row: ProviderRow, now: () => number): Promise<Opposite> {
  const [, family, name = ''] = /^actions\/(\w+)\/([\w-]+)@/.exec(row.action) ?? [];
  if (family === 'acme') return lambda(row);
  if (name === 'github-workflow') {
    const { runs, cancelled, ...server } = await createGithub({ ...row.github, now });
    return asOpposite(
      server,
      () => runs.filter(({ id }) => id >= 1_000).length,
      () => cancelled().length,
    );
  }
  if (name === 'gitlab-pipeline') {
    const { pipelines, cancelled, ...server } = await createGitlab({ ...row.gitlab, now });
    return asOpposite(
      server,
      () => pipelines.filter(({ id }) => id >= 100).length,
      () => cancelled().length,
    );
  }
  const server = await createOrchestratorStandIn({ ...row.orchestrator, now });
  const made = MADE[name] ?? (() => 0);
  return asOpposite(
    server,
    () => made(server),
    () => 0,
  );
}

/** What each action leaves at the orchestrator; those that are missing only read. */
const MADE: Readonly<Record<string, (server: OrchestratorStandIn) => number>> = {
  'create-delta': ({ deltas }) => deltas.length,
  // Two are there from the start.
  apply: ({ sets }) => sets.size - 2,
  deploy: ({ deployments }) => deployments.length,
  'create-environment': ({ environments }) => environments.size - 2,
  'delete-environment': ({ environments }) =>
    [...environments.values()].filter(({ deletedAt }) => deletedAt !== undefined).length,
};

type Server = Pick<OrchestratorStandIn, 'origin' | 'requests' | 'close'>;

const asOpposite = (server: Server, made: () => number, ended: () => number): Opposite => ({
  origin: server.origin,
  made,
  ended,
  received: () => JSON.stringify(server.requests),
  invoke: () => Promise.reject(new Error('this test has no targets')),
  held: new Promise(() => undefined),
  close: server.close,
});

/** A function of a registered action; those that never answer end with the test. */
async function lambda({ answers = [{ outputs: { id: 'm-1' } }], refusal }: ProviderRow): Promise<Opposite> {
  const closing = new AbortController();
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  let call = -1;
  const { calls, url, trouble, close } = await startLambda({
    work: event => {
      call = Math.min(call + 1, answers.length - 1);
      const answer = answers[call];
      const told = JSON.stringify(event);
      switch (answer) {
        case 'throws':
          throw new Error(`it is broken: ${told}`);
        case 'timed out':
          throw new Ended('Sandbox.Timedout', 'Task timed out after 3.00 seconds');
        case 'echoes':
          return { outputs: { id: `got ${told}` } };
        case 'too much':
          return { outputs: { id: 'x'.repeat(300_000) } };
        case 'never':
          hold();
          return new Promise(resolve => closing.signal.addEventListener('abort', resolve));
        default:
          return answer;
      }
    },
  });
  if (refusal !== undefined) trouble(...refusal);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new LambdaClient({ endpoint: url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  const sign = ({ event }: (typeof calls)[number]) => (event as { readonly step_id: string }).step_id; // as: what the action sends
  return {
    origin: url,
    // A function that is called again is told so by the same sign.
    made: () => new Set(calls.map(sign)).size,
    ended: () => 0,
    received: () => JSON.stringify(calls),
    invoke: createInvoke({ client }).invoke,
    held,
    async close() {
      closing.abort();
      client.destroy();
      await close();
    },
  };
}
